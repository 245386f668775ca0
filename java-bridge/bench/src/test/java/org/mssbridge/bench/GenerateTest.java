package org.mssbridge.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generated captures are the same each time, and tshark finds real traffic in them. */
class GenerateTest {
  private static final String SYN = "0x0*2";
  private static final String SYN_ACK = "0x0*12";

  @TempDir private Path folder;

  private List<Path> captures(String name) {
    return List.of(folder.resolve(name + "-client.pcap"), folder.resolve(name + "-server.pcap"));
  }

  /** What tshark says of the frames of a capture. */
  private static List<Map<Field, String>> frames(Path capture)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
    command.addAll(List.of("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"));
    command.addAll(List.of("-T", "fields"));
    for (Field field : Field.values()) {
      command.addAll(List.of("-e", field.filterName));
    }
    Process tshark =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(tshark.getInputStream().readAllBytes(), UTF_8);
    assertThat(tshark.waitFor()).as("status of tshark").isZero();
    return output.lines().map(GenerateTest::frame).toList();
  }

  private static Map<Field, String> frame(String line) {
    List<String> values = List.of(line.split("\t", -1));
    Map<Field, String> frame = new EnumMap<>(Field.class);
    for (Field field : Field.values()) {
      frame.put(field, values.get(frame.size()));
    }
    return frame;
  }

  private enum Field {
    FLAGS("tcp.flags"),
    TCP_SUM("tcp.checksum.status"),
    IP_SUM("ip.checksum.status"),
    MSS("tcp.options.mss_val"),
    SACK("tcp.options.sack_le"),
    HANDSHAKE("tls.handshake.type"),
    REQUEST("http.request.method"),
    HOPS("ipv6.hlim");

    private final String filterName;

    Field(String filterName) {
      this.filterName = filterName;
    }
  }

  private static long count(List<Map<Field, String>> frames, Field field, String pattern) {
    return frames.stream().filter(f -> f.get(field).matches(pattern)).count();
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    List<String> said = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      said.add(Generate.write(Workload.PAIR, captures(name), 1, Generate.SEED));
    }
    said.add(Generate.write(Workload.PAIR, captures("other"), 1, Generate.SEED + 1));
    assertThat(said.get(1)).isEqualTo(said.get(0)).isNotEqualTo(said.get(2));
    for (int side = 0; side < 2; side++) {
      assertThat(captures("two").get(side)).hasSameBinaryContentAs(captures("one").get(side));
      assertThat(Files.mismatch(captures("one").get(side), captures("other").get(side)))
          .isNotNegative();
    }
  }

  @Test
  void shortConnectionsLookLikeRealOnes() throws IOException, InterruptedException {
    Generate.write(Workload.SHORT, captures("short"), 0.01, Generate.SEED);
    for (Path capture : captures("short")) {
      List<Map<Field, String>> frames = frames(capture);
      assertThat(count(frames, Field.TCP_SUM, "1")).as("valid").isEqualTo(frames.size());
      assertThat(count(frames, Field.IP_SUM, "0")).as("wrong").isZero();
      assertThat(count(frames, Field.FLAGS, SYN)).isGreaterThan(950);
      assertThat(count(frames, Field.HANDSHAKE, "1")).isGreaterThan(600);
      assertThat(count(frames, Field.HANDSHAKE, "2.*")).isGreaterThan(600);
      assertThat(count(frames, Field.REQUEST, "GET")).isGreaterThan(100);
      assertThat(count(frames, Field.HOPS, ".+")).as("IPv6").isGreaterThan(500);
      assertThat(count(frames, Field.SACK, ".+")).isPositive();
      assertThat(count(frames, Field.FLAGS, "0x0*14")).as("resets").isPositive();
      boolean atClient = capture.equals(captures("short").get(0));
      assertThat(count(frames, Field.MSS, "1380|1360"))
          .as("SYNs from the other side of the clamp")
          .isEqualTo(count(frames, Field.FLAGS, atClient ? SYN_ACK : SYN));
    }
  }

  @Test
  void aFloodIsHalfOpen() throws IOException, InterruptedException {
    Generate.write(Workload.FLOOD, captures("flood"), 0.001, Generate.SEED);
    List<Map<Field, String>> frames = frames(captures("flood").get(1));
    assertThat(frames).hasSize(2000);
    assertThat(count(frames, Field.FLAGS, SYN)).isEqualTo(1000);
    assertThat(count(frames, Field.FLAGS, SYN_ACK)).isEqualTo(1000);
  }
}
