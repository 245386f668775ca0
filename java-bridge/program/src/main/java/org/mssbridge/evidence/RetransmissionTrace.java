package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Retransmissions.Amount;
import org.mssbridge.evidence.Retransmissions.Cause;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * Follows the data of one direction of a connection that is sent again: whether the receiver had
 * it, and if not, what became of the transmission before, from point to point. A proxy ends a
 * connection, so that its two sides are followed by themselves.
 */
final class RetransmissionTrace {
  /** As for {@link NeedlessRepeats}: room for a host that takes the acknowledgment late. */
  private static final long SLACK_NANOS = 10_000_000L;

  private static final int LATEST_ROUND_TRIPS = 2;

  /** The parts of a segment are among so many arrivals; what is farther apart is not looked for. */
  private static final int MOST_APART = 4096;

  private final Evidence evidence;
  private final TracedConnection traced;
  private final Direction direction;
  private final List<CapturePoint> points;
  private final List<PairedConnection> pairs;
  private final Map<Cause, Amount> causes = new HashMap<>();
  private final boolean isFollowed;

  /** At each point. */
  private final List<Reports> reports = new ArrayList<>();

  /** Frames at the first point: those that the receiver reports as duplicates. */
  private final Set<Integer> reportedTwice;

  /** Frames at the first point with bytes that surely left the sender before. */
  private final Set<Integer> lateFrames;

  /** Bytes of which the second point saw a transmission that the first one lacks. */
  private final LatestRanges unseen = new LatestRanges();

  /** What one point saw of what the receiver reports. */
  private record Reports(
      SegmentTable table, FirstAcknowledgments acknowledgments, FirstSacks sacks, long sideNanos) {
    /** The row of the segment that first reports all of a range as received; -1 for none. */
    int rowOf(long start, long end) {
      int acknowledged = acknowledgments.rowOf(end);
      int sacked = sacks.rowOf(start, end);
      return acknowledged < 0 || (sacked >= 0 && sacked < acknowledged) ? sacked : acknowledged;
    }

    /**
     * Whether a row acknowledges all up to a position, long before another one. Where the way to
     * the sender is not known, any wait may be long: then a lost acknowledgment and a late one are
     * not told apart.
     */
    boolean isLongBefore(int row, int repeatRow, long end) {
      return acknowledgments.rowOf(end) == row
          && table.timeNanos(repeatRow) - table.timeNanos(row)
              > LATEST_ROUND_TRIPS * Math.max(0, sideNanos) + SLACK_NANOS;
    }

    /**
     * Whether a receiver that has a range would have said so before a row: it is the next that it
     * waits for, or it reports what comes after a gap.
     */
    boolean wouldShow(long start, int row) {
      return sacks.isUsed() || acknowledgments.positionBefore(row) >= start;
    }
  }

  /**
   * A segment that carries bytes again.
   *
   * @param rows the rows of it, or of its first part, at all points that it reached
   */
  private record Repeat(RepeatedSegment segment, List<Integer> rows) {}

  private RetransmissionTrace(
      Evidence evidence,
      TracedConnection traced,
      Direction direction,
      List<CapturePoint> points,
      List<PairedConnection> pairs) {
    this.evidence = evidence;
    this.traced = traced;
    this.direction = direction;
    this.points = points;
    this.pairs = pairs;
    boolean repeats = flow(0).repeatedSegments() > 0 && flow(0).firstDataRow() >= 0;
    boolean mayRepeatUnseen =
        !pairs.isEmpty() && flow(1).repeatedSegments() > 0 && flow(0).firstDataRow() >= 0;
    isFollowed = !(repeats || mayRepeatUnseen) || canBeFollowed();
    CaptureDuplicates duplicates =
        evidence.comparison().duplicates().at(points.get(0)).orElseThrow();
    List<RepeatedSegment> repeated =
        repeats && isFollowed
            ? RepeatedSegment.of(seen(0), direction, base(0), duplicates)
            : List.of();
    if (mayRepeatUnseen && isFollowed) {
      addRepeatsOfUnseen(repeated.stream().map(RepeatedSegment::row).collect(Collectors.toSet()));
    }
    if (repeated.isEmpty()) {
      reportedTwice = Set.of();
      lateFrames = Set.of();
      return;
    }
    reportedTwice =
        NeedlessRepeats.of(seen(0), direction, duplicates).stream()
            .filter(repeat -> repeat.why() == NeedlessRepeats.Why.REPORTED)
            .map(NeedlessRepeats.Repeat::frame)
            .collect(Collectors.toSet());
    lateFrames =
        new HashSet<>(SentAgain.of(seen(0), direction, duplicates, Set.of()).before().frames());
    for (int k = 0; k < points.size(); k++) {
      Flow receiver = seen(k).flow(direction.reverse());
      reports.add(
          new Reports(
              flow(k).table(),
              new FirstAcknowledgments(receiver, base(k)),
              new FirstSacks(flow(k), receiver, base(k)),
              HandshakeGaps.of(seen(k)).map(gaps -> gaps.toNanos(direction)).orElse(-1L)));
    }
    noteUnseen();
    judge(repeated.stream().map(segment -> new Repeat(segment, rowsFrom(segment.row()))).toList());
  }

