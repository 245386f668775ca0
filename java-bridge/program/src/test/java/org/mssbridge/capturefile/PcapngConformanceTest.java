package org.mssbridge.capturefile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.capturefile.CaptureMaker.join;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of content that a pcapng file may have (draft-ietf-opsawg-pcapng, sections 3 and 4), in
 * both byte orders: a copy with comments loses none of it.
 */
class PcapngConformanceTest {
  private static final long NOON_US = 1_700_000_000_000_000L;

  /** The Private Enterprise Number for examples (RFC 5612). */
  private static final int EXAMPLE_PEN = 32473;

  private static final int ODD_BYTES = 41;

  @TempDir private Path folder;

  static Stream<Arguments> kinds() {
    Map<String, Consumer<CaptureMaker>> kinds = new LinkedHashMap<>();
    kinds.put("a section alone", file -> file.section(-1));
    kinds.put("an interface and no packet", file -> file.section(-1).ethernet());
    kinds.put("options of a section", PcapngConformanceTest::sectionOptions);
    kinds.put("options of an interface", PcapngConformanceTest::interfaceOptions);
    kinds.put("options of a packet", PcapngConformanceTest::packetOptions);
    kinds.put("interfaces amid packets", PcapngConformanceTest::lateInterfaces);
    kinds.put("a clock for each interface", PcapngConformanceTest::clocks);
    kinds.put("packets of no and of odd length", PcapngConformanceTest::lengths);
    kinds.put("simple packets cut short", PcapngConformanceTest::simplePackets);
    kinds.put("obsolete packets", PcapngConformanceTest::obsoletePackets);
    kinds.put("names", PcapngConformanceTest::names);
    kinds.put("statistics", PcapngConformanceTest::statistics);
    kinds.put("secrets", PcapngConformanceTest::secrets);
    kinds.put("custom, journal and unknown blocks", PcapngConformanceTest::otherBlocks);
    kinds.put("sections of either byte order", PcapngConformanceTest::sections);
    return kinds.entrySet().stream()
        .flatMap(
            kind ->
                Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                    .map(order -> Arguments.of(kind.getKey(), order, kind.getValue())));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("kinds")
  void nothingIsLost(String kind, ByteOrder order, Consumer<CaptureMaker> make) throws Exception {
    CaptureMaker file = new CaptureMaker().order(order);
    make.accept(file);
    Path input = Files.write(folder.resolve("input.pcapng"), file.bytes());

    assertThat(AnnotatedCaptureCheck.holds(input, folder.resolve("copy.pcapng")).complete())
        .isTrue();
  }

  private static byte[] text(CaptureMaker file, int code, String value) {
    return file.option(code, value.getBytes(US_ASCII));
  }

  /**
   * Custom options, to be copied and not to be copied, with text and with bytes; and an unknown
   * code.
   */
  private static byte[][] oddOptions(CaptureMaker file) {
    byte[] custom = Arrays.copyOf(file.ints(EXAMPLE_PEN), 7);
    return new byte[][] {
      file.option(2988, custom),
      file.option(2989, custom),
      file.option(19372, custom),
      file.option(19373, custom),
      text(file, 0x8123, "local"),
      text(file, 291, "x")
    };
  }

  private static void sectionOptions(CaptureMaker file) {
    byte[] fixed = join(file.ints(0x1A2B3C4D), file.shorts(1, 0), file.longs(-1));
    byte[] plain =
        join(
            text(file, 1, "first"),
            text(file, 1, "second [mssbridge/1 fake]"),
            text(file, 2, "hardware"),
            text(file, 3, "system"),
            text(file, 4, "program"));
    file.block(0x0A0D0D0A, fixed, plain, join(oddOptions(file)), file.endOfOptions());
    file.ethernet().packet(NOON_US);
    file.block(0x0A0D0D0A, fixed, plain).ethernet().packet(NOON_US + 1);
  }

  private static void interfaceOptions(CaptureMaker file) {
    file.section(-1)
        .ethernet(
            text(file, 1, "a comment"),
            text(file, 2, "eth0"),
            text(file, 3, "the first"),
            file.option(4, new byte[] {(byte) 192, 0, 2, 1, -1, -1, -1, 0}),
            file.option(5, new byte[17]),
            file.option(6, new byte[6]),
            file.option(7, new byte[8]),
            file.option(8, file.longs(1_000_000_000)),
            file.option(9, (byte) 6),
            file.option(10, file.ints(1)),
            file.option(11, join(new byte[1], "tcp port 80".getBytes(US_ASCII))),
            text(file, 12, "system"),
            file.option(13, (byte) 0),
            file.option(14, file.longs(0)),
            text(file, 15, "card"),
            join(oddOptions(file)),
            file.endOfOptions())
        .packet(NOON_US);
  }

  private static void packetOptions(CaptureMaker file) {
    byte[] known =
        join(
            text(file, 1, ""),
            text(file, 1, "kept"),
            file.option(2, file.ints(0x201)),
            file.option(3, new byte[] {2, 1, 2, 3, 4}),
            file.option(4, file.longs(7)),
            file.option(5, file.longs(8)),
            file.option(6, file.ints(3)),
            file.option(7, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 1}));
    byte[] odd = join(oddOptions(file));
    file.section(-1).ethernet();
    file.packet(NOON_US, known, odd, file.endOfOptions()).packet(NOON_US + 1, known, odd);
    file.packet(NOON_US + 2, file.endOfOptions()).packet(NOON_US + 3);
    file.packet(NOON_US + 4, odd, text(file, 1, "behind them"), file.endOfOptions(), file.ints(9));
  }

