package org.mssbridge.capturefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How the options of an interface, in any order, determine its times; the same as in tshark 4.0.
 */
class InterfaceDescriptionTest {
  private static final Strictness REFUSAL =
      what -> {
        throw new IllegalStateException(what);
      };

  private enum Order {
    LITTLE(ByteOrder.LITTLE_ENDIAN),
    BIG(ByteOrder.BIG_ENDIAN);

    private final ByteOrder bytes;

    Order(ByteOrder bytes) {
      this.bytes = bytes;
    }
  }

  /** Options such as {@code resolution=9}; a different length is given after a colon. */
  private static byte[] options(CaptureMaker made, String words) {
    List<byte[]> options =
        Arrays.stream(words.split(" ", -1))
            .map(
                word -> {
                  String[] parts = word.split("[=:]", -1);
                  byte[] value =
                      parts[0].equals("offset")
                          ? made.longs(Long.parseLong(parts[1]))
                          : new byte[] {(byte) Integer.parseInt(parts[1])};
                  byte[] cut =
                      parts.length < 3 ? value : Arrays.copyOf(value, Integer.parseInt(parts[2]));
                  return switch (parts[0]) {
                    case "resolution" -> made.option(9, cut);
                    case "fcs" -> made.option(13, cut);
                    case "offset" -> made.option(14, cut);
                    case "end" -> made.endOfOptions();
                    default -> throw new IllegalArgumentException(word);
                  };
                })
            .toList();
    return CaptureMaker.join(options.toArray(byte[][]::new));
  }

  private static InterfaceDescription read(Order order, String words, Strictness strictness)
      throws IOException {
    CaptureMaker made = new CaptureMaker().order(order.bytes).section(-1);
    made.ethernet(options(made, words)).packet(1_500_000_000);
    CaptureRecords records =
        CaptureRecords.of(new ByteArrayInputStream(made.bytes()), strictness).orElseThrow();
    while (records.next()) {
      if (records.isPacket()) {
        return records.seenOn;
      }
    }
    throw new AssertionError("there is a packet");
  }

  @ParameterizedTest
  @CsvSource({
    "end=0, 6, 0, -1",
    "resolution=9 offset=100, 9, 100, -1",
    "offset=100 resolution=9, 9, 100, -1",
    "offset=-5 fcs=4 resolution=3, 3, -5, 4",
    "fcs=4 resolution=3 offset=-5, 3, -5, 4",
    "resolution=3 end=0 offset=100, 3, 0, -1",
  })
  void optionsAreReadInAnyOrder(String words, int code, long offset_s, int fcsBits)
      throws IOException {
    for (Order order : Order.values()) {
      InterfaceDescription read = read(order, words, REFUSAL);
      assertThat(read.resolution()).isEqualTo(new TimeResolution(code, offset_s));
      assertThat(read.fcsBits()).isEqualTo(fcsBits);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "resolution=9 resolution=6, 9, 0",
    "offset=100 offset=200 resolution=9, 9, 100",
    "resolution=9:2, 6, 0",
    "resolution=3:2 resolution=9, 9, 0",
    "resolution=9:0, 6, 0",
    "offset=100:4 resolution=9, 9, 0",
  })
  void deviationsAreReadAsByTsharkOrRejected(String words, int code, long offset_s)
      throws IOException {
    for (Order order : Order.values()) {
      assertThat(read(order, words, Strictness.LIKE_TSHARK).resolution())
          .isEqualTo(new TimeResolution(code, offset_s));
      assertThatThrownBy(() -> read(order, words, REFUSAL))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timesAreExactOnlyIfAllVersionsOfTsharkAgree(Order order) throws IOException {
    assertThat(read(order, "resolution=9", REFUSAL).resolution().exactNanos(1_500_000_000))
        .isEqualTo(1_500_000_000);
    assertThat(read(order, "resolution=3", REFUSAL).resolution().exactNanos(1_500))
        .isEqualTo(1_500_000_000);
    for (String words : List.of("offset=1 resolution=9", "resolution=10", "resolution=-119")) {
      assertThat(read(order, words, REFUSAL).resolution().exactNanos(1_500))
          .isEqualTo(CaptureRecords.NO_TIME);
    }
    for (long ticks : List.of(-1L, 1L << 32, Long.MAX_VALUE, 18_446_744_074L)) {
      assertThat(read(order, "resolution=0", REFUSAL).resolution().exactNanos(ticks))
          .isEqualTo(CaptureRecords.NO_TIME);
    }
    assertThat(read(order, "resolution=0", REFUSAL).resolution().exactNanos((1L << 32) - 1))
        .isEqualTo(4_294_967_295_000_000_000L);
  }
}
