package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.cli.ReportOf.maps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.script.PacketScript;

/** Why data was sent again, between two capture points in the middle of a path. */
class RetransmissionsTest {
  private static final String PATH =
      """
      point host
      point a
      point b  clock +3s
      point far
      between host a  delay 10ms  hops 1
      between a b  delay 10ms  hops 2
      between b far  delay 10ms  hops 1
      connection web  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 handshake <mss 1460, nop, nop, sackok>
      """;

  @TempDir private Path folder;

  /** What happens to a segment or its acknowledgment, and how the report calls it. */
  private enum Fate {
    ARRIVES("", "", ""),
    LOST_BEFORE("  lost before a", "", "lost_before"),
    LOST_BETWEEN("  lost before b", "", "lost_between client server"),
    LOST_AFTER("  lost before far", "", "lost_after"),
    UNSEEN_ACK_LOST("", "  lost before b", "lost_after"),
    ACK_LOST("", "  lost before a", "ack_lost server client"),
    ACK_LOST_LATER("", "  lost before host", "ack_lost"),
    TOO_EARLY("", "", "needless");

    private final String data;
    private final String acknowledgment;
    private final String cause;

    Fate(String data, String acknowledgment, String cause) {
      this.data = data;
      this.acknowledgment = acknowledgment;
      this.cause = cause;
    }

    /** Two segments of 1000 bytes and what follows; the second one always arrives. */
    String packets(double time, int start) {
      int middle = start + 1000;
      int end = start + 2000;
      String first = String.format("%.3f c2s . %d:%d ack 1%s%n", time, start, middle, data);
      String second = String.format("%.3f c2s P. %d:%d ack 1%n", time + 0.001, middle, end);
      if (data.isEmpty()) {
        // The first is repeated half a second later, or before its acknowledgment can be there.
        double again = this == TOO_EARLY ? time + 0.040 : time + 0.500;
        String acks = String.format("%.3f s2c . 1 ack %d%s%n", time + 0.032, end, acknowledgment);
        String repeat = String.format("%.3f c2s . %d:%d ack 1%n", again, start, middle);
        String last = String.format("%.3f s2c . 1 ack %d%n", again + 0.031, end);
        return first + second + acks + (this == ARRIVES ? "" : repeat + last);
      }
      return first
          + second
          + String.format(
              "%.3f s2c . 1 ack %d <nop, nop, sack %d:%d>%n", time + 0.032, start, middle, end)
          + String.format("%.3f c2s . %d:%d ack 1%n", time + 0.500, start, middle)
          + String.format("%.3f s2c . 1 ack %d%n", time + 0.531, end);
    }
  }

  private ReportOf report(String story, String... points) throws IOException {
    Map<String, Path> captures = PacketScript.parse(story).writeTo(folder);
    List<Path> files = new ArrayList<>();
    for (String point : points) {
      files.add(captures.get(point));
    }
    return ReportOf.captures(files.toArray(Path[]::new));
  }

  /** Segments by direction and cause, with the places of what was lost. */
  private static Map<String, Integer> causes(ReportOf report) {
    Map<String, Integer> causes = new TreeMap<>();
    for (Map<String, Object> each : maps(report.root().get("retransmissions"))) {
      for (Map<String, Object> cause : maps(each.get("causes"))) {
        String place =
            cause.get("near") == null ? "" : " " + cause.get("near") + " " + cause.get("far");
        causes.put(
            each.get("direction") + " " + cause.get("cause") + place,
            ((Number) cause.get("segments")).intValue());
      }
    }
    return causes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyCauseIsCountedWhereItHappened(long seed) throws Exception {
    Random random = new Random(seed);
    StringBuilder story = new StringBuilder(PATH);
    Map<String, Integer> expected = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      Fate fate =
          Fate.values()[i < Fate.values().length ? i : random.nextInt(Fate.values().length)];
      story.append(fate.packets(1 + i, 1 + 2000 * i));
      if (!fate.cause.isEmpty()) {
        expected.merge("c2s " + fate.cause, 1, Integer::sum);
      }
    }
    assertThat(causes(report(story.toString(), "a", "b"))).isEqualTo(expected);
  }

  private static final String TWO_POINTS =
      """
      point client
      point server
      between client server  delay 10ms  hops 2
      connection web  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 handshake <mss 1460, nop, nop, sackok>
      """;

