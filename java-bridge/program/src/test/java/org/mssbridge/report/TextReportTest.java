package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.report.SampleReport.CLIENT;
import static org.mssbridge.report.SampleReport.SERVER;
import static org.mssbridge.report.SampleReport.reported;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;
import org.mssbridge.report.SampleReport.Sample;
import org.mssbridge.report.SampleReport.SampleVerdict;
import org.mssbridge.report.TextStyle.Detail;

/** The text report and its verdict. */
class TextReportTest {
  private static final TextStyle MORE = TextStyle.plain(Detail.MORE);
  private static final TextStyle COLOURED =
      new TextStyle(true, TextStyle.USUAL_COLUMNS, Detail.MORE);

  private static final Reported MIDDLEBOX =
      reported(
          new SampleVerdict(
              "between client and server: an MSS clamp", Set.of(PathFunction.MSS_CLAMP)),
          Occurrence.on(0));
  private static final Reported CLAMPED =
      reported(
          Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1380")
              .clamping(new Leg(Direction.S2C, SERVER, CLIENT), 1460, 1380),
          Occurrence.on(0).at(SERVER, 14).at(CLIENT, 2));
  private static final Reported INSUFFICIENT =
      reported(
          Sample.of("pmtud.clamp-insufficient", Severity.ERROR, "the clamp is 1 byte too large"),
          Occurrence.on(0));

  @Test
  void theVerdictNamesTheMiddleboxTheChangedMssAndWhatIsBroken() {
    assertThat(verdict(SampleReport.of("client.pcap", INSUFFICIENT, CLAMPED, MIDDLEBOX)))
        .isEqualTo(
            "The clamp is 1 byte too large."
                + " Between capture points client and server: an MSS clamp (1460 to 1380 server to client).");
  }

  @Test
  void theVerdictNamesAChangeOnceAndOnlyForTheConnectionsThatHaveIt() {
    Reported likewise =
        reported(
            Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1380, for another reason")
                .clamping(new Leg(Direction.S2C, SERVER, CLIENT), 1460, 1380),
            Occurrence.on(0));
    Reported other =
        reported(
            new SampleVerdict("between client and server: a router", Set.of(PathFunction.ROUTER)),
            Occurrence.on(1));
    assertThat(verdict(SampleReport.of("client.pcap", CLAMPED, likewise, MIDDLEBOX, other)))
        .isEqualTo(
            "No connection was seen at two points, so nothing could be compared."
                + " Between capture points client and server: an MSS clamp (1460 to 1380 server to client)"
                + " (1 connection); between client and server: a router (1 connection).");
  }

  @Test
  void theVerdictWarnsWhereNothingIsBroken() {
    Reported warning =
        reported(Sample.of("path.lost", Severity.WARN, "5 % were lost"), Occurrence.on(0));
    assertThat(verdict(SampleReport.of("client.pcap", CLAMPED, MIDDLEBOX, warning)))
        .startsWith("5 % were lost. Between");
    assertThat(verdict(SampleReport.of("client.pcap", INSUFFICIENT, MIDDLEBOX, warning)))
        .doesNotContain("were lost");
  }

  @Test
  void withoutPairsTheReportMakesNoClaimAboutThePath() {
    String text = TextReport.render(SampleReport.of("client.pcap"), MORE);
    assertThat(text)
        .isEqualTo(
            """
            No connection was seen at two points, so nothing could be compared.

            client: client.pcap, 60 packets
            server: server.pcap, 60 packets, cut short or damaged
            no findings; 0 connections matched

            Made of:
              client.pcap: 1 byte, SHA-256 00
              server.pcap: 1 byte, SHA-256 00
              mssbridge 1, tshark 4.0.17, 2013-04-25T12:00:00Z (all times in UTC)
              mssbridge compare
            """);
  }

  @Test
  void aFindingShowsFiveFramesPerPointFourCausesAndTheNextStep() {
    Occurrence many = Occurrence.on(3).at(SERVER, 1);
    for (int frame = 10; frame < 17; frame++) {
      many = many.at(CLIENT, frame);
    }
    Cause cause = new Cause("a firewall", List.of("the ISN differs"), List.of("the TTL"), "RFC 1");
    Sample finding =
        Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1380")
            .sent(Direction.C2S)
            .because(Collections.nCopies(6, cause), "look there");
    String text =
        TextReport.render(
            SampleReport.of("client.pcap", reported(finding, many, Occurrence.on(3))), MORE);
    assertThat(text)
        .contains(
            """
            findings: 1 warn; 0 connections matched

            WARN mss.clamped  MSS 1460 became 1380
                  client to server, 2 times on 1 connection; client: frames 10, 11, 12, 13, 14 (+2 more);
                  server: frame 1
                  1. a firewall [RFC 1]
                     + the ISN differs
                     - the TTL
                  2. a firewall [RFC 1]
            """)
        .contains("         and 2 more causes, with -vv\n      -> look there\n")
        .doesNotContain("5. ");
  }