  private static void lateInterfaces(CaptureMaker file) {
    file.section(-1).ethernet().packet(NOON_US).ethernet().packetOn(1, NOON_US + 1);
    file.packet(NOON_US + 2).ethernet(file.option(9, (byte) 3)).packetOn(2, NOON_US / 1000);
    file.packetOn(1, NOON_US + 3).ethernet();
  }

  private static void clocks(CaptureMaker file) {
    long seconds = NOON_US / 1_000_000;
    file.section(-1);
    file.ethernet(file.option(9, (byte) 0)).ethernet(file.option(9, (byte) 9));
    file.ethernet(file.option(9, (byte) 0x8A)).ethernet(file.option(14, file.longs(-86_400)));
    file.ethernet(file.option(14, file.longs(seconds)), file.option(9, (byte) 3));
    for (int i = 0; i < 3; i++) {
      file.packetOn(0, seconds + i).packetOn(1, NOON_US * 1000 + i);
      file.packetOn(2, (seconds << 10) + i).packetOn(3, NOON_US + i).packetOn(4, 250 + i);
    }
  }

  private static void lengths(CaptureMaker file) {
    file.section(-1).ethernet();
    for (int bytes : new int[] {0, 1, ODD_BYTES, 42, 43, 44}) {
      byte[] data = Arrays.copyOf(CaptureMaker.SYN, bytes);
      byte[] stamp = file.ints(0, (int) (NOON_US >>> 32), (int) NOON_US);
      byte[] padded = Arrays.copyOf(data, (bytes + 3) & ~3);
      file.block(6, stamp, file.ints(bytes, CaptureMaker.SYN.length), padded);
    }
  }

  private static void simplePackets(CaptureMaker file) {
    file.section(-1).block(1, file.shorts(1, 0), file.ints(ODD_BYTES));
    byte[] cut = Arrays.copyOf(CaptureMaker.SYN, ODD_BYTES);
    file.packet(NOON_US).block(3, file.ints(CaptureMaker.SYN.length), cut);
    file.block(3, file.ints(ODD_BYTES - 1), Arrays.copyOf(cut, ODD_BYTES - 1));
    file.packet(NOON_US + 1);
  }