  private Map<String, Integer> causesOf(String packets) throws IOException {
    return causes(report(TWO_POINTS + packets, "client", "server"));
  }

  @Test
  void acknowledgmentThatIsOnlyLateIsNotLost() throws Exception {
    String late =
        """
        1.000 c2s P. 1:1001 ack 1
        1.011 s2c . 1 ack 1001  late 800ms
        1.500 c2s P. 1:1001 ack 1
        1.511 s2c . 1 ack 1001 <nop, nop, sack 1:1001>
        """;
    assertThat(causesOf(late)).isEqualTo(Map.of("c2s needless", 1));
    assertThat(causesOf(late.replace("late 800ms", "lost")))
        .isEqualTo(Map.of("c2s ack_lost server client", 1));
  }

  /** After a gap, a receiver without SACK does not say what it has. */
  @Test
  void whatAReceiverWithoutSackHasIsNotKnown() throws Exception {
    String goesBack =
        """
        1.000 c2s . 1:1001 ack 1  lost
        1.001 c2s . 1001:2001 ack 1
        1.002 c2s P. 2001:3001 ack 1
        1.012 s2c . 1 ack 1
        1.013 s2c . 1 ack 1
        1.500 c2s . 1:1001 ack 1
        1.501 c2s . 1001:2001 ack 1
        1.502 c2s P. 2001:3001 ack 1
        1.512 s2c . 1 ack 3001
        """;
    assertThat(causesOf(goesBack))
        .isEqualTo(Map.of("c2s lost_between client server", 1, "c2s unknown", 2));
  }

  @Test
  void reportOfANetworksCopyDoesNotExplainALoss() throws Exception {
    String copied =
        """
        1.000 c2s . 1:1001 ack 1  lost
        1.001 c2s P. 1001:2001 ack 1
        1.012 s2c . 1 ack 1 <nop, nop, sack 1001:2001>
        1.500 c2s . 1:1001 ack 1  at server twice
        1.511 s2c . 1 ack 2001
        1.512 s2c . 1 ack 2001 <nop, nop, sack 1:1001>
        """;
    assertThat(causesOf(copied)).isEqualTo(Map.of("c2s lost_between client server", 1));
  }

  /** The SACK block shows that the receiver lacked it, and no capture which one was lost. */
  @Test
  void repetitionThatACaptureLacksIsNotNeedless() throws Exception {
    String missed =
        """
        1.000 c2s . 1:1001 ack 1  lost
        1.001 c2s P. 1001:2001 ack 1
        1.012 s2c . 1 ack 1 <nop, nop, sack 1001:2001>
        1.500 c2s . 1:1001 ack 1  missed at server
        1.511 s2c . 1 ack 2001
        """;
    assertThat(causesOf(missed)).isEqualTo(Map.of("c2s missed", 1));
  }

  /** Data in the middle of a path that arrives and whose acknowledgment does not come back. */
  private static final String BEYOND =
      """
      point host
      point a%s
      point b
      between host a  delay 10ms  hops 1
      between a b  delay 10ms  hops 2
      connection web  192.0.2.10:50001 -> 198.51.100.20:8443
      0.000 handshake <mss 1460, nop, nop, sackok>
      1.000 c2s P. 1:1001 ack 1
      1.025 s2c . 1 ack 1001  lost before host
      1.500 c2s P. 1:1001 ack 1
      1.525 s2c . 1 ack 1001
      2.000 c2s P. 1001:2001 ack 1
      2.025 s2c . 1 ack 2001
      """;

  private static String verdict(ReportOf report) {
    return ReportOf.map(report.root().get("summary")).get("verdict").toString();
  }

  @Test
  void verdictNamesTheLossesThatNoFindingIsAbout() throws Exception {
    ReportOf lost = report(BEYOND.formatted(""), "a", "b");
    assertThat(causes(lost)).isEqualTo(Map.of("c2s ack_lost", 1));
    assertThat(verdict(lost))
        .startsWith(
            "No problem found between the points, but packets were lost or late (sent again: ");

    ReportOf arrives = report(BEYOND.formatted("").replace("  lost before host", ""), "a", "b");
    // Its acknowledgment passes long before: that it was lost or late after that is not known.
    assertThat(verdict(arrives)).contains("packets were lost or late");

    String once = BEYOND.formatted("").replaceAll("1\\.5.*\n", "");
    assertThat(verdict(report(once, "a", "b"))).startsWith("No problem found. ");
    assertThat(verdict(report(once, "a")))
        .startsWith("No problem found in this capture alone (looked for: ");
  }