  @Test
  void mostSevereComesFirstAndChatsTakeOneLineEach() {
    Reported chat =
        reported(
            Sample.of("path.hops", Severity.CHAT, "3 hops").because(List.of(), "nothing to do"),
            Occurrence.on(0).at(CLIENT, 1));
    String text = TextReport.render(SampleReport.of("c", chat, CLAMPED, INSUFFICIENT), MORE);
    assertThat(text)
        .contains("findings: 1 error, 1 warn, 1 chat;")
        .contains("\n\nCHAT path.hops  3 hops (1 connection)\n\nMade of:\n");
    assertThat(text.indexOf("ERROR pmtud")).isLessThan(text.indexOf("WARN mss"));
  }

  /** Each pair of hosts has its TTLs, and they all show the same routers. */
  @Test
  void ofManyAlikeChatsThreeAreShown() {
    Reported[] hops =
        IntStream.range(0, 7)
            .mapToObj(i -> Sample.of("path.hops", Severity.CHAT, "4 hops from " + i))
            .map(chat -> reported(chat, Occurrence.on(0)))
            .toArray(Reported[]::new);
    Report report = SampleReport.of("c", hops);
    assertThat(TextReport.render(report, MORE))
        .contains("4 hops from 2 (1 connection)\n      and 4 more path.hops findings, with -vv\n")
        .doesNotContain("4 hops from 3");
    assertThat(TextReport.render(report, TextStyle.plain(Detail.ALL)))
        .contains("4 hops from 6 (1 connection)\n\n");
  }

  @Test
  void longTextIsBrokenAt100ColumnsAndIndented() {
    Reported wordy = reported(Sample.of("x", Severity.NOTE, "word ".repeat(60).strip()));
    String text = TextReport.render(SampleReport.of("client.pcap", wordy), COLOURED);
    assertThat(text.lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
        .allMatch(line -> line.length() <= 100)
        .contains("      word word word word");
  }

  @Test
  void coloursAppearOnlyOnRequestAndChangeNothingElse() {
    Report report = SampleReport.of("client.pcap", INSUFFICIENT);
    String coloured = TextReport.render(report, COLOURED);
    assertThat(coloured).contains("\u001b[1;31mERROR\u001b[0m pmtud.clamp-insufficient");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(TextReport.render(report, MORE));
  }

  @Test
  void aHostileFileNameCannotReachTheTerminal() {
    String text =
        TextReport.render(SampleReport.of("a\u001b[2Jb\nERROR c\u202e.pcap", MIDDLEBOX), MORE);
    assertThat(text).contains("\nclient: a\\x1b[2Jb\\x0aERROR c\\u{202e}.pcap, 60 packets\n");
  }

  private static String verdict(Report report) {
    return Verdict.of(report).text();
  }

  @Test
  void theShortReportHasALineForEachFindingThatMatters() {
    Sample step = Sample.of("pmtud.clamp-insufficient", Severity.ERROR, "the clamp is too large");
    Reported insufficient =
        reported(
            step.because(List.of(), "clamp to 1379; look where"), Occurrence.on(0).at(CLIENT, 2));
    Reported chat = reported(Sample.of("path.hops", Severity.CHAT, "3 hops"), Occurrence.on(0));
    assertThat(
            TextReport.render(
                SampleReport.of("client.pcap", insufficient, CLAMPED, chat, MIDDLEBOX),
                TextStyle.plain(Detail.SHORT)))
        .isEqualTo(
            """
            The clamp is too large.
            Between capture points client and server: an MSS clamp (1460 to 1380 server to client).
            Next: clamp to 1379; look where

            client: client.pcap, 60 packets; server: server.pcap, 60 packets, cut short or damaged; 0
                  connections matched

            ERROR pmtud.clamp-insufficient  client: frame 2
            WARN mss.clamped  MSS 1460 became 1380 (server to client; client: frame 2; server: frame 14)
            Also recorded (-v): path.hops

            -v adds causes, evidence, clocks and digests; -vv everything.
            """);
  }

  /** Both directions of one thing are one finding, and different numbers stay apart. */
  @Test
  void bothDirectionsOfOneThingAreOneFinding() {
    Leg back = new Leg(Direction.S2C, SERVER, CLIENT);
    Reported there =
        reported(
            Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1380")
                .clamping(back.reverse(), 1460, 1380),
            Occurrence.on(0).at(CLIENT, 1));
    Reported other =
        reported(
            Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1400")
                .clamping(back.reverse(), 1460, 1400),
            Occurrence.on(1).at(CLIENT, 7));
    assertThat(BothDirections.of(List.of(there, CLAMPED)))
        .singleElement()
        .extracting(BothDirections::message, BothDirections::way)
        .containsExactly("MSS 1460 became 1380", "in both directions");
    assertThat(BothDirections.of(List.of(there, other, CLAMPED))).hasSize(2);
    assertThat(BothDirections.of(List.of(other, CLAMPED)))
        .singleElement()
        .extracting(BothDirections::message)
        .isEqualTo("MSS 1460 became 1400; MSS 1460 became 1380");
  }

  @Test
  void theWidthOfTheTerminalIsUsed() {
    Report report = SampleReport.of("c", reported(Sample.of("x", Severity.NOTE, "w ".repeat(99))));
    for (int columns : List.of(40, 72, 85, 120, 200)) {
      int longest =
          TextReport.render(report, new TextStyle(false, columns, Detail.MORE))
              .lines()
              .mapToInt(String::length)
              .max()
              .orElseThrow();
      assertThat(longest)
          .isBetween(Math.min(columns, 118) - 2, Math.max(72, Math.min(columns, 120)));
    }
  }
}
