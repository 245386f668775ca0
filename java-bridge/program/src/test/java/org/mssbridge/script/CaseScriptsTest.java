package org.mssbridge.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.cli.Story;

/**
 * Every story in {@code cases} produces captures in which tshark finds no fault. It starts for each
 * of a thousand captures, so a quick run looks at a quarter of the stories.
 */
class CaseScriptsTest {
  private static final Path CASES = Story.FOLDER;

  static Stream<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files.sorted().toList().stream();
    }
  }

  static Stream<Path> looked() throws IOException {
    boolean every = Boolean.getBoolean("mssbridge.every.case");
    return scripts().filter(script -> every || script.getFileName().hashCode() % 4 == 0);
  }

  @ParameterizedTest
  @MethodSource("looked")
  void capturesAreValid(Path script, @TempDir Path directory) {
    PacketScript story = PacketScript.parse(script);

    story
        .writeTo(directory)
        .forEach(
            (point, capture) -> {
              assertThat(faultyFrames(capture))
                  .as("at %s", point)
                  .hasSize(wrongChecksums(script, point));
            });
  }

  /** How many frames have a checksum that a device spoilt, or that the adapter would complete. */
  private static int wrongChecksums(Path script, String point) {
    boolean isClient = point.equals("client");
    return switch (script.getFileName().toString()) {
      case "isn.rewritten-later.txt" -> 6;
      case "offload.txt" -> isClient ? 2 : 1;
      case "checksum.wrong.txt" -> isClient ? 7 : 13;
      case "checksum.wrong-ip.txt" -> isClient ? 5 : 10;
      // Packets given byte by byte, whose IP header has no checksum.
      case "capture.several-points-one-way.txt" -> 8;
      case "capture.several-points-wireguard.txt" -> 3;
      // tshark joins fragments of two packets, as a receiver would.
      case "path.fragmented-ties.txt" -> isClient ? 0 : 2;
      case "checksum.wrong-damaged.txt" -> isClient ? 5 : 3;
      case "checksum.wrong-stalled.txt" -> isClient ? 0 : 6;
      case "payload.modified-accepted.txt" -> isClient ? 1 : 3;
      default -> 0;
    };
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyStoryExpectsAndForbidsFindings(Path script) {
    List<Expectation> expectations = PacketScript.parse(script).expectations();

    assertThat(expectations).isNotEmpty();
    assertThat(expectations).anyMatch(Expectation::negated);
  }

  /**
   * The frames with faults. What ICMP errors quote does not count: it is only part of a segment,
   * and routers change it. Of QUIC, stories write headers only.
   */
  private static List<String> faultyFrames(Path capture) {
    assertThat(capture).isNotEmptyFile();
    String bad =
        "(_ws.malformed && !icmp && !quic) || (ip.checksum.status == 0 && !icmp) || udp.checksum.status == 0"
            + " || icmp.checksum.status == 0 || icmpv6.checksum.status == 0"
            + " || (tcp.checksum.status == 0 && !icmp && !icmpv6)";
    return TsharkText.fields(capture, bad, "frame.number");
  }
}
