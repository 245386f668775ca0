package org.mssbridge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.script.PacketScript;

/**
 * A file can hold very many of anything, and the work must not grow faster than n log n with any of
 * them: each kind is made in two sizes, and the steps of the whole program are counted.
 */
class GrowthTest {
  private static final int FEW = 500;
  private static final int MANY = 4 * FEW;

  /**
   * Four times as many may need a little more than four times the steps: a logarithm, a limit, one
   * more of the few rounds of pairing. What is quadratic needs sixteen times.
   */
  private static final double MOST = 6;

  private static final String POINTS =
      """
      point client snaplen 96
      point server snaplen 96
      between client server  delay 10ms  hops 3  clamp 1380

      """;
  private static final String CONNECTION =
      """
      connection c  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 handshake <mss 1460, nop, nop, sackok>
      """;

  private static final String FRAGMENTING = "between client server on c  nodf  fragment 80\n";

  private static final CountedProgram PROGRAM = new CountedProgram();

  @TempDir private Path folder;

  /** What a file can hold many of: some lines before, and one or more for each. */
  private record Kind(String name, String head, IntFunction<String> line) {
    String script(int n) {
      return POINTS
          + head
          + IntStream.range(0, n).mapToObj(line).collect(Collectors.joining("\n"))
          + "\n";
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Kind> kinds() {
    return List.of(
        new Kind(
            "syns",
            "",
            i -> connection(i, 1024 + i, 7777 * i) + time(i) + "c" + i + " c2s S 0:0 <mss 1460>"),
        new Kind(
            "connections",
            "",
            i -> connection(i, 1024 + i, 7777 * i) + time(i) + "handshake <mss 1460>"),
        new Kind(
            "mss values",
            "",
            i ->
                connection(i, 1024 + i, 7)
                    + time(i)
                    + "handshake <mss "
                    + (536 + 37 * i % 900)
                    + ">"),
        new Kind(
            "connections at one instant",
            "",
            i -> connection(i, 1024 + i, 7 * i) + "1.0 handshake <mss 1460>"),
        new Kind(
            "connections with one isn",
            "",
            i -> connection(i, 1024 + i, 7) + time(i) + "handshake <mss 1460>"),
        new Kind(
            "reused ports",
            "",
            i -> connection(i, 50001, 7_000_000 * i) + time(10 * i) + "handshake <mss 1460>"),
        new Kind(
            "equal requests",
            "",
            i -> connection(i, 1024 + i, 7) + time(i) + "c2s P. 1:100 ack 1 payload \"GET / \""),
        new Kind("segments", CONNECTION, i -> time(i) + "c2s P. " + range(i * 100, 100) + " ack 1"),
        new Kind(
            "segments backwards",
            CONNECTION,
            i -> time(i) + "c2s P. " + range((9999 - i) * 100, 100) + " ack 1"),
        new Kind(
            "lost segments",
            CONNECTION,
            i ->
                time(i)
                    + "c2s P. "
                    + range(i * 100, 100)
                    + " ack 1"
                    + (i % 2 == 0 ? "  lost" : "")),
        new Kind(
            "missed segments",
            CONNECTION,
            i ->
                time(i)
                    + ("c2s P. " + range(i * 100, 100) + " ack 1")
                    + (i % 2 == 0 ? "  missed at server" : "")
                    + ("\n+1ms s2c . 1 ack " + (i * 100 + 101))),
        new Kind(
            "late segments",
            CONNECTION,
            i ->
                time(i)
                    + "c2s P. "
                    + range(i * 100, 100)
                    + " ack 1  late "
                    + i * 7919 % 997
                    + "ms"),
        new Kind("retransmissions", CONNECTION, i -> time(i) + "c2s P. 1:101 ack 1  id 0"),
        new Kind(
            "retransmissions that arrive once",
            CONNECTION,
            i -> time(i) + "c2s P. 1:101 ack 1" + (i == 0 ? "" : "  lost")),
        new Kind(
            "surplus arrivals",
            CONNECTION,
            i -> time(i) + "c2s P. 1:101 ack 1" + (i == 0 ? "" : "  only at server")),
        new Kind(
            "overlapping segments",
            CONNECTION,
            i -> time(i) + "c2s P. " + range(i, 5000) + " ack 1"),
        new Kind(
            "cut segments",
            CONNECTION,
            i -> time(i) + "c2s P. " + range(i * 300, 300) + " ack 1  tso 100"),
        new Kind(
            "longer segments",
            CONNECTION,
            i ->
                time(i)
                    + ("c2s P. " + range(i * 100, 100) + " ack 1 id " + (i + 1))
                    + ("  at server seqshift " + i / 3)),
        new Kind(
            "fragments",
            CONNECTION + FRAGMENTING,
            i -> time(i) + "c2s P. " + range(i * 300, 300) + " ack 1"),
        new Kind(
            "fragments that the snapshot length cuts",
            CONNECTION + FRAGMENTING.replace("80", "220"),
            i -> time(i) + "c2s P. " + range(i * 300, 300) + " ack 1"),
        new Kind(
            "lost fragments",
            CONNECTION + FRAGMENTING,
            i -> time(i) + "c2s P. " + range(i * 300, 300) + " ack 1  lost fragment 2"),
        new Kind(
            "fragments of one id",
            CONNECTION + FRAGMENTING,
            i -> time(i) + "c2s P. " + range(i * 300, 300) + " ack 1  id 77  lost fragment 1"),
        new Kind(
            "fragments of one packet",
            CONNECTION + FRAGMENTING,
            i ->
                "\n%.4f c2s P. ".formatted(1 + i / 1e4)
                    + range(i * 300, 300)
                    + " ack 1  id 77  lost fragment 1"),
        new Kind("keep alives", CONNECTION, i -> time(i) + "c2s . 0:1 ack 1"),
        new Kind("equal acks", CONNECTION, i -> time(i) + "c2s . 1 ack 1"),
        new Kind(
            "sack blocks",
            CONNECTION + "between client server on c  isn +100000  sack untranslated\n",
            i -> time(i) + "s2c . 1 ack 1 <sack 50:60 70:80 " + (100 + i) + ":" + (110 + i) + ">"),
        new Kind(
            "tcp options",
            CONNECTION,
            i -> time(i) + "c2s . 1 ack 1 <" + "nop, ".repeat(39) + "nop>"),
        new Kind(
            "syn retransmissions",
            CONNECTION,
            i ->
                (time(i) + "c2s S 0:0 <mss " + (1460 - i % 900) + ">  id " + (1 + i))
                    + ("  at server id " + (60000 - i))),
        new Kind(
            "resets",
            CONNECTION,
            i ->
                time(i)
                    + "c2s R. "
                    + (1 + i)
                    + " ack 1  id "
                    + (1 + i)
                    + "  at server seqshift 100000"
                    + (" id " + (60000 - i))),
        new Kind(
            "forged resets",
            CONNECTION,
            i -> time(i) + "c2s R. " + (1 + i) + " ack 1  only at server ttl 250"),
        new Kind(
            "fins",
            CONNECTION,
            i ->
                time(i)
                    + "c2s F. "
                    + (1 + i)
                    + " ack 1  id "
                    + (1 + i)
                    + "  at server seqshift 100000"
                    + (" id " + (60000 - i))),
        new Kind(
            "too bigs of one connection",
            CONNECTION,
            i ->
                (time(i) + "c2s P. " + range(i * 1400, 1400) + " ack 1  lost  as p" + i)
                    + (time(i) + "too-big 1000 from 203.0.113.1 quoting p" + i)),
        new Kind(
            "too big senders",
            CONNECTION,
            i ->
                (time(i) + "c2s P. " + range(i * 1400, 1400) + " ack 1  lost  as p" + i)
                    + (time(i)
                        + "too-big 1000 from 10.1."
                        + i / 200
                        + "."
                        + i % 200
                        + " quoting p"
                        + i)),
        new Kind(
            "too bigs about reused ports",
            "",
            i ->
                (connection(i, 50001, 7_000_000 * i) + time(10 * i) + "handshake <mss 1460>")
                    + (time(10 * i) + "c2s P. 900000:901000 ack 1  nowhere  as p" + i)
                    + (time(10 * i)
                        + "too-big 900 from 203.0.113.1 quoting p"
                        + i
                        + " quote 28 at client")));
  }

  private static String connection(int number, int port, int isn) {
    return "connection c%d  192.0.2.10:%d -> 198.51.100.20:8443  isn %d %d\n"
        .formatted(number, port, isn, isn + 1_000_000);
  }

  private static String time(int i) {
    return "\n%d.%03d ".formatted(1 + i / 100, i % 100 * 10);
  }

  private static String range(int start, int bytes) {
    return (1 + start) + ":" + (1 + start + bytes);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void workGrowsWithTheFile(Kind kind) throws Exception {
    long few = steps(kind, FEW);
    long many = steps(kind, MANY);
    assertThat((double) many / few).as("steps for %d and %d", FEW, MANY).isLessThan(MOST);
  }

  private long steps(Kind kind, int n) throws IOException, ReflectiveOperationException {
    Path place = Files.createDirectories(folder.resolve("packets" + n));
    Map<String, Path> captures = PacketScript.parse(kind.script(n)).writeTo(place);
    return steps(captures, place);
  }

  /** Blocks of a pcapng file, by number. */
  private record Blocks(String name, IntFunction<byte[]> block) {
    private static final byte[] SECTION =
        block(0x0a0d0d0a, le(16).putInt(0x1a2b3c4d).putShort((short) 1).putLong(8, -1));

    private static byte[] interfaceOf(int snapLength) {
      return block(1, le(8).putShort((short) 1).putInt(4, snapLength));
    }

    private static ByteBuffer le(int bytes) {
      return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] block(int type, ByteBuffer content) {
      int bytes = content.capacity() + 12;
      return le(bytes).putInt(type).putInt(bytes).put(content.rewind()).putInt(bytes).array();
    }

    private static byte[] joined(byte[]... parts) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        all.writeBytes(part);
      }
      return all.toByteArray();
    }

    /** A section with many of them, in front of the sections of another file. */
    byte[] before(byte[] file, int n) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(joined(SECTION, interfaceOf(0)));
      IntStream.range(0, n).mapToObj(block).forEach(all::writeBytes);
      all.writeBytes(file);
      return all.toByteArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Blocks> blocks() {
    return List.of(
        new Blocks("interfaces", i -> Blocks.interfaceOf(1000 + i)),
        new Blocks("sections", i -> Blocks.joined(Blocks.SECTION, Blocks.interfaceOf(1000 + i))),
        new Blocks(
            "names", i -> Blocks.block(4, Blocks.le(16).putInt(8 << 16 | 1).putInt(i).putInt('h'))),
        new Blocks("statistics", i -> Blocks.block(5, Blocks.le(12).putInt(4, i))),
        new Blocks("custom blocks", i -> Blocks.block(0xbad, Blocks.le(8).putInt(32473).putInt(i))),
        new Blocks(
            "packets with foreign comments",
            i ->
                Blocks.block(
                    6,
                    Blocks.le(56)
                        .put(16, (byte) 0)
                        .putShort(20, (short) 1)
                        .putShort(22, (short) 32)
                        .put(24, "x [mssbridge/1 code=mss.clamped".getBytes(UTF_8)))));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void workGrowsWithTheBlocks(Blocks kind) throws Exception {
    long few = steps(kind, FEW);
    long many = steps(kind, MANY);
    assertThat((double) many / few).as("steps for %d and %d", FEW, MANY).isLessThan(MOST);
  }

  private long steps(Blocks kind, int n) throws IOException, ReflectiveOperationException {
    Path place = Files.createDirectories(folder.resolve("blocks" + n));
    String script = POINTS.replace("snaplen 96", "format pcapng") + CONNECTION;
    Map<String, Path> captures = PacketScript.parse(script).writeTo(place);
    for (Path capture : captures.values()) {
      Files.write(capture, kind.before(Files.readAllBytes(capture), n));
    }
    return steps(captures, place);
  }

  private static long steps(Map<String, Path> captures, Path place)
      throws ReflectiveOperationException {
    List<Object> arguments = new ArrayList<>(List.of("compare", "--quiet"));
    arguments.addAll(List.of(captures.get("client"), captures.get("server")));
    for (String sink :
        List.of("--json", "--ek", "--html", "--annotate", "--merged", "--packets", "--missing")) {
      arguments.addAll(List.of(sink, place.resolve("out" + sink + ".csv")));
    }
    return PROGRAM.steps(arguments.toArray());
  }
}