  @Test
  void acknowledgmentThatIsLostBeyondIsNamedWithoutAHandshakeToo() throws Exception {
    ReportOf report =
        report(BEYOND.formatted("  from 0.5").replace("point b", "point b  from 0.5"), "a", "b");
    assertThat(causes(report)).isEqualTo(Map.of("c2s ack_lost", 1));
  }

  /** The first capture begins after a segment and before its repetition. */
  @Test
  void repetitionOfWhatTheFirstCaptureIsTooLateForIsNamed() throws Exception {
    assertThat(causes(report(BEYOND.formatted("  from 1.2"), "a", "b")))
        .isEqualTo(Map.of("c2s missed", 1));
    // The repetition does not arrive: what the second point has is the transmission before.
    String lost =
        BEYOND
            .formatted("  from 1.2")
            .replace("1.500 c2s", "1.400 c2s P. 1:1001 ack 1  lost before b\n1.500 c2s");
    assertThat(causes(report(lost, "a", "b")))
        .isEqualTo(Map.of("c2s missed", 1, "c2s needless", 1));
    String once = BEYOND.formatted("  from 1.2").replaceAll("1\\.5.*\n", "");
    assertThat(causes(report(once, "a", "b"))).isEmpty();
  }

  @Test
  void copyOfTheNetworkWithoutAnIpIdIsNoRepetition() throws Exception {
    String copied =
        """
        1.000 c2s P. 1:1001 ack 1 id 0  at client twice  at server twice
        1.011 s2c . 1 ack 1001
        2.000 c2s P. 1001:2001 ack 1 id 0
        2.011 s2c . 1 ack 2001
        """;
    assertThat(causesOf(copied)).isEmpty();
    String again =
        copied.replace("  at client twice  at server twice", "")
            + "2.500 c2s P. 1001:2001 ack 1 id 0\n2.511 s2c . 1 ack 2001\n";
    assertThat(causesOf(again)).isEqualTo(Map.of("c2s needless", 1));
  }

  @Test
  void repeatedFinWithoutDataIsNoDataSentAgain() throws Exception {
    String closed =
        """
        point client
        connection web  192.0.2.10:50001 -> 198.51.100.20:8443
        0.000 handshake <mss 1460>
        1.000 c2s F. 1:1 ack 1
        1.500 c2s F. 1:1 ack 1
        2.500 c2s F. 1:1 ack 1
        """;
    assertThat(causes(report(closed, "client"))).isEmpty();
  }

  /** A capture near the sender that lacks a segment missed it, unless no other point has it. */
  @Test
  void whatNoPointHasWasLostBeforeTheFirstOne() throws Exception {
    String beside =
        """
        point host
        point a
        point b
        between host a  delay 50us
        between a b  delay 20ms  hops 2
        connection web  192.0.2.10:50001 -> 198.51.100.20:8443
        0.000 handshake <mss 1460, nop, nop, sackok>
        1.000 c2s . 1:1001 ack 1  lost before a
        1.001 c2s P. 1001:2001 ack 1
        1.042 s2c . 1 ack 1 <nop, nop, sack 1001:2001>
        1.100 c2s . 1:1001 ack 1
        1.142 s2c . 1 ack 2001
        """;
    assertThat(causes(report(beside, "a", "b"))).isEqualTo(Map.of("c2s lost_before", 1));
    assertThat(causes(report(beside, "a"))).isEqualTo(Map.of("c2s missed", 1));
    String late = beside.replace("point b\n", "point b  from 1.08\n");
    assertThat(causes(report(late, "a", "b"))).isEqualTo(Map.of("c2s missed", 1));
  }

  /** A segment that carries what was lost and more is sent for what was lost. */
  @Test
  void knownReasonOfAPartIsThatOfTheSegment() throws Exception {
    String joined =
        """
        1.000 c2s P. 1:101 ack 1  lost
        1.001 c2s P. 101:201 ack 1
        1.002 c2s P. 201:301 ack 1
        1.012 s2c . 1 ack 1
        1.013 s2c . 1 ack 1
        1.500 c2s P. 1:301 ack 1
        1.512 s2c . 1 ack 301
        """;
    assertThat(causesOf(joined))
        .isEqualTo(Map.of("c2s lost_between client server", 1, "c2s unknown", 0));
  }
}