  private static void obsoletePackets(CaptureMaker file) {
    file.section(-1).ethernet().ethernet(file.option(9, (byte) 9));
    file.obsoletePacket(NOON_US).packet(NOON_US + 1);
    long nanos = NOON_US * 1000;
    byte[] fixed =
        join(
            file.shorts(1, 5),
            file.ints((int) (nanos >>> 32), (int) nanos, ODD_BYTES, CaptureMaker.SYN.length));
    byte[] data = Arrays.copyOf(CaptureMaker.SYN, ODD_BYTES + 3);
    file.block(2, fixed, data, file.option(2, file.ints(2)), file.comment("kept"));
  }

  private static void names(CaptureMaker file) {
    byte[] ipv4 = join(new byte[] {127, 0, 0, 1}, "a\0b.example\0".getBytes(US_ASCII));
    byte[] ipv6 = join(new byte[15], new byte[] {1}, "six\0".getBytes(US_ASCII));
    byte[] options =
        join(
            text(file, 1, "names"),
            text(file, 2, "dns.example"),
            file.option(3, new byte[] {127, 0, 0, 1}),
            file.option(4, new byte[16]),
            join(oddOptions(file)),
            file.endOfOptions());
    file.section(-1).block(4, file.option(1, ipv4), file.option(2, ipv6), new byte[4], options);
    file.ethernet().packet(NOON_US).block(4, file.option(1, ipv4), new byte[4]);
    file.packet(NOON_US + 1).block(4, new byte[4]);
  }

  private static void statistics(CaptureMaker file) {
    file.section(-1).ethernet().packet(NOON_US);
    byte[] fixed = file.ints(0, (int) (NOON_US >>> 32), (int) NOON_US);
    byte[] stamp = file.ints((int) (NOON_US >>> 32), (int) NOON_US);
    file.block(
        5,
        fixed,
        text(file, 1, "statistics"),
        file.option(2, stamp),
        file.option(3, stamp),
        file.option(4, file.longs(4)),
        file.option(5, file.longs(0)),
        file.option(6, file.longs(4)),
        file.option(7, file.longs(0)),
        file.option(8, file.longs(4)),
        join(oddOptions(file)),
        file.endOfOptions());
    file.packet(NOON_US + 1).block(5, fixed);
  }

  private static void secrets(CaptureMaker file) {
    byte[] keys = "CLIENT_RANDOM 00 11\n".getBytes(US_ASCII);
    file.section(-1).block(0x0A, file.ints(0x544C534B, keys.length), keys);
    file.ethernet().packet(NOON_US);
    byte[] guard = Arrays.copyOf("LOCAL_STATIC_PRIVATE_KEY=x\n".getBytes(US_ASCII), 28);
    file.block(0x0A, file.ints(0x57474B4C, 27), guard, text(file, 1, "c"), file.endOfOptions());
    file.packet(NOON_US + 1).block(0x0A, file.ints(0x7A717A71, 0));
  }

  private static void otherBlocks(CaptureMaker file) {
    byte[] data = "private data, of any length".getBytes(US_ASCII);
    file.section(-1).block(0x00000BAD, file.ints(EXAMPLE_PEN), data).ethernet();
    file.packet(NOON_US).block(0x40000BAD, file.ints(EXAMPLE_PEN), data);
    file.block(0x00000BAD, file.ints(EXAMPLE_PEN), new byte[4], text(file, 1, "of its own"));
    file.block(9, "__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=x\n".getBytes(US_ASCII));
    file.block(0x80000001, data).block(0x0000BEEF).packet(NOON_US + 1);
    file.block(7, file.ints(0)).block(8, new byte[5000]);
  }

  /** The stated length of a section does not include its own header. */
  private static void sections(CaptureMaker file) {
    int interfaceBytes = 20;
    int packetBytes = 32 + 56;
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      file.section(interfaceBytes + 2 * packetBytes).ethernet();
      file.packet(NOON_US).packet(NOON_US + 1);
      file.order(order).section(-1).ethernet(file.option(9, (byte) 9));
      file.packet(NOON_US * 1000).section(0).section(interfaceBytes).ethernet();
    }
  }
}
