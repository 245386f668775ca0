package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The RSTs and FINs of one direction that only the far point saw. A RST is matched by sequence
 * number, IP ID and time; a FIN by the end of the stream.
 */
public final class ClosingSegments {
  /**
   * A RST with a changed sequence number still matches if it arrives this close to the expected
   * time.
   */
  private static final long TOLERANCE_NANOS = 1_000_000_000;

  /** Nothing arrives sooner than the least difference seen, but for what few samples show. */
  private static final long EARLY_NANOS = 5_000_000;

  private final PairedConnection pair;
  private final Direction direction;
  private final long typicalNanos;
  private final long leastNanos;
  private final SegmentTable near;
  private final SegmentTable far;
  private final int nearBase;
  private final int farBase;

  private ClosingSegments(PairedConnection pair, Direction direction, TimeDifference difference) {
    this.pair = pair;
    this.direction = direction;
    this.typicalNanos = difference.typicalNanos();
    this.leastNanos = difference.minNanos() - EARLY_NANOS;
    near = pair.nearFlow(direction).table();
    far = pair.farFlow(direction).table();
    nearBase = pair.base(pair.nearPoint(direction), direction);
    farBase = pair.base(pair.farPoint(direction), direction);
  }

  /**
   * The rows at the far point, in order.
   *
   * @param difference the time at the far point minus the time at the near point
   */
  public static List<Integer> onlyFar(
      PairedConnection pair, Direction direction, TimeDifference difference) {
    ClosingSegments closing = new ClosingSegments(pair, direction, difference);
    List<Integer> rows = new ArrayList<>(closing.resets());
    rows.addAll(closing.fins());
    rows.sort(null);
    return rows;
  }

  /** Whether no RST arrives, and all FINs are where the first one sent is, as nearly always. */
  static boolean areSurelySent(PairedConnection pair, Direction direction) {
    Flow sent = pair.nearFlow(direction);
    Flow arrived = pair.farFlow(direction);
    int first = sent.firstClosingRow();
    if (arrived.hasReset() || first < 0 || (sent.table().flags(first) & TcpFlags.RST) != 0) {
      return false;
    }
    SegmentTable far = arrived.table();
    int end = end(sent.table(), first, pair.base(pair.nearPoint(direction), direction));
    int base = pair.base(pair.farPoint(direction), direction);
    for (int row = arrived.firstClosingRow(); row >= 0; row = far.next(row)) {
      if ((far.flags(row) & TcpFlags.FIN) != 0 && end(far, row, base) != end) {
        return false;
      }
    }
    return true;
  }

  private List<Integer> resets() {
    List<Integer> arrived = rows(pair.farFlow(direction), TcpFlags.RST, 0);
    if (arrived.isEmpty()) {
      return arrived;
    }
    List<Integer> sent = rows(pair.nearFlow(direction), TcpFlags.RST, 0);
    Unmatched unmatched = new Unmatched(arrived);
    List<Integer> matched = new ArrayList<>();
    sent.removeIf(row -> unmatched.take(unmatched.bySequence(row), matched));
    sent.removeIf(row -> unmatched.take(unmatched.byIpIdOrTime(row), matched));
    Map<Long, Long> copied = new HashMap<>();
    matched.forEach(row -> copied.merge(identity(row), far.timeNanos(row), Math::min));
    return unmatched.rows().filter(row -> !isCopy(row, copied)).toList();
  }

  /** Whether a segment is a copy of one that was matched: a forged one comes before that. */
  private boolean isCopy(int row, Map<Long, Long> copied) {
    Long original = copied.get(identity(row));
    return original != null && far.timeNanos(row) >= original - EARLY_NANOS;
  }

