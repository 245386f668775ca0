package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.report.SampleReport.CLIENT;
import static org.mssbridge.report.SampleReport.SERVER;
import static org.mssbridge.report.SampleReport.reported;

import java.util.Collections;
import java.util.List;
import java.util.Set;
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

/** The text report and its verdict. */
class TextReportTest {
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
    assertThat(Verdict.of(SampleReport.of("client.pcap", INSUFFICIENT, CLAMPED, MIDDLEBOX)))
        .isEqualTo(
            "Between client and server: an MSS clamp (MSS 1460 became 1380 s2c)."
                + " The clamp is 1 byte too large.");
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
    assertThat(Verdict.of(SampleReport.of("client.pcap", CLAMPED, likewise, MIDDLEBOX, other)))
        .isEqualTo(
            "Between client and server: an MSS clamp (MSS 1460 became 1380 s2c) (1 connection);"
                + " between client and server: a router (1 connection).");
  }

  @Test
  void theVerdictWarnsWhereNothingIsBroken() {
    Reported warning =
        reported(Sample.of("path.lost", Severity.WARN, "5 % were lost"), Occurrence.on(0));
    assertThat(Verdict.of(SampleReport.of("client.pcap", CLAMPED, MIDDLEBOX, warning)))
        .endsWith("(MSS 1460 became 1380 s2c). 5 % were lost.");
    assertThat(Verdict.of(SampleReport.of("client.pcap", INSUFFICIENT, MIDDLEBOX, warning)))
        .doesNotContain("were lost");
  }

  @Test
  void withoutPairsTheReportMakesNoClaimAboutThePath() {
    String text = TextReport.render(SampleReport.of("client.pcap"), false);
    assertThat(text)
        .isEqualTo(
            """
            No connection was seen at two points, so nothing could be compared.

            client: client.pcap, 60 packets
            server: server.pcap, 60 packets, cut short or damaged
            no findings; 0 connections seen at two points or more

            Made of:
              client.pcap: 1 bytes, SHA-256 00
              server.pcap: 1 bytes, SHA-256 00
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
            SampleReport.of("client.pcap", reported(finding, many, Occurrence.on(3))), false);
    assertThat(text)
        .contains(
            """
            findings: 1 warn; 0 connections seen at two points or more

            WARN mss.clamped  MSS 1460 became 1380
                  c2s, 2 times on 1 connection; client: frames 10, 11, 12, 13, 14 (+2 more); server: frame 1
                  1. a firewall [RFC 1]
                     + the ISN differs
                     - the TTL
                  2. a firewall [RFC 1]
            """)
        .contains("         and 2 more causes, in the JSON\n      -> look there\n")
        .doesNotContain("5. ");
  }

  @Test
  void mostSevereComesFirstAndChatsTakeOneLineEach() {
    Reported chat =
        reported(
            Sample.of("path.hops", Severity.CHAT, "3 hops").because(List.of(), "nothing to do"),
            Occurrence.on(0).at(CLIENT, 1));
    String text = TextReport.render(SampleReport.of("c", chat, CLAMPED, INSUFFICIENT), false);
    assertThat(text)
        .contains("findings: 1 error, 1 warn, 1 chat;")
        .contains("\n\nCHAT path.hops  3 hops (1 connection)\n\nMade of:\n");
    assertThat(text.indexOf("ERROR pmtud")).isLessThan(text.indexOf("WARN mss"));
  }

  @Test
  void longTextIsBrokenAt100ColumnsAndIndented() {
    Reported wordy = reported(Sample.of("x", Severity.NOTE, "word ".repeat(60).strip()));
    String text = TextReport.render(SampleReport.of("client.pcap", wordy), true);
    assertThat(text.lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
        .allMatch(line -> line.length() <= 100)
        .contains("      word word word word");
  }

  @Test
  void coloursAppearOnlyOnRequestAndChangeNothingElse() {
    Report report = SampleReport.of("client.pcap", INSUFFICIENT);
    String coloured = TextReport.render(report, true);
    assertThat(coloured).contains("\u001b[1;31mERROR\u001b[0m pmtud.clamp-insufficient");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(TextReport.render(report, false));
  }

  @Test
  void aHostileFileNameCannotReachTheTerminal() {
    String text =
        TextReport.render(SampleReport.of("a\u001b[2Jb\nERROR c\u202e.pcap", MIDDLEBOX), false);
    assertThat(text).contains("\nclient: a\\x1b[2Jb\\x0aERROR c\\u{202e}.pcap, 60 packets\n");
  }
}
