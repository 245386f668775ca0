package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Opening;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** SYNs that pass the last point that saw the connection, and that nothing answers there. */
final class ConnectionUnanswered implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.unanswered",
          Severity.WARN,
          Group.SEQUENCE,
          "SYNs arrive at a capture point and nothing answers them there");

  record Unanswered(
      CapturePoint last, boolean severalPoints, boolean answeredInTheEnd, boolean once)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** A single SYN can be lost on any path. */
    @Override
    public Severity severity() {
      return once ? Severity.NOTE : KIND.severity();
    }

    @Override
    public String message() {
      return String.format(
          "SYNs %s %s and %s: the fault is behind %s%s",
          severalPoints ? "arrive at" : "pass",
          last,
          answeredInTheEnd ? "are answered only after repetitions" : "are never answered",
          last,
          severalPoints ? ", not between the capture points" : "");
    }

    @Override
    public Facts facts() {
      return Facts.of("point", last.name())
          .and("fault", "behind " + last)
          .and("answered_in_the_end", answeredInTheEnd);
    }

    @Override
    public String nextStep() {
      return answeredInTheEnd
          ? "look for what drops SYNs behind "
              + last
              + ": a full listen queue (nstat: TcpExtListenDrops), a wrong checksum of the packet or"
              + " its tunnel (nstat: InCsumErrors), a rate limit"
          : "check that the server behind "
              + last
              + " runs and that its address is right; then look for a host firewall that drops the"
              + " SYN, a full listen queue (nstat: TcpExtListenDrops), or an answer that takes"
              + " another way";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Life life : evidence.lives()) {
      List<CapturePoint> points = life.points();
      CapturePoint last = points.get(points.size() - 1);
      Opening opening = life.openings().at(last).orElseThrow();
      // Whether a SYN that one point of several saw was lost on the path is another question.
      boolean atEnd = points.size() > 1 || evidence.comparison().path().size() == 1;
      if (atEnd && opening.unanswered() > 0 && !isAnsweredElsewhere(life, last, opening)) {
        boolean answered = opening.answerRow() >= 0;
        findings.add(
            new Unanswered(last, points.size() > 1, answered, opening.unanswered() == 1),
            occurrence(life, last, opening));
      }
    }
  }

  /**
   * Whether ICMP refuses the SYN, or another point shows an answer: it arose between them or took
   * another way.
   */
  private static boolean isAnsweredElsewhere(Life life, CapturePoint last, Opening opening) {
    if (life.points().stream().anyMatch(point -> life.ending(point) instanceof Ending.Refused)) {
      return true;
    }
    return opening.answerRow() < 0
        && life.points().stream()
            .filter(point -> !point.equals(last))
            .anyMatch(point -> life.at(point).serverToClient().firstRow() >= 0);
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
        .saying(
            String.format(
                "%s: %d of %s at %s get no answer there within %s%s",
                life.name(),
                opening.unanswered(),
                Words.count(opening.attempts(), "SYN"),
                last,
                Words.seconds(opening.waitedNanos()),
                answer(life, last, opening, table).map(text -> "; " + text).orElse("")))
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
