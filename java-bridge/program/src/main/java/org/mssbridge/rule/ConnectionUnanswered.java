package org.mssbridge.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HeardHosts;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Opening;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * SYNs that pass the last point that saw the connection, and that nothing answers there; beside
 * these, {@link UnansweredSynAcks SYN/ACKs}, {@link SilentApplication requests} and {@link
 * UnansweredQuestions questions}.
 */
final class ConnectionUnanswered implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.unanswered",
          Severity.WARN,
          Group.SEQUENCE,
          "SYNs, SYN/ACKs or data arrive at a capture point and nothing answers them there");

  /** What is answered so soon after the last SYN is answered meanwhile. */
  private static final long ANSWER_NANOS = 1_000_000_000L;

  /**
   * Connections whose SYNs get no answer at the same place.
   *
   * @param syns where they are seen
   * @param answeredInTheEnd whether the server answers one at last
   * @param once whether a single SYN was not answered
   * @param elsewhere whether they are at the first of several points only, and no connection to
   *     that server passes another one: it need not be behind them
   * @param known what else that capture shows of the server
   */
  record Unanswered(
      UnansweredSegments syns,
      boolean answeredInTheEnd,
      boolean once,
      boolean elsewhere,
      Known known)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** A single SYN can be lost on any path. */
    @Override
    public Severity severity() {
      return once || elsewhere ? Severity.NOTE : KIND.severity();
    }

    @Override
    public List<Explanation> because() {
      return syns.because();
    }

    @Override
    public String message() {
      return syns.message(
          answeredInTheEnd ? "are answered only after repetitions" : "are never answered",
          /* remark= */ "",
          elsewhere ? "; no other capture holds a connection to that server" : "");
    }

    @Override
    public boolean saysUnmatched() {
      return elsewhere;
    }

    @Override
    public Facts facts() {
      return syns.facts(answeredInTheEnd)
          .and("server_answers_others", known != Known.NOTHING && known != Known.HOST_RUNS)
          .and("server_meanwhile", known.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          SecondCapture.near(
              Direction.S2C, "whether the SYNs arrive there, and whether the server answers them"));
    }

    @Override
    public String nextStep() {
      if (syns.wrongChecksum()) {
        return "";
      }
      return answeredInTheEnd
          ? "look for what drops SYNs behind "
              + syns.last()
              + ": a full listen queue (nstat: TcpExtListenDrops), a wrong checksum of the packet or"
              + " its tunnel (nstat: InCsumErrors), a rate limit"
          : known.step;
    }
  }

  /** What the same capture shows of the server otherwise. */
  enum Known {
    NOTHING(
        "check that the server runs and that its address is right; then look for a host firewall"
            + " that drops the SYN, a full listen queue (nstat: TcpExtListenDrops), or a reply"
            + " that takes another route"),
    /** It answered at other times only. */
    SILENT_MEANWHILE(
        "check whether the server was up at that time: it accepts other connections before or after,"
            + " and sends nothing meanwhile; then look for a failed link or route behind that point"),
    /** Connections that are open go on. */
    HOST_RUNS(
        "the same server goes on sending on other connections, so it runs: look for a service that"
            + " no longer accepts, a full listen queue (nstat: TcpExtListenDrops), or a firewall"
            + " that drops SYNs"),
    HOST_ANSWERS(
        "the same server answers on other ports meanwhile, so it runs: look for a firewall that drops"
            + " SYNs to this one"),
    PORT_ANSWERS(
        "the same server and port answer other connections meanwhile: look for a full listen queue"
            + " (nstat: TcpExtListenDrops), a limit on connections, or a firewall that drops some");

    private final String step;

    Known(String step) {
      this.step = step;
    }
  }

  /** What a point shows of a server while SYNs to it are not answered. */
  private static Known known(HeardHosts heard, Endpoint server, HeardHosts.Meanwhile meanwhile) {
    if (heard.accepts(server, meanwhile)) {
      return Known.PORT_ANSWERS;
    }
    if (heard.accepts(server.address(), meanwhile)) {
      return Known.HOST_ANSWERS;
    }
    if (heard.sends(server.address(), meanwhile)) {
      return Known.HOST_RUNS;
    }
    return heard.everAccepts(server.address(), meanwhile.point())
        ? Known.SILENT_MEANWHILE
        : Known.NOTHING;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    SilentApplication.report(evidence, findings);
    UnansweredSynAcks.check(evidence, findings);
    UnseenSynAcks.check(evidence, findings);
    UnansweredQuestions.check(evidence, findings);
    Map<CapturePoint, Set<String>> passed = new HashMap<>();
    HeardHosts heard = evidence.heardHosts();
    for (Life life : evidence.lives()) {
      List<CapturePoint> points = life.points();
      CapturePoint last = points.get(points.size() - 1);
      Opening opening = life.openings().at(last).orElseThrow();
      // Whether a SYN that one point of several saw was lost on the path is another question.
      boolean atEnd = points.size() > 1 || evidence.comparison().path().size() == 1;
      boolean elsewhere =
          !atEnd
              && opening.unanswered() > 1
              && isElsewhere(evidence, life, last)
              && !passed
                  .computeIfAbsent(last, point -> passed(evidence, point))
                  .contains(life.at(last).server().address());
      if ((atEnd || elsewhere)
          && !opening.isStale()
          && opening.unanswered() > 0
          && !isAnsweredElsewhere(life, last, opening)) {
        boolean answered = opening.answerRow() >= 0;
        Known known =
            known(
                heard,
                life.at(last).server(),
                new HeardHosts.Meanwhile(
                    last,
                    life.connection().id(),
                    opening.firstNanos(),
                    opening.lastNanos() + ANSWER_NANOS));
        findings.add(
            new Unanswered(
                UnansweredSegments.of(evidence, life.connection(), last, Direction.C2S),
                answered,
                opening.unanswered() == 1,
                elsewhere,
                known),
            occurrence(life, last, opening));
      }
    }
  }

  /** The servers at a point of connections that are at another point too. */
  private static Set<String> passed(Evidence evidence, CapturePoint point) {
    Set<String> passed = new HashSet<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (!traced.isOneSided()) {
        traced.at().at(point).ifPresent(seen -> passed.add(seen.server().address()));
      }
    }
    return passed;
  }

  /**
   * Whether nothing ever answers. No connection to that server may be at another point: on the path
   * between the points, a lost SYN would be another question.
   */
  private static boolean isElsewhere(Evidence evidence, Life life, CapturePoint only) {
    Connection seen = life.at(only);
    return seen.serverToClient().firstRow() < 0
        && !evidence.comparison().isAmbiguous(only, seen.stream());
  }

  /**
   * Whether ICMP answers the SYN, or another point shows an answer: it arose between them or took
   * another way.
   */
  private static boolean isAnsweredElsewhere(Life life, CapturePoint last, Opening opening) {
    if (life.points().stream().anyMatch(point -> isAnsweredByIcmp(life, point))) {
      return true;
    }
    return opening.answerRow() < 0
        && life.points().stream()
            .filter(point -> !point.equals(last))
            .anyMatch(point -> life.at(point).serverToClient().firstRow() >= 0);
  }

  private static boolean isAnsweredByIcmp(Life life, CapturePoint point) {
    return life.ending(point) instanceof Ending.Refused
        || life.at(point).clientToServer().hasTimeExceeded();
  }

  private static Occurrence occurrence(Life life, CapturePoint last, Opening opening) {
    SegmentTable table = life.at(last).serverToClient().table();
    Occurrence occurrence =
        Occurrence.on(life.connection().id())
            .at(last, opening.firstFrame())
            .at(last, opening.lastFrame());
    if (opening.answerRow() >= 0) {
      occurrence = occurrence.at(last, table.frame(opening.answerRow()));
    }
    return occurrence
        .waiting(opening.waitedNanos())
        .saying(
            String.format(
                "%s: %s at %s in %s, %s%s",
                life.name(last),
                Words.count(opening.attempts(), "SYN"),
                last,
                Words.seconds(opening.waitedNanos()),
                opening.answerRow() < 0
                    ? "and no answer"
                    : "of which " + opening.unanswered() + " get no answer",
                answer(life, last, opening, table)
                    .map(text -> "; " + text)
                    .orElse(
                        opening.unanswered() < opening.attempts()
                            ? "; the last one is too late in the capture to tell"
                            : "")))
        .with(
            Facts.of("attempts", opening.attempts())
                .and("unanswered", opening.unanswered())
                .and("waited_s", opening.waitedNanos() / 1e9));
  }

  /** What answers in the end, and how soon after the SYN before it. */
  private static Optional<String> answer(
      Life life, CapturePoint last, Opening opening, SegmentTable table) {
    if (opening.answerRow() < 0) {
      return Optional.empty();
    }
    int row = opening.answerRow();
    long nanos = table.timeNanos(row);
    long before =
        life.at(last).clientToServer().handshake().stream()
            .filter(syn -> syn.frame() < table.frame(row))
            .mapToLong(syn -> syn.timeNanos())
            .max()
            .orElse(nanos);
    String what =
        (table.flags(row) & TcpFlags.RST) != 0
            ? "RST"
            : TcpFlags.isSynAck(table.flags(row)) ? "SYN/ACK" : "segment of the server";
    return Optional.of(
        String.format("a %s comes %s after the last SYN", what, Spans.text(nanos - before)));
  }
}
