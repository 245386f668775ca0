package org.mssbridge.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.ReportOf;

/** The committed captures of the first example match its story and show what it describes. */
class SeedExampleTest {
  private static final Path EXAMPLE = ReportOf.projectRoot().resolve("examples/seed-20633");
  private static final Path CLIENT = EXAMPLE.resolve("client.pcap");
  private static final Path SERVER = EXAMPLE.resolve("server.pcap");

  @Test
  void capturesComeFromTheStory(@TempDir Path directory) throws IOException {
    Map<String, Path> written = PacketScript.parse(EXAMPLE.resolve("story.txt")).writeTo(directory);

    assertThat(written.keySet()).containsExactly("client", "server");
    assertThat(written.get("client")).hasSameBinaryContentAs(CLIENT);
    assertThat(written.get("server")).hasSameBinaryContentAs(SERVER);
  }

  @Test
  void mssAndIsnDifferBetweenTheCaptures() {
    String syns = "tcp.port == 49671 && tcp.flags.syn == 1";
    String[] numbers = {"tcp.options.mss_val", "tcp.seq_raw"};

    assertThat(TsharkText.fields(CLIENT, syns, numbers))
        .containsExactly("1460\t1461003211", "1380\t3199782887");
    assertThat(TsharkText.fields(SERVER, syns, numbers))
        .containsExactly("1380\t2638516084", "1460\t3902117004");
  }

  @Test
  void supersegmentLosesItsFirst1380Bytes() {
    assertThat(TsharkText.field(CLIENT, 13, "tcp.len")).isEqualTo("1477");
    assertThat(TsharkText.field(SERVER, 25, "tcp.len")).isEqualTo("97");
    String payload = TsharkText.field(CLIENT, 13, "tcp.payload");
    assertThat(payload).hasSize(2 * 1477).endsWith(TsharkText.field(SERVER, 25, "tcp.payload"));
    assertThat(TsharkText.fields(SERVER, "tcp.len >= 1380", "frame.number")).isEmpty();
  }

  @Test
  void smallerRetransmissionAfter314MillisecondsPasses() {
    double first = Double.parseDouble(TsharkText.field(CLIENT, 13, "frame.time_relative"));
    double second = Double.parseDouble(TsharkText.field(CLIENT, 15, "frame.time_relative"));

    assertThat(Math.round((second - first) * 1000)).isEqualTo(314);
    assertThat(TsharkText.field(CLIENT, 15, "tcp.len")).isEqualTo("1360");
    assertThat(TsharkText.field(CLIENT, 15, "tcp.seq"))
        .isEqualTo(TsharkText.field(CLIENT, 13, "tcp.seq"));
    assertThat(TsharkText.field(SERVER, 27, "tcp.len")).isEqualTo("1360");
  }

  @Test
  void sackEdgesAreUntranslatedAtTheClient() {
    String[] numbers = {"tcp.ack_raw", "tcp.options.sack_le"};
    long tailAtServer = Long.parseLong(TsharkText.field(SERVER, 25, "tcp.seq_raw"));
    long repeatedAtServer = Long.parseLong(TsharkText.field(SERVER, 27, "tcp.seq_raw"));
    long repeatedAtClient = Long.parseLong(TsharkText.field(CLIENT, 15, "tcp.seq_raw"));

    assertThat(TsharkText.fields(SERVER, "frame.number == 26", numbers))
        .containsExactly(repeatedAtServer + "\t" + tailAtServer);
    assertThat(TsharkText.fields(CLIENT, "frame.number == 14", numbers))
        .containsExactly(repeatedAtClient + "\t" + tailAtServer);
  }

  @Test
  void routerReportsAnMtuOneByteTooSmall() {
    String[] numbers = {"frame.number", "ip.src", "ip.ttl", "icmp.mtu", "tcp.srcport"};

    assertThat(TsharkText.fields(CLIENT, "icmp.type == 3 && icmp.code == 4", numbers))
        .containsExactly("57\t21.238.5.11,192.0.2.10\t247,128\t1419\t49671");
    assertThat(TsharkText.fields(SERVER, "icmp", numbers)).isEmpty();
    assertThat(TsharkText.field(CLIENT, 55, "tcp.len")).isEqualTo("1380");
    assertThat(TsharkText.fields(CLIENT, "frame.number > 57 && tcp.len > 1379", "tcp.len"))
        .isEqualTo(List.of("2758"));
    assertThat(TsharkText.fields(SERVER, "frame.number > 70 && tcp.len > 1000", "tcp.len"))
        .containsExactly("1379", "1379");
  }

  @Test
  void checksumsAreCorrect() {
    for (Path capture : List.of(CLIENT, SERVER)) {
      assertThat(
              TsharkText.fields(
                  capture,
                  "_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0",
                  "frame.number"))
          .isEmpty();
    }
  }
}