  private List<Integer> fins() {
    List<Integer> arrived = rows(pair.farFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    if (arrived.isEmpty()) {
      return arrived;
    }
    List<Integer> sent = rows(pair.nearFlow(direction), TcpFlags.FIN, TcpFlags.RST);
    Set<Integer> ends = new HashSet<>();
    sent.forEach(row -> ends.add(end(near, row, nearBase)));
    Set<Integer> farEnds = new HashSet<>();
    arrived.forEach(row -> farEnds.add(end(far, row, farBase)));
    arrived.removeIf(row -> ends.contains(end(far, row, farBase)));
    sent.removeIf(row -> farEnds.contains(end(near, row, nearBase)));
    // If a device changes the length of the payload, the stream ends at another position.
    Unmatched unmatched = new Unmatched(arrived);
    List<Integer> matched = new ArrayList<>();
    sent.forEach(row -> unmatched.take(unmatched.byIpIdOrTime(row), matched));
    return unmatched.rows().toList();
  }

  /** The rows that have the flags {@code with} and none of {@code without}. */
  private static List<Integer> rows(Flow flow, int with, int without) {
    List<Integer> rows = new ArrayList<>();
    SegmentTable table = flow.table();
    for (int row = flow.firstClosingRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (with | without)) == with) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static int end(SegmentTable table, int row, int base) {
    return table.sequence(row) + table.payloadBytes(row) - base;
  }

  /** What copies of one segment have in common. Their TTLs may differ. */
  private long identity(int row) {
    return (long) far.sequence(row) << 32 | (far.ipId(row) & 0xffff_ffffL);
  }

  /** A row at the far point, in the order of time. */
  private record Arrival(long nanos, int row) implements Comparable<Arrival> {
    @Override
    public int compareTo(Arrival other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Integer.compare(row, other.row);
    }
  }

  /**
   * The far segments without a counterpart so far, by sequence number and IP ID: a connection may
   * have as many resets as the capture has packets.
   */
  private final class Unmatched {
    private static final long ANY_SEQUENCE = 1L << 32;
    private static final int ANY_ID = 1 << 16;

    private final Map<Long, NavigableSet<Arrival>> arrivals = new HashMap<>();

    Unmatched(List<Integer> rows) {
      for (int row : rows) {
        for (long key : keys(row)) {
          arrivals
              .computeIfAbsent(key, k -> new TreeSet<>())
              .add(new Arrival(far.timeNanos(row), row));
        }
      }
    }

    private long[] keys(int row) {
      long sequence = Integer.toUnsignedLong(far.sequence(row) - farBase);
      int ipId = Math.max(0, far.ipId(row));
      return new long[] {
        key(sequence, ipId),
        key(sequence, ANY_ID),
        key(ANY_SEQUENCE, ipId),
        key(ANY_SEQUENCE, ANY_ID)
      };
    }

    private static long key(long sequence, int ipId) {
      return sequence << 17 | ipId;
    }

    Stream<Integer> rows() {
      return having(ANY_SEQUENCE, ANY_ID).stream().map(Arrival::row);
    }

    private NavigableSet<Arrival> having(long sequence, int ipId) {
      return arrivals.getOrDefault(key(sequence, ipId), Collections.emptyNavigableSet());
    }

    /** The most likely counterpart of a sent segment among those with its sequence number. */
    Optional<Arrival> bySequence(int sent) {
      long sequence = Integer.toUnsignedLong(near.sequence(sent) - nearBase);
      return first(sequence, sent).or(() -> nearest(having(sequence, ANY_ID), sent));
    }

    /** The counterpart by IP ID; where one of the two has none, by time. */
    Optional<Arrival> byIpIdOrTime(int sent) {
      NavigableSet<Arrival> possible = having(ANY_SEQUENCE, near.ipId(sent) > 0 ? 0 : ANY_ID);
      return first(ANY_SEQUENCE, sent)
          .or(() -> nearest(possible, sent).filter(a -> deviation(a, sent) <= TOLERANCE_NANOS));
    }

    private Optional<Arrival> first(long sequence, int sent) {
      return near.ipId(sent) <= 0
          ? Optional.empty()
          : possible(having(sequence, near.ipId(sent)), sent).stream().findFirst();
    }

    /** Those that a sent segment can be: nothing arrives before it was sent. */
    private NavigableSet<Arrival> possible(NavigableSet<Arrival> arrivals, int sent) {
      return arrivals.tailSet(new Arrival(near.timeNanos(sent) + leastNanos, -1), true);
    }

    private Optional<Arrival> nearest(NavigableSet<Arrival> all, int sent) {
      NavigableSet<Arrival> possible = possible(all, sent);
      Arrival expected = new Arrival(near.timeNanos(sent) + typicalNanos, -1);
      return Stream.of(possible.lower(expected), possible.ceiling(expected))
          .filter(Objects::nonNull)
          .min(Comparator.comparingLong(arrival -> deviation(arrival, sent)));
    }

    private long deviation(Arrival arrival, int sent) {
      return Math.abs(arrival.nanos() - near.timeNanos(sent) - typicalNanos);
    }

    /** Moves an arrival to {@code matched}; false where there is none. */
    boolean take(Optional<Arrival> arrival, List<Integer> matched) {
      arrival.ifPresent(
          found -> {
            for (long key : keys(found.row())) {
              arrivals.get(key).remove(found);
            }
            matched.add(found.row());
          });
      return arrival.isPresent();
    }
  }
}