  /** The parts of a connection's directions that no proxy divides. */
  static List<RetransmissionTrace> of(Evidence evidence, TracedConnection traced) {
    List<RetransmissionTrace> all = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      List<PairedConnection> pairs = new ArrayList<>(traced.pairs());
      CapturePoint first = Evidence.nearestSender(traced, direction);
      if (!pairs.isEmpty() && !pairs.get(0).nearPoint(direction).equals(first)) {
        Collections.reverse(pairs);
      }
      List<CapturePoint> points = new ArrayList<>(List.of(first));
      List<PairedConnection> passed = new ArrayList<>();
      for (PairedConnection pair : pairs) {
        if (evidence.middlebox(pair).endsConnections()) {
          all.add(new RetransmissionTrace(evidence, traced, direction, points, passed));
          points = new ArrayList<>();
          passed = new ArrayList<>();
        } else {
          passed.add(pair);
        }
        points.add(pair.farPoint(direction));
      }
      all.add(new RetransmissionTrace(evidence, traced, direction, points, passed));
    }
    return all;
  }

  int connection() {
    return traced.id();
  }

  Direction direction() {
    return direction;
  }

  List<CapturePoint> points() {
    return points;
  }

  /** Whether the segments can be told apart; otherwise nothing is said. */
  boolean isFollowed() {
    return isFollowed;
  }

  Map<Cause, Amount> causes() {
    return causes;
  }

  private Connection seen(int point) {
    return traced.at().at(points.get(point)).orElseThrow();
  }

  private Flow flow(int point) {
    return seen(point).flow(direction);
  }

  private int base(int point) {
    if (!pairs.isEmpty()) {
      return pairs.get(Math.max(0, point - 1)).base(points.get(point), direction);
    }
    Flow flow = flow(0);
    return flow.isn().orElse(flow.table().sequence(flow.firstDataRow()) - 1);
  }

  private boolean canBeFollowed() {
    return seen(0).clientToServer().table().isTimed()
        && pairs.stream()
            .map(pair -> pair.alignment(direction))
            .allMatch(alignment -> alignment.isFollowed() && alignment.lengthChanges().isEmpty());
  }

  private Alignment alignment(int leg) {
    return pairs.get(leg).alignment(direction);
  }

  /** The number of a row among the transmissions on a leg; negative where it is none of them. */
  private int index(int leg, int row) {
    return Arrays.binarySearch(alignment(leg).near().row(), row);
  }

  /** The row of a segment at the first point, and of its first part at each point it reaches. */
  private List<Integer> rowsFrom(int firstRow) {
    List<Integer> rows = new ArrayList<>(List.of(firstRow));
    int row = firstRow;
    for (int leg = 0; leg < pairs.size(); leg++) {
      int index = index(leg, row);
      row = index < 0 ? -1 : alignment(leg).near().peerRow()[index];
      if (row < 0) {
        break;
      }
      rows.add(row);
    }
    return rows;
  }

  private void noteUnseen() {
    if (!pairs.isEmpty()) {
      Alignment.Sightings far = alignment(0).far();
      SegmentTable table = flow(1).table();
      for (int i = 0; i < far.size(); i++) {
        if (far.peerRow()[i] < 0) {
          long start = far.start()[i];
          unseen.put(start, start + table.payloadBytes(far.row()[i]), i);
        }
      }
    }
  }

  /**
   * Adds what the first point saw once only although it left the sender before, as the second point
   * saw: its capture may begin in between. What became of the transmission before is not known.
   *
   * @param judged rows at the first point of segments that it saw to be sent again
   */
  private void addRepeatsOfUnseen(Set<Integer> judged) {
    Alignment alignment = alignment(0);
    Alignment.Sightings far = alignment.far();
    SegmentTable table = flow(1).table();
    NetworkCopy copies = new NetworkCopy(seen(1));
    BitSet duplicated = new BitSet();
    Arrays.stream(alignment.duplicated()).forEach(duplicated::set);
    InjectedData injected = evidence.injectedData(pairs.get(0), direction);
    LatestRanges before = new LatestRanges();
    for (int i = 0; i < far.size(); i++) {
      int row = far.row()[i];
      long start = far.start()[i];
      long end = start + table.payloadBytes(row);
      if (far.peerRow()[i] < 0) {
        if (!duplicated.get(i) && !injected.contains(row)) {
          before.put(start, end, row);
        }
        continue;
      }
      long[] bytes = {0};
      before.forEach(
          start, end, (from, to, earlier) -> bytes[0] += copies.is(row, earlier) ? 0 : to - from);
      if (bytes[0] > 1 && !judged.contains(far.peerRow()[i])) {
        addMissed(far.peerRow()[i], bytes[0]);
      }
    }
    addLostRepeatsOfUnseen(judged, before);
  }

  /** The same for what does not reach the second point: by the clocks it was sent later. */
  private void addLostRepeatsOfUnseen(Set<Integer> judged, LatestRanges before) {
    Alignment.Sightings near = alignment(0).near();
    OptionalDouble uncertain =
        ClockUncertainty.nanos(evidence, new Leg(direction, points.get(0), points.get(1)));
    for (int i = 0; i < near.size() && uncertain.isPresent(); i++) {
      int row = near.row()[i];
      if (near.peerRow()[i] >= 0 || judged.contains(row)) {
        continue;
      }
      long start = near.start()[i];
      long until = flow(0).table().timeNanos(row) - Math.round(uncertain.getAsDouble());
      long[] bytes = {0};
      before.forEach(
          start,
          start + flow(0).table().payloadBytes(row),
          (from, to, earlier) -> bytes[0] += timeAtFirst(earlier) < until ? to - from : 0);
      if (bytes[0] > 1) {
        addMissed(row, bytes[0]);
      }
    }
  }

  /** The time of a row of the second point, on the clock of the first. */
  private long timeAtFirst(int row) {
    return evidence
        .comparison()
        .timeAt(points.get(0), points.get(1), flow(1).table().timeNanos(row));
  }

  private void addMissed(int row, long bytes) {
    add(flow(0).table().frame(row), Map.of(Cause.of(RetransmissionCause.MISSED), bytes));
  }

  private void judge(List<Repeat> repeats) {
    int last = points.size() - 1;
    // Until which row at the last point a report is about a transmission before; -1 where a repeat
    // may have passed that its capture lacks.
    int[] limits = new int[repeats.size()];
    LatestRanges later = new LatestRanges();
    for (int i = repeats.size() - 1; i >= 0; i--) {
      Repeat repeat = repeats.get(i);
      boolean reaches = repeat.rows().size() > last;
      int[] limit = {reaches ? repeat.rows().get(last) : Integer.MAX_VALUE};
      for (RepeatedSegment.Piece piece : repeat.segment().pieces()) {
        if (reaches) {
          later.put(piece.start(), piece.end(), limit[0]);
        } else {
          later.forEach(
              piece.start(), piece.end(), (start, end, row) -> limit[0] = Math.min(limit[0], row));
        }
      }
      limits[i] = reaches || isLost(repeat) ? limit[0] : -1;
    }
    for (int i = 0; i < limits.length; i++) {
      Repeat repeat = repeats.get(i);
      add(flow(0).table().frame(repeat.segment().row()), judged(repeat, limits[i]));
    }
  }

  /** Whether a segment that does not reach the last point was surely lost on its way there. */
  private boolean isLost(Repeat repeat) {
    int leg = repeat.rows().size() - 1;
    int index = index(leg, repeat.rows().get(leg));
    return index >= 0 && Arrays.binarySearch(alignment(leg).lost().index(), index) >= 0;
  }

  /**
   * Adds the bytes of one segment by cause; the segment counts where most of them are whose cause
   * is known, as one known reason is enough to send it.
   */
  private void add(int frame, Map<Cause, Long> bytes) {
    Cause unknown = Cause.of(RetransmissionCause.UNKNOWN);
    Cause most = null;
    for (Map.Entry<Cause, Long> entry : bytes.entrySet()) {
      boolean isMore = most == null || entry.getValue() > bytes.get(most);
      if ((isMore && !entry.getKey().equals(unknown)) || most == null || most.equals(unknown)) {
        most = entry.getKey();
      }
    }
    for (Map.Entry<Cause, Long> entry : bytes.entrySet()) {
      Amount amount =
          entry.getKey().equals(most)
              ? new Amount(1, entry.getValue(), List.of(frame))
              : new Amount(0, entry.getValue(), List.of());
      causes.merge(entry.getKey(), amount, Amount::and);
    }
  }

  private Map<Cause, Long> judged(Repeat repeat, int limit) {
    Map<Cause, Long> bytes = new LinkedHashMap<>();
    boolean isLate = lateFrames.contains(flow(0).table().frame(repeat.segment().row()));
    for (RepeatedSegment.Piece piece : repeat.segment().pieces()) {
      if (!piece.isFirstSeen()) {
        new Judgment(repeat, limit, bytes).judge(piece);
      } else if (isLate) {
        RetransmissionCause cause =
            isMissedAtFirst(piece, repeat.segment().row())
                ? RetransmissionCause.MISSED
                : RetransmissionCause.LOST_BEFORE;
        count(bytes, Cause.of(cause), piece.bytes());
      }
    }
    return bytes;
  }

  private static void count(Map<Cause, Long> bytes, Cause cause, long more) {
    if (more > 0) {
      bytes.merge(cause, more, Long::sum);
    }
  }

  /**
   * Whether the first capture lacks bytes that left the sender: others saw them, or it is there and
   * no other would show that they did not come that far.
   *
   * @param repeatRow the row that carries them in the end
   */
  private boolean isMissedAtFirst(RepeatedSegment.Piece piece, int repeatRow) {
    return unseen.overlaps(piece.start(), piece.end())
        || (HandshakeGaps.isBeside(seen(0), direction) && !secondCovers(repeatRow));
  }

  /** Whether the second point's capture covers all from the first data to a row of the first. */
  private boolean secondCovers(int untilRow) {
    return !pairs.isEmpty()
        && Reach.coversFar(
            pairs.get(0), direction, flow(0).table().timeNanos(flow(0).firstDataRow()))
        && Reach.coversFar(pairs.get(0), direction, flow(0).table().timeNanos(untilRow));
  }

  /**
   * Where an acknowledgment was lost that passed a point and not the one nearer the sender; empty
   * where it may only be late.
   */
  private Optional<Cause> acknowledgmentLost(int point, int row) {
    PairedConnection pair = pairs.get(point - 1);
    Direction back = direction.reverse();
    SegmentTable table = flow(point).table();
    LostControl control = evidence.lostControl(pair, back);
    Alignment data = pair.alignment(back);
    int index = Arrays.binarySearch(data.near().row(), row);
    boolean isLost =
        table.payloadBytes(row) == 0
            ? Collections.binarySearch(control.frames(), table.frame(row)) >= 0
                || Collections.binarySearch(control.unmissedFrames(), table.frame(row)) >= 0
            : index >= 0 && Arrays.binarySearch(data.lost().index(), index) >= 0;
    return isLost
        ? Optional.of(
            new Cause(
                RetransmissionCause.ACK_LOST,
                Optional.of(new Leg(back, points.get(point), points.get(point - 1)))))
        : Optional.empty();
  }

  /** Finds why a segment was sent again. */
  private final class Judgment {
    private final Repeat repeat;

    /** The row at the last point from which on a report is about a later transmission. */
    private final int limit;

    private final Map<Cause, Long> bytes;

    Judgment(Repeat repeat, int limit, Map<Cause, Long> bytes) {
      this.repeat = repeat;
      this.limit = limit;
      this.bytes = bytes;
    }

    void judge(RepeatedSegment.Piece piece) {
      Optional<Cause> cause = received(piece.start(), piece.end());
      if (cause.isPresent()) {
        bytes.merge(cause.get(), piece.bytes(), Long::sum);
      } else {
        follow(0, piece.beforeRow(), piece.start(), piece.end());
      }
    }

    /**
     * Why bytes are repeated that the receiver had, as its reports before the repetition show;
     * empty where they do not.
     */
    private Optional<Cause> received(long start, long end) {
      for (int k = 0; k < repeat.rows().size(); k++) {
        Reports at = reports.get(k);
        int row = at.rowOf(start, end);
        int repeatRow = repeat.rows().get(k);
        if (row >= 0 && row < repeatRow) {
          return Optional.of(needlessAt(k, row, at.isLongBefore(row, repeatRow, end)));
        }
      }
      int reported = reports.get(points.size() - 1).rowOf(start, end);
      return reported >= 0 && reported < limit ? Optional.of(needless()) : Optional.empty();
    }

    private static Cause needless() {
      return Cause.of(RetransmissionCause.NEEDLESS);
    }

    private Cause needlessAt(int point, int row, boolean isLongBefore) {
      if (!isLongBefore) {
        return needless();
      }
      if (point > 0) {
        return acknowledgmentLost(point, row).orElse(needless());
      }
      return HandshakeGaps.isBeside(seen(0), direction)
          ? needless()
          : Cause.of(RetransmissionCause.ACK_LOST);
    }

    /** What is said of bytes whose fate is not known, unless the receiver reports them twice. */
    private Cause unlessReportedTwice(RetransmissionCause cause) {
      return reportedTwice.contains(flow(0).table().frame(repeat.segment().row()))
          ? needless()
          : Cause.of(cause);
    }

    /** Why bytes are repeated that passed the last point. */
    private Cause passed(long start, long end) {
      boolean wouldShow = reports.get(points.size() - 1).wouldShow(start, limit);
      return received(start, end)
          .orElse(
              unlessReportedTwice(
                  wouldShow ? RetransmissionCause.LOST_AFTER : RetransmissionCause.UNKNOWN));
    }

    /** Adds what became of the bytes of a transmission from a point on. */
    private void follow(int point, int row, long start, long end) {
      if (point == pairs.size()) {
        bytes.merge(passed(start, end), end - start, Long::sum);
        return;
      }
      Alignment alignment = alignment(point);
      int index = index(point, row);
      if (index < 0) {
        count(bytes, unlessReportedTwice(RetransmissionCause.UNKNOWN), end - start);
        return;
      }
      long lost = overlap(alignment.lost(), index, start, end);
      long missed = overlap(alignment.missed(), index, start, end);
      if (lost > 0) {
        Leg leg = new Leg(direction, points.get(point), points.get(point + 1));
        bytes.merge(new Cause(RetransmissionCause.LOST_BETWEEN, Optional.of(leg)), lost, Long::sum);
      }
      long rest = end - start - lost - missed - carried(point, index, start, end);
      if (missed + rest > 0) {
        long past = lostPast(point, row, start, end);
        long ofMissed = Math.min(missed, past);
        missed -= ofMissed;
        rest -= Math.min(rest, past - ofMissed);
      }
      count(bytes, unlessReportedTwice(RetransmissionCause.MISSED), missed);
      count(bytes, unlessReportedTwice(RetransmissionCause.UNKNOWN), rest);
    }

    /**
     * Adds what the points beyond show as lost of a transmission that the next one cannot judge;
     * returns its size.
     */
    private long lostPast(int point, int row, long start, long end) {
      for (PairedConnection past : traced.across()) {
        Alignment alignment = past.alignment(direction);
        int index = Arrays.binarySearch(alignment.near().row(), row);
        if (past.nearPoint(direction).equals(points.get(point))
            && points.contains(past.farPoint(direction))
            && index >= 0) {
          // Where no ISN was seen, positions of each two points are counted from another byte.
          long shift =
              alignment.near().start()[index] - alignment(point).near().start()[index(point, row)];
          long lost = overlap(alignment.lost(), index, start + shift, end + shift);
          if (lost > 0) {
            Leg leg = new Leg(direction, points.get(point), past.farPoint(direction));
            bytes.merge(
                new Cause(RetransmissionCause.LOST_BETWEEN, Optional.of(leg)), lost, Long::sum);
          }
          return lost;
        }
      }
      return 0;
    }

    /** Goes on with the parts of a transmission that reached the next point; returns their size. */
    private long carried(int point, int index, long start, long end) {
      Alignment.Sightings near = alignment(point).near();
      Alignment.Sightings far = alignment(point).far();
      if (near.peerRow()[index] < 0) {
        return 0;
      }
      SegmentTable table = flow(point + 1).table();
      long carried = 0;
      int left = near.peers()[index];
      int first = Arrays.binarySearch(far.row(), near.peerRow()[index]);
      int lastPart = Math.min(far.size(), first + MOST_APART);
      for (int i = first; left > 0 && i >= 0 && i < lastPart; i++) {
        if (far.peerRow()[i] == near.row()[index]) {
          left--;
          long from = Math.max(start, far.start()[i]);
          long to = Math.min(end, far.start()[i] + table.payloadBytes(far.row()[i]));
          if (from < to) {
            carried += to - from;
            follow(point + 1, far.row()[i], from, to);
          }
        }
      }
      return carried;
    }
  }

  private static long overlap(Alignment.Ranges ranges, int index, long start, long end) {
    long bytes = 0;
    int first = Arrays.binarySearch(ranges.index(), index);
    while (first > 0 && ranges.index()[first - 1] == index) {
      first--;
    }
    for (int i = first; i >= 0 && i < ranges.size() && ranges.index()[i] == index; i++) {
      bytes += Math.max(0, Math.min(end, ranges.end()[i]) - Math.max(start, ranges.start()[i]));
    }
    return bytes;
  }
}
