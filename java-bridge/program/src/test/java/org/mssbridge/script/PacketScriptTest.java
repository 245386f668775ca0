package org.mssbridge.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mssbridge.model.Direction;

class PacketScriptTest {
  private static final String TWO_POINTS =
      """
      point client
      point server format pcapng
      between client server delay 10ms hops 3 c2s isn +100 both nat client 203.0.113.9:61000
      connection web 192.0.2.10:50001 -> 198.51.100.20:8443 isn 4294967290 7
      """;

  @TempDir Path directory;

  private List<String> seenAt(String point, String script, String... fields) {
    Map<String, Path> files = PacketScript.parse(TWO_POINTS + script).writeTo(directory);
    return TsharkText.fields(files.get(point), "ip", fields);
  }

  @Test
  void farPointSeesTheChangesOfTheDevice() {
    String line = "0.5 c2s S 0:0 <mss 1460>";
    String[] fields = {"ip.src", "tcp.srcport", "ip.ttl", "tcp.seq_raw", "frame.time_epoch"};

    assertThat(seenAt("client", line, fields))
        .containsExactly("192.0.2.10\t50001\t64\t4294967290\t1704067200.500000000");
    assertThat(seenAt("server", line, fields))
        .containsExactly("203.0.113.9\t61000\t61\t94\t1704067200.510000000");
  }

  @Test
  void acknowledgementsAreTranslatedBack() {
    String line = "0.5 s2c . 1 ack 11 <nop, nop, sack 21:31>";
    String[] fields = {"tcp.ack_raw", "tcp.options.sack_le", "tcp.options.sack_re"};

    assertThat(seenAt("server", line, fields)).containsExactly("105\t115\t125");
    assertThat(seenAt("client", line, fields)).containsExactly("5\t15\t25");
  }

  @Test
  void lostPieceOfSupersegmentIsSeenByTheSenderOnly() {
    String line = "0.5 c2s P. 1:3001(3000) ack 1 tso 1000 lost 2";

    assertThat(seenAt("client", line, "tcp.len")).containsExactly("3000");
    assertThat(seenAt("server", line, "tcp.seq_raw", "tcp.len"))
        .containsExactly("95\t1000", "2095\t1000");
  }

  @Test
  void joinedSegmentIsSeenByTheReceiverOnly() {
    String line = "0.5 c2s P. 1:3001(3000) ack 1 gro 1000";

    assertThat(seenAt("client", line, "tcp.len")).containsExactly("1000", "1000", "1000");
    assertThat(seenAt("server", line, "tcp.len")).containsExactly("3000");
  }

  @Test
  void sameBytesOfTheStreamHaveTheSameContent() {
    String lines = "stream c2s 3 \"hello\"\n0.1 c2s P. 1:11 ack 1\n0.2 c2s P. 3:8 ack 1";

    List<String> payloads = seenAt("server", lines, "tcp.payload");
    assertThat(payloads.get(1)).isEqualTo("68656c6c6f");
    assertThat(payloads.get(0)).hasSize(20).contains(payloads.get(1));
  }

  @Test
  void pcapngContainsTheComments() {
    String line = "0.1 c2s . 1 ack 1 at server comment \"first\" comment \"second\"";

    assertThat(seenAt("server", line, "frame.comment")).containsExactly("first,second");
  }

  @Test
  void repetitionsHaveTheirOwnPorts() {
    String lines =
        """
        repeat 3 every 1s
        connection many 192.0.2.10:65534 -> 198.51.100.20:8443
        0.1 c2s S 0:0
        end
        """;

    assertThat(seenAt("client", lines, "ip.src", "tcp.srcport", "frame.time_relative"))
        .containsExactly(
            "192.0.2.10\t65534\t0.000000000",
            "192.0.2.10\t65535\t1.000000000",
            "192.0.2.11\t1024\t2.000000000");
  }

  @Test
  void expectationsNameFramesByLabel() {
    PacketScript script =
        PacketScript.parse(
            TWO_POINTS
                + """
                0.1 c2s S 0:0
                0.2 c2s P. 1:2001 ack 1 tso 1000 as big
                expect offload.segmentation c2s on web size=2000 client:big server:big
                expect not mss.violated
                expect nothing else
                """);

    assertThat(script.points()).containsExactly("client", "server");
    assertThat(script.expectsNothingElse()).isTrue();
    assertThat(script.expectations())
        .containsExactly(
            new Expectation(
                7,
                false,
                "offload.segmentation",
                Direction.C2S,
                "web",
                Map.of("size", "2000"),
                Map.of("client", List.of(2), "server", List.of(2, 3))),
            new Expectation(8, true, "mss.violated", null, null, Map.of(), Map.of()));
    assertThat(script.endpoints("server"))
        .containsEntry("web", List.of("203.0.113.9:61000", "198.51.100.20:8443"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          soon c2s . 1        | line 5: expected a time, start, point, given, between,
          0.1 up . 1          | line 5: expected c2s or s2c, found 'up'
          0.1 c2s Q 1         | line 5: expected flags such as S, S., P. or F. (letters FSRP.UEW)
          0.1 c2s . 1:9(7)    | line 5: '1:9(7)' is not a range
          0.1 c2s . 1 <mss>   | line 5: expected an MSS in bytes, the line ends
          0.1 c2s . 1 <cake>  | line 5: no TCP option is called 'cake'
          0.1 c2s . 1 at home | line 5: expected one of the points [client, server], found 'home'
          0.1 c2s . 1 twice   | line 5: this belongs to one point: write 'at POINT' before it
          0.1 c2s . 1 slowly  | line 5: a packet has no property 'slowly'
          0.1 c2s . 1 late 3  | line 5: expected a duration such as 20ms, found '3'
          expect x client:no  | line 5: no frame of client is called 'no'
          """)
  void errorNamesTheLineAndWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> PacketScript.parse(TWO_POINTS + line))
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(message);
  }
}
