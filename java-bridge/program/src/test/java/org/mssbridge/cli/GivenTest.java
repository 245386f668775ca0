package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;

/** What only the user knows: {@code --clock-offset}, {@code --map}, {@code --pair}. */
class GivenTest {
  private static final String DELAYED =
      """
      point client
      point server  clock +5s
      between client server  delay 10ms  hops 2

      connection a  192.0.2.10:50001 -> 198.51.100.20:8443
      1.000 handshake <mss 1460>
      1.100 c2s P. 1:101 ack 1
      1.200 s2c P. 1:101 ack 101
      """;

  /** Nothing but addresses and ports could tell which is which: the same bytes at one time. */
  private static final String ALIKE =
      """
      point client
      point server
      between client server on a  delay 10ms  nat client 203.0.113.9:40001
      between client server on b  delay 10ms  nat client 203.0.113.9:40002

      connection a  192.0.2.10:50001 -> 198.51.100.20:8443
      connection b  192.0.2.11:50001 -> 198.51.100.20:8443
      1.000 a c2s . 1 ack 1
      1.000 b c2s . 1 ack 1
      """;

  /** Two connections that have nothing in common. */
  private static final String DIFFERENT =
      """
      point client
      point server
      between client server  delay 10ms

      connection a  192.0.2.10:50001 -> 198.51.100.20:8443 at client isn 1000000 2000000
      connection b  203.0.113.9:40001 -> 198.51.100.20:8443 at server isn 77000000 88000000
      1.000 a handshake <mss 1460>
      1.010 b handshake <mss 1400, nop, nop, sackok>
      1.100 a c2s P. 1:101 ack 1
      1.100 b c2s P. 1:91 ack 1
      1.200 a s2c P. 1:1001 ack 101
      1.200 b s2c P. 1:501 ack 91
      1.300 a c2s F. 101 ack 1001
      1.300 b c2s F. 91 ack 501
      1.400 a s2c F. 1001 ack 102
      1.400 b s2c F. 501 ack 92
      """;

  @TempDir private Path folder;

  private CommandRun compare(String story, Object... options) throws IOException {
    Map<String, Path> captures = PacketScript.parse(story).writeTo(folder);
    return CommandRun.compare(
        Stream.concat(Stream.of(captures.get("client"), captures.get("server")), Stream.of(options))
            .toArray());
  }

  @Test
  void aGivenOffsetMakesDelaysExact() throws IOException {
    assertThat(compare(DELAYED, "-v").out()).contains("(how it splits between them is not known)");

    CommandRun run = compare(DELAYED, "-v", "--clock-offset", "server=4.998");

    assertThat(run.out()).contains("Given: clock of server +4.998000 s\n");
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("one-way delay client to server between client and server: 12.0 ms minimum")
        .contains("one-way delay server to client between client and server: 8.0 ms minimum")
        .doesNotContain("±", "contradict");
  }

  @Test
  void anImpossibleOffsetIsNotUsed() throws IOException {
    Path json = folder.resolve("report.json");

    CommandRun run = compare(DELAYED, "-v", "--clock-offset", "server=4.5", "--json", json);

    assertThat(run.out())
        .contains("Given: clock of server +4.500000 s, which the packets contradict (it is between")
        .contains("is not known)");
    assertThat(Files.readString(json))
        .containsPattern("\"offset_s\" : 4.5,\\s+\"contradicted\" : true");
  }

  @Test
  void givenAddressesPairWhatNothingElseTells() throws IOException {
    assertThat(compare(ALIKE).out()).doesNotContain("2 connections matched");

    for (String[] options :
        new String[][] {
          {
            "--map", "192.0.2.10:50001=203.0.113.9:40001",
            "--map", "192.0.2.11:50001=203.0.113.9:40002"
          },
          {
            "--pair",
            "192.0.2.10:50001-198.51.100.20:8443=203.0.113.9:40001-198.51.100.20:8443",
            "--pair",
            "192.0.2.11:50001-198.51.100.20:8443=203.0.113.9:40002-198.51.100.20:8443"
          },
          {
            "--map",
            Files.writeString(
                    folder.resolve("sessions.csv"),
                    """
                    here,there
                    192.0.2.10:50001,203.0.113.9:40001
                    192.0.2.11:50001,203.0.113.9:40002
                    """)
                .toString()
          },
        }) {
      Path json = folder.resolve("report.json");
      CommandRun run =
          compare(ALIKE, Stream.concat(Stream.of(options), Stream.of("--json", json)).toArray());

      assertThat(run.out())
          .contains("2 connections matched")
          .contains("Given: other addresses at the next point: 2 connections\n");
      assertThat(Files.readString(json)).contains("\"given\"");
    }
  }

  @Test
  void packetsThatDifferContradictAGivenPair() throws IOException {
    CommandRun run =
        compare(
            DIFFERENT,
            "--pair",
            "192.0.2.10:50001-198.51.100.20:8443=203.0.113.9:40001-198.51.100.20:8443");

    assertThat(run.out())
        .contains("1 connection, of which the packets contradict 1")
        .doesNotContain("lost from", "1 connection matched");
  }

  @Test
  void addressesThatNoConnectionHasAreNamed() throws IOException {
    assertThat(compare(DELAYED, "--map", "192.0.2.99=203.0.113.9").out())
        .contains("Given: other addresses at the next point: both captures have no connection");
  }

  @Test
  void whatCannotBeReadIsAnErrorOfOneLine() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.csv"), "here,where\n192.0.2.1,192.0.2.2\n");
    for (String[] option :
        new String[][] {
          {"--clock-offset", "server"},
          {"--clock-offset", "server=soon"},
          {"--clock-offset", "server=1e400"},
          {"--clock-offset", "nowhere=1"},
          {"--clock-offset", "client=1"},
          {"--map", "192.0.2.1"},
          {"--map", "192.0.2.1=host.example"},
          {"--map", "192.0.2.1:70000=192.0.2.2"},
          {"--map", file.toString()},
          {"--pair", "192.0.2.1:1-192.0.2.2:2"},
          {"--pair", "192.0.2.1-192.0.2.2=192.0.2.1-192.0.2.2"},
        }) {
      CommandRun run = compare(DELAYED, option[0], option[1]);
      assertThat(run.status()).as(option[1]).isEqualTo(2);
      assertThat(run.err()).as(option[1]).hasLineCount(1).startsWith("mssbridge: " + option[0]);
    }
  }
}
