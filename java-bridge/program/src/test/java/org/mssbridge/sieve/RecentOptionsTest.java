package org.mssbridge.sieve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.mssbridge.model.TcpOptions;

/** Options are the same whether a list like theirs was read before or not. */
class RecentOptionsTest {
  private static final String[] OPTIONS = {
    "01",
    "020405b4",
    "02040218",
    "030307",
    "0402",
    "080a0000000100000002",
    "080affffffff12345678",
    "131200112233445566778899aabbccddeeff",
    "00",
  };

  private final RecentOptions recent = new RecentOptions();

  @Property
  void optionsAreThoseOfTheirList(
      @ForAll @Size(max = 20) List<@Size(max = 4) List<@IntRange(max = 8) Integer>> lists,
      @ForAll boolean whole,
      @ForAll @IntRange(max = 3) int start) {
    for (List<Integer> options : lists) {
      byte[] bytes = bytes(start, options);
      check(bytes, start, whole);
      check(bytes, start, !whole);
      check(bytes, start, whole);
    }
  }

  private static byte[] bytes(int start, List<Integer> options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[start]);
    boolean ends = false;
    for (int option : options) {
      ends |= option == OPTIONS.length - 1;
      bytes.writeBytes(HexFormat.of().parseHex(ends ? "00" : OPTIONS[option]));
    }
    return bytes.toByteArray();
  }

  private void check(byte[] bytes, int start, boolean whole) {
    int end = bytes.length;
    TcpOptions expected =
        new TcpOptions(
            OptionList.kinds(bytes, start, end),
            OptionList.mssValues(bytes, start, end),
            OptionList.windowScale(bytes, start, end),
            HexFormat.of().formatHex(bytes, start, end),
            whole);

    TcpOptions read = recent.of(bytes, start, end, whole);

    assertThat(OptionList.isProven(bytes, start, end)).isTrue();
    assertThat(read).isEqualTo(expected);
    assertThat(read.bytes()).isEqualTo(expected.bytes());
  }
}
