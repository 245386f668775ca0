package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The times in which a capture between two others holds nothing at all, although both of these hold
 * the packets of connections that pass its point before or after. Whether the capture stopped or
 * all of them took another way: such a time is none that it covers.
 */
final class CaptureHoles {
  private static final long LEAST_NANOS = 1_000_000_000L;

  /** Shorter times without packets are not looked for. */
  private static final long SLOT_NANOS = LEAST_NANOS / 4;

  /** Of hostile captures, which may claim any time; 48 days. */
  private static final long MOST_SLOTS = 1 << 24;

  /** So many packets at the points before and after show that traffic went on. */
  private static final int LEAST_PACKETS = 10;

  /** Of packets in a hole, the point lacks at least this share, in percent. */
  private static final int LEAST_LACKING_PERCENT = 80;

  /** Of connections that are not at the point at all, which may go another way. */
  private static final int LEAST_CONNECTIONS = 2;

  private final PointCapture capture;

  /** How far this clock is ahead of those of other points, with the delay. */
  private final Map<CapturePoint, Long> shifts = new HashMap<>();

  private List<Coverage.Hole> silences = List.of();

  /** A connection at another point. */
  record Elsewhere(CapturePoint point, Connection seen) {}

  /**
   * A connection at the nearest points before and after this one that hold it.
   *
   * @param here null where it is not at this point
   */
  record Sighting(Elsewhere before, Connection here, Elsewhere after) {}

  private CaptureHoles(PointCapture capture) {
    this.capture = capture;
  }

  /** The holes of a capture, by the connections that are on both sides of its point. */
  static List<Coverage.Hole> of(PointCapture capture, List<Sighting> sightings) {
    return sightings.isEmpty() || !capture.extent().hasTime()
        ? List.of()
        : new CaptureHoles(capture).find(sightings);
  }

  private List<Coverage.Hole> find(List<Sighting> sightings) {
    silences = silences();
    if (silences.isEmpty()) {
      return List.of();
    }
    addShifts(sightings);
    int[] packets = new int[silences.size()];
    int[] lacking = new int[silences.size()];
    int[] connections = new int[silences.size()];
    for (Sighting seen : sightings) {
      int[] before = perSilence(seen.before(), seen.here());
      int[] after = perSilence(seen.after(), seen.here());
      int here = seen.here() == null ? 0 : size(seen.here());
      int lacks = Math.min(size(seen.before().seen()), size(seen.after().seen())) - here;
      for (int i = 0; i < Math.min(before.length, after.length); i++) {
        int both = Math.min(before[i], after[i]);
        packets[i] += both;
        lacking[i] += Math.max(0, Math.min(both, lacks));
        connections[i] += both == 0 ? 0 : here > 0 ? LEAST_CONNECTIONS : 1;
      }
    }
    return IntStream.range(0, packets.length)
        .filter(i -> packets[i] >= LEAST_PACKETS && connections[i] >= LEAST_CONNECTIONS)
        .filter(i -> 100L * lacking[i] >= (long) LEAST_LACKING_PERCENT * packets[i])
        .mapToObj(silences::get)
        .toList();
  }

  private void addShifts(List<Sighting> sightings) {
    Map<CapturePoint, LongList> all = new HashMap<>();
    for (Sighting seen : sightings) {
      for (Elsewhere other : List.of(seen.before(), seen.after())) {
        if (seen.here() != null && seen.here().hasSyn() && other.seen().hasSyn()) {
          all.computeIfAbsent(other.point(), point -> new LongList())
              .add(synNanos(seen.here()) - synNanos(other.seen()));
        }
      }
    }
    all.forEach(
        (point, each) -> {
          long[] sorted = each.toArray();
          Arrays.sort(sorted);
          shifts.put(point, sorted[sorted.length / 2]);
        });
  }

  private static long synNanos(Connection connection) {
    return connection.clientToServer().handshake().get(0).timeNanos();
  }

  private static int size(Connection connection) {
    return connection.clientToServer().segments() + connection.serverToClient().segments();
  }

  /**
   * How many packets of a connection at another point are due here in each silence; none where that
   * is not known.
   */
  private int[] perSilence(Elsewhere other, Connection here) {
    boolean isOwn = here != null && here.hasSyn() && other.seen().hasSyn();
    Long usual = shifts.get(other.point());
    if (!isOwn && usual == null) {
      return new int[0];
    }
    long shift = isOwn ? synNanos(here) - synNanos(other.seen()) : usual;
    int[] counts = new int[silences.size()];
    forEachTime(
        other.seen(),
        nanos -> {
          int i = silenceBefore(nanos + shift);
          if (i >= 0 && silences.get(i).contains(nanos + shift)) {
            counts[i]++;
          }
        });
    return counts;
  }

  /** The number of the last silence that begins before a time; -1 for none. */
  private int silenceBefore(long nanos) {
    int low = 0;
    int high = silences.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (silences.get(middle).fromNanos() < nanos) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private static void forEachTime(Connection connection, LongConsumer visitor) {
    for (Direction direction : Direction.values()) {
      Flow flow = connection.flow(direction);
      for (int row = flow.firstRow(); row >= 0; row = flow.table().next(row)) {
        visitor.accept(flow.table().timeNanos(row));
      }
    }
  }

  private void forEachTime(LongConsumer visitor) {
    capture.connections().forEach(connection -> forEachTime(connection, visitor));
    DatagramTable others = capture.datagrams();
    for (int row = 0; row < others.size(); row++) {
      visitor.accept(others.timeNanos(row));
    }
  }

  /** The times between two packets with nothing between them. */
  private List<Coverage.Hole> silences() {
    long origin = capture.extent().firstNanos();
    BitSet busy = new BitSet();
    forEachTime(
        nanos -> {
          long slot = (nanos - origin) / SLOT_NANOS;
          if (slot >= 0 && slot < MOST_SLOTS) {
            busy.set((int) slot);
          }
        });
    int slots = (int) (LEAST_NANOS / SLOT_NANOS) - 1;
    BitSet starts = new BitSet();
    for (int slot = busy.nextSetBit(0); slot >= 0; ) {
      int next = busy.nextSetBit(slot + 1);
      if (next - slot > slots) {
        starts.set(slot);
      }
      slot = next;
    }
    int[] start = starts.stream().toArray();
    long[] from = new long[start.length];
    long[] until = new long[start.length];
    Arrays.fill(from, Long.MIN_VALUE);
    Arrays.fill(until, Long.MAX_VALUE);
    forEachTime(
        nanos -> {
          long slot = (nanos - origin) / SLOT_NANOS;
          int index = Arrays.binarySearch(start, (int) Math.min(slot, Integer.MAX_VALUE));
          if (index >= 0) {
            from[index] = Math.max(from[index], nanos);
          }
          int before = index >= 0 ? index - 1 : -index - 2;
          if (before >= 0) {
            until[before] = Math.min(until[before], nanos);
          }
        });
    List<Coverage.Hole> silences = new ArrayList<>();
    for (int i = 0; i < start.length; i++) {
      if (until[i] - from[i] >= LEAST_NANOS) {
        silences.add(new Coverage.Hole(from[i], until[i]));
      }
    }
    return silences;
  }
}
