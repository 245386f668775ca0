package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.Reach;
import org.mssbridge.evidence.TimeDifference;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** A RST that a proxy sends to one end, although the other end did not reset its connection. */
final class ProxyReset implements Rule {
  static final Kind KIND =
      new Kind(
          "proxy.reset",
          Severity.WARN,
          Group.SEQUENCE,
          "a proxy resets one side of a connection that the other side did not reset");

  /**
   * Connections that a proxy resets.
   *
   * @param across the direction in which the RST travels
   * @param afterFin whether the end in whose place the proxy is had closed its side with a FIN
   */
  record Reset(Leg across, boolean afterFin) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      String sender = Words.sender(across.direction());
      return String.format(
          "the proxy %s resets the %s's connection although the %s %s",
          across.between(),
          Words.sender(across.direction().reverse()),
          sender,
          afterFin ? "ended its side with a FIN" : "sent neither FIN nor RST before");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("reset_side", Words.sender(across.direction().reverse()))
          .and("other_side_sends_fin", afterFin);
    }

    @Override
    public String nextStep() {
      return afterFin
          ? "look into the proxy's log at that time, and check whether the "
              + Words.sender(across.direction())
              + " closes before it has sent the whole message"
          : "look into the proxy's log at that time: a timeout, a limit, or a message that it rejects";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      if (evidence.middlebox(pair).endsConnections() && pair.isTimed()) {
        for (Direction direction : Direction.values()) {
          check(evidence, pair, direction, findings);
        }
      }
    }
  }

  private static void check(
      Evidence evidence, PairedConnection pair, Direction direction, Findings findings) {
    Flow sent = pair.nearFlow(direction);
    int reset = unexpectedReset(pair.far(direction), direction);
    if (reset < 0 || sent.hasReset()) {
      return;
    }
    SegmentTable table = pair.farFlow(direction).table();
    int fin = sent.firstClosingRow();
    Optional<Long> nearNanos =
        TimeDifference.of(evidence, pair, direction)
            .map(difference -> table.timeNanos(reset) - difference.typicalNanos());
    boolean afterFin =
        fin >= 0 && nearNanos.isPresent() && sent.table().timeNanos(fin) <= nearNanos.get();
    if (!afterFin
        && (nearNanos.isEmpty() || !Reach.covers(pair.nearCapture(direction), nearNanos.get()))) {
      return;
    }
    Occurrence occurrence =
        Occurrence.on(pair.id()).at(pair.farPoint(direction), table.frame(reset));
    if (afterFin) {
      occurrence = occurrence.at(pair.nearPoint(direction), sent.table().frame(fin));
    }
    findings.add(
        new Reset(Legs.of(pair, direction), afterFin),
        occurrence.saying(words(pair, direction, table.frame(reset), afterFin ? fin : -1)));
  }

  /** The first RST of a direction, -1 where there is none or it follows a FIN of either end. */
  private static int unexpectedReset(Connection connection, Direction direction) {
    Flow flow = connection.flow(direction);
    int row = flow.firstClosingRow();
    int other = connection.flow(direction.reverse()).firstClosingRow();
    boolean isReset = row >= 0 && (flow.table().flags(row) & TcpFlags.RST) != 0;
    return isReset && (other < 0 || other > row) ? row : -1;
  }

  private static String words(
      PairedConnection pair, Direction direction, int resetFrame, int finRow) {
    Connection reset = pair.far(direction);
    Connection other = pair.near(direction);
    return String.format(
        "the proxy ends %s to %s with a RST (frame %d); the other side, %s to %s, %s",
        reset.client(),
        reset.server(),
        resetFrame,
        other.client(),
        other.server(),
        finRow < 0
            ? "goes on"
            : String.format(
                "ends with the %s's FIN (%s frame %d)",
                Words.sender(direction),
                pair.nearPoint(direction),
                other.flow(direction).table().frame(finRow)));
  }
}
