package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.ForeignReset;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Severity;
import org.mssbridge.rule.EndedByReset.Data;
import org.mssbridge.rule.EndedByReset.Reason;
import org.mssbridge.rule.EndedByReset.Trouble;

/** A RST that passes all points and ends a connection. */
final class ConnectionReset implements Rule {
  static final Kind KIND =
      new Kind("connection.reset", Severity.NOTE, Group.SEQUENCE, "a RST ends a connection");

  /**
   * Devices hardly forget a connection that was idle for less: 60 s is the least that AWS's Network
   * Load Balancer can be set to, Azure's default is 4 minutes, and RFC 5382, section 5, asks a NAT
   * for 2 hours and 4 minutes.
   */
  static final long IDLE_NANOS = 60_000_000_000L;

  /** A shorter silence is not worth a word. */
  static final long LEAST_SILENCE_NANOS = 1_000_000_000;

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    SenderTtls ttls = new SenderTtls(evidence);
    for (Life life : evidence.lives()) {
      StaleConnection.report(life, findings);
      for (Direction from : Direction.values()) {
        CapturePoint first = firstWithReset(life, from);
        if (first != null
            && (first.equals(nearest(life, from)) || !isEndedByProxy(evidence, life))
            && life.ending(first) instanceof Ending.Reset reset
            && !answersUntranslated(evidence, life, first, reset)
            && isEverywhere(evidence, life, first, reset)) {
          report(evidence, life, first, reset, ttls, findings);
        }
      }
    }
  }

  /**
   * The point nearest the sender at which a RST of that direction ends the connection, null where
   * there is none, or a nearer one has a RST that ends something else: a stall, for example.
   */
  private static CapturePoint firstWithReset(Life life, Direction from) {
    List<CapturePoint> points = life.points();
    for (int i = 0; i < points.size(); i++) {
      CapturePoint point = points.get(from == Direction.C2S ? i : points.size() - 1 - i);
      if (life.ending(point) instanceof Ending.Reset reset && reset.from() == from) {
        return point;
      }
      if (life.at(point).flow(from).hasReset()) {
        return null;
      }
    }
    return null;
  }

  /** Whether a proxy has a connection of its own on each side: it sends the RSTs of its side. */
  private static boolean isEndedByProxy(Evidence evidence, Life life) {
    return life.connection().pairs().stream()
        .anyMatch(pair -> evidence.middlebox(pair).endsConnections());
  }

  /** What on the path made an end give up. */
  private static Trouble trouble(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    Direction from = reset.from();
    if (reset.withoutConnection() && evidence.isFinLost(life.connection(), from)) {
      return Trouble.LOST_FIN;
    }
    if (evidence.isControlLost(life.connection(), from.reverse())) {
      return Trouble.LOST_ACKNOWLEDGMENTS;
    }
    boolean isBlackHole =
        evidence.isInBlackHole(life.connection(), Direction.C2S)
            || evidence.isInBlackHole(life.connection(), Direction.S2C);
    if (isBlackHole) {
      return Trouble.BLACK_HOLE;
    }
    if (reset.earlierRow() >= 0 && followsUntranslated(evidence, life, point, reset)) {
      return Trouble.UNTRANSLATED;
    }
    boolean isInjected =
        life.connection().pairs().stream()
            .anyMatch(pair -> evidence.injected(pair, from.reverse()).firstToEnd().isPresent());
    if (isInjected) {
      return Trouble.INJECTED_RESET;
    }
    return followsForeign(evidence, life, reset) ? Trouble.PROBABLY_INJECTED_RESET : Trouble.NONE;
  }

  /** Whether a RST that a device probably sent had ended the connection for its sender. */
  private static boolean followsForeign(Evidence evidence, Life life, Ending.Reset reset) {
    Direction other = reset.from().reverse();
    CapturePoint nearest = nearest(life, other);
    return reset.earlierRow() >= 0
        && RstProbablyInjected.of(evidence, life.at(nearest), other, nearest).stream()
            .anyMatch(one -> one.reaction() == ForeignReset.Reaction.ENDS);
  }

  /** Whether the RST before it answers a packet that a NAT let pass as it is. */
  private static boolean followsUntranslated(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    int frame = life.at(point).clientToServer().table().frame(reset.earlierRow());
    return evidence.comparison().untranslated().stream()
        .anyMatch(
            one ->
                (one.point().equals(point) && one.answers().contains(frame))
                    || (one.other().equals(point) && one.reached().contains(frame)));
  }

  /** Whether it answers a packet that a NAT let pass as it is: that finding tells of it. */
  private static boolean answersUntranslated(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    int frame = life.at(point).clientToServer().table().frame(reset.row());
    return evidence.comparison().answersWrongAddress(point, frame);
  }

  /** The point nearest the sender of a direction. */
  static CapturePoint nearest(Life life, Direction from) {
    return Evidence.nearestSender(life.connection(), from);
  }

  /** Whether every other point saw it too, or its capture ends before. */
  private static boolean isEverywhere(
      Evidence evidence, Life life, CapturePoint nearest, Ending.Reset reset) {
    long nanos = life.at(nearest).clientToServer().table().timeNanos(reset.row());
    return evidence.comparison().path().stream()
        .filter(capture -> life.endings().at(capture.point()).isPresent())
        .allMatch(
            capture ->
                (life.ending(capture.point()) instanceof Ending.Reset other
                        && other.from() == reset.from()
                        && !isInjected(evidence, life, capture.point(), other))
                    || !Reach.covers(
                        capture, evidence.comparison().timeAt(capture.point(), nearest, nanos)));
  }

  /** Whether the RST at a point was made on the way there. */
  private static boolean isInjected(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    return life.connection().pairs().stream()
        .filter(pair -> pair.farPoint(reset.from()).equals(point))
        .anyMatch(pair -> evidence.injected(pair, reset.from()).contains(reset.row()));
  }

  private static void report(
      Evidence evidence,
      Life life,
      CapturePoint point,
      Ending.Reset reset,
      SenderTtls ttls,
      Findings findings) {
    SegmentTable table = life.at(point).clientToServer().table();
    int flowTtl = ttls.expected(point, life.at(point).flow(reset.from()), reset.row());
    int ttl = table.ttl(reset.row());
    boolean provoked = reset.provokingRow() >= 0;
    CapturePoint nearest = nearest(life, reset.from());
    long otherBytes = otherOutstandingBytes(life, point, reset);
    long knownNanos = knownNanos(reset, table);
    Reason reason = Reason.of(reset, knownNanos);
    int earlier = reset.earlierRow();
    int earlierFlowTtl =
        earlier < 0
            ? -1
            : ttls.expected(point, life.at(point).flow(reset.from().reverse()), earlier);
    Occurrence occurrence = Occurrence.on(life.connection().id());
    if (earlier >= 0) {
      occurrence = occurrence.at(point, table.frame(earlier));
    }
    if (provoked) {
      occurrence = occurrence.at(point, table.frame(reset.provokingRow()));
    }
    for (CapturePoint seen : life.points()) {
      if (life.ending(seen) instanceof Ending.Reset other) {
        occurrence = occurrence.at(seen, life.at(seen).clientToServer().table().frame(other.row()));
      }
    }
    findings.add(
        new EndedByReset(
            reset.from(),
            point,
            new EndedByReset.SeenBy(
                life.points().size() > 1,
                point.equals(nearest) ? Optional.empty() : Optional.of(nearest)),
            reason,
            Data.of(reset, reason, otherBytes),
            reset.idleNanos() >= IDLE_NANOS,
            trouble(evidence, life, point, reset),
            ttl != flowTtl,
            earlier >= 0
                && InitialTtl.routers(table.ttl(earlier)) != InitialTtl.routers(earlierFlowTtl)),
        occurrence
            .saying(
                String.format(
                    "%s: RST of the %s in frame %d at %s%s%s, with %s outstanding%s%s%s%s",
                    life.name(point),
                    Words.sender(reset.from()),
                    table.frame(reset.row()),
                    point,
                    provoked
                        ? (reset.withoutConnection() ? ", in answer to" : ", right after")
                            + " frame "
                            + table.frame(reset.provokingRow())
                        : "",
                    reset.idleNanos() < LEAST_SILENCE_NANOS
                        ? ""
                        : ", after " + Words.seconds(reset.idleNanos()) + " of silence",
                    outstanding(reset, otherBytes),
                    reset.unreadBytes() == 0
                        ? ""
                        : "; only the RST acknowledges the last "
                            + Words.count(reset.unreadBytes(), "byte")
                            + " of the other end, which the application may never have read",
                    knownNanos < 0
                        ? ""
                        : String.format(
                            "; frame %d had acknowledged its FIN %s before",
                            table.frame(reset.finAcknowledgedRow()), Words.time(knownNanos)),
                    ttl == flowTtl
                        ? ""
                        : String.format("; its TTL is %d, the flow's %d", ttl, flowTtl),
                    earlier < 0
                        ? ""
                        : String.format(
                            "; the first RST is frame %d with TTL %d, the %s's other packets have"
                                + " %d",
                            table.frame(earlier),
                            table.ttl(earlier),
                            Words.sender(reset.from().reverse()),
                            earlierFlowTtl)))
            .with(
                Facts.of("outstanding_bytes", reset.ownOutstandingBytes() + otherBytes)
                    .and("outstanding_bytes_of_other_end", otherBytes)
                    .and("unread_bytes", reset.unreadBytes())
                    .and("idle_ms", reset.idleNanos() / 1e6)
                    .and("ttl", ttl)
                    .and("flow_ttl", flowTtl)));
  }

  /** Data in flight to the sender of a RST shows best where the other end sends it. */
  private static long otherOutstandingBytes(Life life, CapturePoint point, Ending.Reset reset) {
    CapturePoint others = nearest(life, reset.from().reverse());
    return !others.equals(point)
            && life.ending(others) instanceof Ending.Reset there
            && there.from() == reset.from()
        ? there.otherOutstandingBytes()
        : reset.neverAcknowledgedBytes();
  }

  /**
   * How long before the data that it answers its sender's FIN was acknowledged, -1 if it wasn't.
   */
  private static long knownNanos(Ending.Reset reset, SegmentTable table) {
    int acknowledged = reset.finAcknowledgedRow();
    return acknowledged >= 0 && acknowledged < reset.provokingRow() && reset.withoutConnection()
        ? table.timeNanos(reset.provokingRow()) - table.timeNanos(acknowledged)
        : -1;
  }

  /** Whose bytes are outstanding, such as {@code 1000 bytes of the client}. */
  private static String outstanding(Ending.Reset reset, long otherBytes) {
    String own =
        Words.count(reset.ownOutstandingBytes(), "byte") + " of the " + Words.sender(reset.from());
    String other =
        Words.count(otherBytes, "byte") + " of the " + Words.sender(reset.from().reverse());
    if (reset.ownOutstandingBytes() > 0) {
      return otherBytes > 0 ? own + " and " + other : own;
    }
    return otherBytes > 0 ? other : "nothing";
  }
}
