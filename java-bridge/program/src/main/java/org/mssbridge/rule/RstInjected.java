package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.ClosingSegments;
import org.mssbridge.evidence.Counterparts;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.SegmentBoundaries;
import org.mssbridge.evidence.TimeDifference;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** A RST or FIN that was created between two points: the point nearer its sender did not see it. */
final class RstInjected implements Rule {
  static final Kind KIND =
      new Kind(
          "rst.injected", Severity.WARN, Group.SECURITY, "a RST or FIN that its sender never sent");

  /** Devices hardly forget a connection that was idle for less. */
  private static final long IDLE_NANOS = 60_000_000_000L;

  /** The largest IP ID step within a connection, for hosts with one counter for all packets. */
  private static final int MAX_IP_ID_STEP = 64;

  /** How a segment's TTL compares with those of the flow's own segments. */
  private enum Ttl {
    SAME,
    OTHER,
    UNKNOWN
  }

  record Injected(
      Leg across,
      boolean fin,
      Ttl ttl,
      boolean earlierTimestamp,
      boolean bothWays,
      boolean afterIdle,
      boolean nearMissesOthers)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "a %s sent %s is at %s and never was at %s, nearer its sender: it was made between them%s",
          fin ? "FIN" : "RST",
          across.direction().label(),
          across.far(),
          across.near(),
          ttl == Ttl.OTHER ? ", and its TTL is not the flow's" : "");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("segment", fin ? "FIN" : "RST")
          .and("other_ttl_than_flow", ttl == Ttl.OTHER)
          .and("both_directions", bothWays)
          .and("after_idle", afterIdle);
    }

    @Override
    public List<Cause> causes() {
      List<String> forDevice = new ArrayList<>();
      List<String> againstDevice = new ArrayList<>();
      if (ttl != Ttl.UNKNOWN) {
        (ttl == Ttl.OTHER ? forDevice : againstDevice)
            .add(ttl == Ttl.OTHER ? "its TTL is not the flow's" : "its TTL is that of the flow");
      }
      if (earlierTimestamp) {
        forDevice.add("its TSval is below that of the sender's segment before it");
      }
      if (bothWays) {
        forDevice.add("both ends are sent one");
      }
      List<Cause> causes = new ArrayList<>();
      causes.add(
          new Cause(
              "a firewall, intrusion prevention or censor that ends the connection",
              forDevice,
              againstDevice,
              "RFC 3360"));
      causes.add(
          new Cause(
              "a firewall, NAT or load balancer that has forgotten the connection",
              afterIdle ? List.of("nothing was sent for a minute or more before it") : List.of(),
              afterIdle ? List.of() : List.of("the connection was not idle before it"),
              "RFC 5382, section 5"));
      causes.add(
          new Cause(
              "the capture at " + across.near() + " missed it",
              nearMissesOthers ? List.of("it misses data of this connection too") : List.of(),
              nearMissesOthers ? List.of() : List.of("it misses no data of this connection"),
              "by deduction from what both captures hold"));
      return causes;
    }

    @Override
    public String nextStep() {
      return "look into the logs of the devices " + across.between() + " at that time";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.passedPairs()) {
      if (evidence.middlebox(pair).isUndecided()) {
        continue;
      }
      List<Integer> fromClient = injected(evidence, pair, Direction.C2S);
      List<Integer> fromServer = injected(evidence, pair, Direction.S2C);
      boolean both = !fromClient.isEmpty() && !fromServer.isEmpty();
      report(pair, Direction.C2S, fromClient, both, findings);
      report(pair, Direction.S2C, fromServer, both, findings);
    }
  }

  /** The rows at the far point that were made between the points. */
  static List<Integer> injected(Evidence evidence, PairedConnection pair, Direction direction) {
    if (pair.farFlow(direction).firstClosingRow() < 0) {
      return List.of();
    }
    Optional<TimeDifference> difference = TimeDifference.of(evidence, pair, direction);
    if (difference.isEmpty()) {
      return List.of();
    }
    List<Integer> rows = ClosingSegments.onlyFar(pair, direction, difference.get().typicalNanos());
    if (rows.isEmpty()) {
      return rows;
    }
    int missed = missedNear(pair, direction);
    Suspect suspect = new Suspect(pair, direction);
    rows.removeIf(
        row ->
            !isCovered(pair, direction, row, difference.get())
                || ((missed > 0 || suspect.isNextIpId(row)) && suspect.ttl(row) != Ttl.OTHER));
    return rows;
  }

  /** Whether the near capture was running when the segment should have passed. */
  private static boolean isCovered(
      PairedConnection pair, Direction direction, int row, TimeDifference difference) {
    long nanos = pair.farFlow(direction).table().timeNanos(row);
    Coverage coverage = pair.nearCapture(direction).coverage();
    return nanos - difference.minNanos() <= coverage.untilNanos()
        && nanos - difference.typicalNanos() >= coverage.fromNanos();
  }

  /** The number of the connection's data segments that the near capture lacks. */
  private static int missedNear(PairedConnection pair, Direction direction) {
    CapturePoint near = pair.nearPoint(direction);
    SegmentBoundaries captured = SegmentBoundaries.at(pair, near, direction);
    Alignment.Sightings far = pair.alignment(direction).far();
    SegmentTable table = pair.farFlow(direction).table();
    int missed = pair.alignment(direction.reverse()).missed().segments();
    for (int i = 0; i < far.size(); i++) {
      long start = far.start()[i];
      long end = start + table.payloadBytes(far.row()[i]);
      missed += far.peers()[i] == 0 && !captured.holdsAnyOf(start, end) ? 1 : 0;
    }
    return missed;
  }

  /** Compares a segment with those of the flow that the near point saw too. */
  private static final class Suspect {
    private final Flow flow;
    private final SegmentTable table;
    private final Counterparts own;
    private final Silence silence;

    Suspect(PairedConnection pair, Direction direction) {
      flow = pair.farFlow(direction);
      table = flow.table();
      own = new Counterparts(pair, direction);
      silence = new Silence(pair.far(direction).flow(direction.reverse()));
    }

    Ttl ttl(int row) {
      if (own.isEmpty()) {
        return Ttl.UNKNOWN;
      }
      return own.hasTtl(table.ttl(row)) ? Ttl.SAME : Ttl.OTHER;
    }

    /** The last row of the flow itself before another one, -1 where there is none. */
    int before(int row) {
      return own.before(row);
    }

    /** Whether its IP ID continues the flow's: then the sender sent it and a capture missed it. */
    boolean isNextIpId(int row) {
      int ipId = table.ipId(row);
      int before = before(row);
      int beforeIpId = before < 0 ? -1 : table.ipId(before);
      return ipId > 0 && beforeIpId > 0 && ((ipId - beforeIpId) & 0xffff) <= MAX_IP_ID_STEP;
    }

    boolean isTimestampEarlier(int row) {
      int before = before(row);
      return before >= 0
          && table.hasTimestamp(row)
          && table.hasTimestamp(before)
          && table.timestamp(row) - table.timestamp(before) < 0;
    }

    /** The silence before a segment, in ns; rows are asked for in ascending order. */
    long idleNanos(int row) {
      return silence.before(row, before(row));
    }
  }

  /**
   * The longest silence before a segment since its sender's last one: up to what provoked it, or to
   * itself. Pauses before retransmissions are none.
   */
  private static final class Silence {
    private final SegmentTable table;

    /** The row of the receiver's flow that comes next. */
    private int next;

    /** The sender's last row. */
    private int last = -1;

    /** The latest row of either. */
    private int latest = -1;

    private boolean hasSent;
    private int highest;
    private long nanos;

    Silence(Flow receiver) {
      table = receiver.table();
      next = receiver.firstRow();
    }

    /** In ns; 0 where nothing came before. */
    long before(int row, int lastOfSender) {
      if (lastOfSender != last) {
        advance(lastOfSender);
        last = lastOfSender;
        latest = Math.max(latest, last);
        nanos = 0;
      }
      advance(row);
      return Math.max(nanos, since(row));
    }

    private void advance(int row) {
      for (; next >= 0 && next < row; next = table.next(next)) {
        if ((table.flags(next) & TcpFlags.RST) == 0) {
          int end = table.sequence(next) + table.payloadBytes(next);
          // A keep-alive repeats at most one byte (RFC 9293, section 3.8.4).
          if (!hasSent || end - highest > 0 || table.payloadBytes(next) <= 1) {
            nanos = Math.max(nanos, since(next));
          }
          highest = !hasSent || end - highest > 0 ? end : highest;
          hasSent = true;
          latest = next;
        }
      }
    }

    private long since(int row) {
      return latest < 0 ? 0 : table.timeNanos(row) - table.timeNanos(latest);
    }
  }

  private static void report(
      PairedConnection pair,
      Direction direction,
      List<Integer> rows,
      boolean bothWays,
      Findings findings) {
    if (rows.isEmpty()) {
      return;
    }
    int missed = missedNear(pair, direction);
    SegmentTable table = pair.farFlow(direction).table();
    Suspect suspect = new Suspect(pair, direction);
    for (int row : rows) {
      long idleNanos = suspect.idleNanos(row);
      boolean fin = (table.flags(row) & TcpFlags.RST) == 0;
      findings.add(
          new Injected(
              Legs.of(pair, direction),
              fin,
              suspect.ttl(row),
              suspect.isTimestampEarlier(row),
              bothWays,
              idleNanos >= IDLE_NANOS,
              missed > 0),
          Occurrence.on(pair.id())
              .at(pair.farPoint(direction), table.frame(row))
              .with(facts(table, row, suspect.before(row), idleNanos)));
    }
  }

  private static Facts facts(SegmentTable table, int row, int before, long idleNanos) {
    Facts facts =
        Facts.of("ttl", table.ttl(row))
            .and("ip_id", table.ipId(row))
            .and("idle_ms", idleNanos / 1e6);
    return before < 0
        ? facts
        : facts.and("flow_ttl", table.ttl(before)).and("flow_ip_id", table.ipId(before));
  }
}
