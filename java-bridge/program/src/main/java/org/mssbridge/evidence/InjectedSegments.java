package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.InjectedSegment.Crossing;
import org.mssbridge.evidence.InjectedSegment.Proof;
import org.mssbridge.evidence.InjectedSegment.Ttl;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The RSTs and FINs of one direction that were made on the way. Where the near capture cannot show
 * an absence, the time of the answer and the TTL may show it.
 *
 * @param found those that were made on the way, in the order of the capture
 * @param undecided rows of RSTs at the far point of which nothing tells where they were made
 * @param missedNear the number of the connection's data segments that the near capture lacks
 * @param firstAnsweredRow the first segment of the other direction that a RST surely made between
 *     the points answers, or else that RST, by its row at the far point: from there on the device
 *     between lets nothing pass; {@link Integer#MAX_VALUE} where there is none
 * @param isTimestampEarlier whether the TSval of any is below that of the segment before it
 */
public record InjectedSegments(
    List<InjectedSegment> found,
    List<Integer> undecided,
    int missedNear,
    int firstAnsweredRow,
    boolean isTimestampEarlier) {
  /** None. */
  public static final InjectedSegments NONE =
      new InjectedSegments(List.of(), List.of(), 0, Integer.MAX_VALUE, false);

  /** An answer comes at most this long after what provoked it. */
  private static final long MAX_ANSWER_NANOS = 1_000_000_000;

  /** Queues hardly delay an answer by more than this beyond the shortest time. */
  private static final long MAX_QUEUED_NANOS = 200_000_000;

  /** So many segments are looked at that a RST may answer. */
  private static final int MAX_CANDIDATES = 64;

  /** So many times sooner than the sender itself an answer is not the sender's. */
  private static final int SOONER = 4;

  public InjectedSegments {
    found = List.copyOf(found);
    undecided = List.copyOf(undecided);
  }

  static InjectedSegments of(Evidence evidence, PairedConnection pair, Direction direction) {
    if (pair.farFlow(direction).firstClosingRow() < 0
        || ClosingSegments.areSurelySent(pair, direction)) {
      return NONE;
    }
    Optional<TimeDifference> difference = TimeDifference.of(evidence, pair, direction);
    if (difference.isEmpty()) {
      return NONE;
    }
    List<Integer> rows = ClosingSegments.onlyFar(pair, direction, difference.get());
    if (rows.isEmpty()) {
      return NONE;
    }
    return new Search(evidence, pair, direction, difference.get()).among(rows);
  }

  /** The first that its receiver does not ignore. */
  public Optional<InjectedSegment> firstToEnd() {
    return found.stream().filter(segment -> !segment.ignored()).findFirst();
  }

  /** Whether a segment at the far point is one of them. */
  public boolean contains(int row) {
    return found.stream().anyMatch(segment -> segment.row() == row);
  }

  private static int firstAnsweredRow(List<InjectedSegment> found) {
    return found.stream()
        .filter(one -> !one.fin() && one.isBetween() && !one.ignored())
        .mapToInt(InjectedSegment::earliestRow)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /** Looks at the suspects of one direction; they are asked for in ascending order. */
  private static final class Search {
    private final PairedConnection pair;
    private final Direction direction;
    private final TimeDifference difference;
    private final long roundTripNanos;
    private final SegmentTable table;
    private final Flow receiver;
    private final Counterparts own;
    private final Silence silence;
    private final int missedNear;
    private final long leastAnswerNanos;

    /** The row of the receiver's flow that comes next. */
    private int next;

    /** The receiver's last row before that one with an acknowledgment, -1 where there is none. */
    private int acknowledging = -1;

    /** Its last one of all. */
    private final int latest;

    /** The receiver's rows up to there that a RST may answer, by what they acknowledge. */
    private final Map<Integer, Queue<Integer>> unanswered = new HashMap<>();

    Search(
        Evidence evidence, PairedConnection pair, Direction direction, TimeDifference difference) {
      this.pair = pair;
      this.direction = direction;
      this.difference = difference;
      // The offset of the clocks cancels out.
      roundTripNanos =
          TimeDifference.of(evidence, pair, direction.reverse())
              .map(back -> back.minNanos() + difference.minNanos())
              .orElse(0L);
      table = pair.farFlow(direction).table();
      receiver = pair.far(direction).flow(direction.reverse());
      next = receiver.firstRow();
      latest = latest();
      own = new Counterparts(pair, direction);
      silence = new Silence(pair.farFlow(direction), receiver);
      missedNear = countMissedNear(evidence.injectedData(pair, direction));
      leastAnswerNanos = own.leastAnswerNanos(receiver);
    }

    InjectedSegments among(List<Integer> rows) {
      List<InjectedSegment> found = new ArrayList<>();
      List<Integer> undecided = new ArrayList<>();
      // Each segment has its answer: once the first pair is known, the others follow.
      boolean isInTurn = false;
      for (int row : rows) {
        Queue<Integer> candidates = candidates(row);
        long soonestNanos = answerNanos(row, earliest(row, candidates));
        boolean known = candidates.size() <= 1 || isInTurn || isAfterIdle(row);
        int answered = candidates.isEmpty() ? acknowledged(row) : answered(candidates);
        Proof proof = proof(row, soonestNanos);
        if (proof != null) {
          isInTurn = known && answered >= 0;
          found.add(segment(row, answered, known, proof, soonestNanos));
        } else if (isRst(row) && isAfterNear(row)) {
          undecided.add(row);
        }
      }
      return found.isEmpty() && undecided.isEmpty()
          ? NONE
          : new InjectedSegments(
              found,
              undecided,
              missedNear,
              firstAnsweredRow(found),
              found.stream().anyMatch(InjectedSegment::isTimestampEarlier));
    }

    private boolean isRst(int row) {
      return (table.flags(row) & TcpFlags.RST) != 0;
    }

    /** What shows that a segment was made on the way; null where nothing does. */
    private Proof proof(int row, long soonestNanos) {
      boolean otherTtl = ttl(row) == Ttl.OTHER;
      if (isCovered(row)) {
        return otherTtl || (missedNear == 0 && !isNextIpId(row)) ? Proof.ABSENCE : null;
      }
      if (!isRst(row) || !isAfterNear(row) || (isNextIpId(row) && !otherTtl)) {
        return null;
      }
      if (isTooSoon(soonestNanos, leastAnswerNanos)) {
        return Proof.TIME;
      }
      return otherTtl && !isNextIpId(row) ? Proof.TTL : null;
    }

    /** Whether a silence shows what provoked it: in a stream of segments it may be any of them. */
    private boolean isAfterIdle(int row) {
      return silence.before(row, own.before(row)) >= InjectedSegment.LEAST_IDLE_NANOS;
    }

    private InjectedSegment segment(
        int row, int possible, boolean known, Proof proof, long soonestNanos) {
      int answered = known ? possible : -1;
      int before = own.before(row);
      long idleNanos = silence.before(row, before);
      return new InjectedSegment(
          row,
          !isRst(row),
          proof,
          proof == Proof.ABSENCE
              || (proof == Proof.TIME && isTooSoon(soonestNanos, roundTripNanos)),
          ttl(row),
          isTimestampEarlier(row, before),
          before,
          answered,
          possible >= 0 ? possible : row,
          crossing(answered),
          answerNanos(row, answered),
          isTooSoon(soonestNanos, leastAnswerNanos) ? leastAnswerNanos : 0,
          idleNanos,
          silence.survivedNanos(before),
          isIgnored(row),
          isOtherNumber(row));
    }

    /** Whether the receiver of a RST acknowledges more of the stream afterwards. */
    private boolean isIgnored(int reset) {
      if (!isRst(reset)) {
        return false;
      }
      return hasAcknowledged()
          && latest > reset
          && table.timeNanos(latest) > table.timeNanos(reset) + underWayNanos()
          && table.acknowledgment(latest) - expected() > 0;
    }

    /** How long what the receiver sent before a RST reached it may still pass the far point. */
    private long underWayNanos() {
      return HandshakeGaps.of(pair.far(direction))
          .map(gaps -> gaps.toNanos(direction.reverse()))
          .map(nanos -> Math.max(MAX_QUEUED_NANOS, SOONER * nanos))
          .orElse(MAX_ANSWER_NANOS);
    }

    private boolean isOtherNumber(int reset) {
      return hasAcknowledged() && table.sequence(reset) != expected();
    }

    private boolean hasAcknowledged() {
      return acknowledging >= 0;
    }

    /** The sequence number that the receiver expects, by what it acknowledged so far. */
    private int expected() {
      return table.acknowledgment(acknowledging);
    }

    private boolean acknowledges(int row) {
      return (table.flags(row) & (TcpFlags.RST | TcpFlags.ACK)) == TcpFlags.ACK;
    }

    /** The receiver's last row with an acknowledgment, -1 where there is none. */
    private int latest() {
      int last = -1;
      for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
        last = acknowledges(row) ? row : last;
      }
      return last;
    }

    private static boolean isTooSoon(long answerNanos, long leastNanos) {
      return answerNanos >= 0 && answerNanos * SOONER < leastNanos;
    }

    private long answerNanos(int row, int answered) {
      return answered < 0 ? -1 : table.timeNanos(row) - table.timeNanos(answered);
    }

    /** Whether the near capture was running when the segment should have passed. */
    private boolean isCovered(int row) {
      long nanos = table.timeNanos(row);
      Coverage coverage = pair.nearCapture(direction).coverage();
      return nanos - difference.minNanos() <= coverage.untilNanos()
          && nanos - difference.typicalNanos() >= coverage.fromNanos();
    }

    /** Whether the near capture has no packet as late as this. */
    private boolean isAfterNear(int row) {
      return table.timeNanos(row) - difference.minNanos()
          > pair.nearCapture(direction).coverage().untilNanos();
    }

    /**
     * The segments that a RST can answer, the earliest first: a host without the connection answers
     * with the number that was acknowledged, and without ACK (RFC 9293, section 3.10.7.1).
     */
    private Queue<Integer> candidates(int row) {
      for (; next >= 0 && next < row; next = table.next(next)) {
        if (acknowledges(next)) {
          acknowledging = next;
          unanswered
              .computeIfAbsent(table.acknowledgment(next), number -> new ArrayDeque<>(1))
              .add(next);
        }
      }
      if ((table.flags(row) & (TcpFlags.RST | TcpFlags.ACK)) != TcpFlags.RST) {
        return new ArrayDeque<>(0);
      }
      Queue<Integer> possible =
          unanswered.computeIfAbsent(table.sequence(row), number -> new ArrayDeque<>(1));
      int from = own.before(row);
      long since = table.timeNanos(row) - MAX_ANSWER_NANOS;
      while (!possible.isEmpty()
          && (possible.peek() <= from || table.timeNanos(possible.peek()) < since)) {
        possible.remove();
      }
      return possible;
    }

    /**
     * The earliest candidate that the sender itself may be answering now, -1 where there is none.
     */
    private int earliest(int row, Queue<Integer> candidates) {
      long since = table.timeNanos(row) - Math.max(MAX_QUEUED_NANOS, SOONER * leastAnswerNanos);
      return candidates.stream()
          .limit(MAX_CANDIDATES)
          .filter(candidate -> table.timeNanos(candidate) >= since)
          .findFirst()
          .orElse(-1);
    }

    /** The candidate that is answered, -1 where there is none; it is answered once. */
    private int answered(Queue<Integer> candidates) {
      int answered =
          candidates.stream()
              .limit(MAX_CANDIDATES)
              .filter(candidate -> table.payloadBytes(candidate) > 0)
              .findFirst()
              .orElseGet(() -> candidates.isEmpty() ? -1 : candidates.peek());
      while (!candidates.isEmpty() && candidates.peek() <= answered) {
        candidates.remove();
      }
      return answered;
    }

    /**
     * The data that a RST with ACK acknowledges to its last byte, -1 where there is none. Its time
     * proves nothing: an application may abort at any time.
     */
    private int acknowledged(int row) {
      if ((table.flags(row) & (TcpFlags.RST | TcpFlags.ACK)) != (TcpFlags.RST | TcpFlags.ACK)) {
        return -1;
      }
      int from = own.before(row);
      long since = table.timeNanos(row) - MAX_ANSWER_NANOS;
      return unanswered.getOrDefault(table.sequence(row), new ArrayDeque<>(0)).stream()
          .limit(MAX_CANDIDATES)
          .filter(candidate -> candidate > from && table.timeNanos(candidate) >= since)
          .filter(candidate -> table.payloadBytes(candidate) > 0)
          .filter(
              candidate ->
                  table.sequence(candidate) + table.payloadBytes(candidate)
                      == table.acknowledgment(row))
          .findFirst()
          .orElse(-1);
    }

    private Crossing crossing(int answered) {
      Alignment alignment = pair.alignment(direction.reverse());
      int index = answered < 0 ? -1 : Arrays.binarySearch(alignment.near().row(), answered);
      if (index < 0) {
        return Crossing.UNKNOWN;
      }
      if (alignment.near().peers()[index] > 0) {
        return Crossing.ARRIVED;
      }
      return Arrays.binarySearch(alignment.lost().index(), index) >= 0
          ? Crossing.LOST
          : Crossing.UNKNOWN;
    }

    private Ttl ttl(int row) {
      if (own.isEmpty()) {
        return Ttl.UNKNOWN;
      }
      return own.hasTtl(table.ttl(row)) ? Ttl.SAME : Ttl.OTHER;
    }

    /** Whether its IP ID continues the flow's: then the sender sent it and a capture missed it. */
    private boolean isNextIpId(int row) {
      return own.isNextIpId(row);
    }

    private boolean isTimestampEarlier(int row, int before) {
      return before >= 0
          && table.hasTimestamp(row)
          && table.hasTimestamp(before)
          && table.timestamp(row) - table.timestamp(before) < 0;
    }

    /** The number of the connection's data segments that the near capture lacks. */
    private int countMissedNear(InjectedData injected) {
      SegmentBoundaries captured = SegmentBoundaries.at(pair, pair.nearPoint(direction), direction);
      Alignment.Sightings far = pair.alignment(direction).far();
      int missed = pair.alignment(direction.reverse()).missed().segments();
      for (int i = 0; i < far.size(); i++) {
        long start = far.start()[i];
        long end = start + table.payloadBytes(far.row()[i]);
        boolean isMissed = far.peers()[i] == 0 && !captured.holdsAnyOf(start, end);
        missed += isMissed && !injected.contains(far.row()[i]) ? 1 : 0;
      }
      return missed;
    }
  }

  /**
   * The longest silence before a segment since its sender's last one: up to what provoked it, or to
   * itself. Pauses before retransmissions are none.
   */
  private static final class Silence {
    private final SegmentTable table;
    private final Flow sender;
    private final Flow receiver;

    /** The row of the receiver's flow that comes next. */
    private int next;

    /** The sender's last row. */
    private int last = -1;

    /** The latest row of either. */
    private int latest = -1;

    private boolean hasSent;
    private int highest;
    private long nanos;

    private final Map<Integer, Long> survived = new HashMap<>();

    Silence(Flow sender, Flow receiver) {
      this.sender = sender;
      this.receiver = receiver;
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

    /** The longest time without a segment of either end up to the sender's last one, in ns. */
    long survivedNanos(int lastOfSender) {
      return survived.computeIfAbsent(lastOfSender, this::longestUpTo);
    }

    private long longestUpTo(int end) {
      int one = sender.firstRow();
      int other = receiver.firstRow();
      int previous = -1;
      long longest = 0;
      while ((one >= 0 && one <= end) || (other >= 0 && other <= end)) {
        boolean first = other < 0 || (one >= 0 && one < other);
        int row = first ? one : other;
        longest =
            previous < 0 ? 0 : Math.max(longest, table.timeNanos(row) - table.timeNanos(previous));
        previous = row;
        one = first ? table.next(one) : one;
        other = first ? other : table.next(other);
      }
      return longest;
    }
  }
}
