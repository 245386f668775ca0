package org.mssbridge.datagram;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.Direction;

/**
 * Which of two points a flow's client is nearer to: by TTLs, by round trips and by clocks, as far
 * as these agree, or else by its addresses, if other traffic shows on which side they are.
 */
final class Orientation {
  /** A larger difference may be that of a device which sets TTLs. */
  private static final int MOST_HOPS = 32;

  private static final double MOST = 0.9;

  /** The times of captures are hardly better than this. */
  private static final long LEAST_NANOS = 5_000;

  private static final long NEAR_IN_TIME_NANOS = 10_000_000_000L;

  private final Comparison comparison;
  private final PointCapture first;
  private final PointCapture second;

  /** Addresses at the first point, by how often they are on its own side. */
  private final Map<String, Integer> sides = new HashMap<>();

  Orientation(Comparison comparison, PointCapture first, PointCapture second) {
    this.comparison = comparison;
    this.first = first;
    this.second = second;
    for (PairedConnection pair : comparison.pairs()) {
      for (Direction direction : Direction.values()) {
        if (pair.nearPoint(direction).equals(first.point())
            && pair.farPoint(direction).equals(second.point())) {
          note(
              pair.near(direction).flow(direction).sender().address(),
              pair.near(direction).flow(direction.reverse()).sender().address());
        }
      }
    }
  }

  private void note(String onFirstSide, String onSecondSide) {
    sides.merge(onFirstSide, 1, Integer::sum);
    sides.merge(onSecondSide, -1, Integer::sum);
  }

  /**
   * Whether what the client sends passes the first point before the second; empty where that cannot
   * be told from the packets.
   *
   * @param c2s what the client sends, as the first point calls it
   */
  Optional<Boolean> byPackets(DatagramFlow flow, PacketMatch c2s, PacketMatch s2c) {
    int ttl = agreed(byTtl(c2s), -byTtl(s2c));
    int roundTrip = byRoundTrip(c2s, s2c);
    int clock = agreed(byClock(c2s), -byClock(s2c));
    int sum = ttl + roundTrip + clock;
    boolean isContradicted = Math.abs(sum) != Math.abs(ttl) + Math.abs(roundTrip) + Math.abs(clock);
    if (isContradicted || sum == 0) {
      return Optional.empty();
    }
    String client = flow.client().address();
    String server = flow.server().address();
    note(sum > 0 ? client : server, sum > 0 ? server : client);
    return Optional.of(sum > 0);
  }

  /** The same by addresses; call it after {@link #byPackets} for all flows. */
  Optional<Boolean> byAddresses(DatagramFlow flow) {
    int client = Integer.signum(sides.getOrDefault(flow.client().address(), 0));
    int server = Integer.signum(sides.getOrDefault(flow.server().address(), 0));
    return client == server ? Optional.empty() : Optional.of(client > server);
  }

  private static int agreed(int one, int other) {
    return one == 0 || other == 0 || one == other ? Integer.signum(one + other) : 0;
  }

  /** 1 if packets pass the first point first, -1 if the second, 0 if unknown. */
  private int byTtl(PacketMatch match) {
    int down = 0;
    int up = 0;
    int all = 0;
    int[] peers = match.peersOfFirst();
    for (int i = 0; i < peers.length; i++) {
      if (peers[i] >= 0) {
        int before = first.datagrams().ttl(match.rowsAtFirst()[i]);
        int after = second.datagrams().ttl(match.rowsAtSecond()[peers[i]]);
        all++;
        down += before > after && before - after <= MOST_HOPS ? 1 : 0;
        up += after > before && after - before <= MOST_HOPS ? 1 : 0;
      }
    }
    return all == 0 ? 0 : down >= MOST * all ? 1 : up >= MOST * all ? -1 : 0;
  }

  /** The time at the second point less that at the first, for packets of certain identity. */
  private void differences(PacketMatch match, LongList times, LongList differences) {
    int[] peers = match.peersOfFirst();
    for (int i = 0; i < peers.length; i++) {
      if (peers[i] >= 0 && !match.isRepeated(i)) {
        long time = first.datagrams().timeNanos(match.rowsAtFirst()[i]);
        times.add(time);
        differences.add(second.datagrams().timeNanos(match.rowsAtSecond()[peers[i]]) - time);
      }
    }
  }

  /** The sum of both delays: the offset of the clocks cancels out. */
  private int byRoundTrip(PacketMatch c2s, PacketMatch s2c) {
    LongList times = new LongList();
    LongList there = new LongList();
    LongList backTimes = new LongList();
    LongList back = new LongList();
    differences(c2s, times, there);
    differences(s2c, backTimes, back);
    LongList sums = new LongList();
    int j = 0;
    for (int i = 0; i < times.size() && !back.isEmpty(); i++) {
      while (j + 1 < backTimes.size() && backTimes.get(j + 1) <= times.get(i)) {
        j++;
      }
      if (Math.abs(backTimes.get(j) - times.get(i)) <= NEAR_IN_TIME_NANOS) {
        sums.add(there.get(i) - back.get(j));
      }
    }
    return sums.isEmpty() ? 0 : sign(sums.median(), 0);
  }

  private int byClock(PacketMatch match) {
    OptionalDouble uncertainty = uncertaintyNanos(comparison, first, second);
    LongList times = new LongList();
    LongList differences = new LongList();
    differences(match, times, differences);
    if (uncertainty.isEmpty() || times.isEmpty()) {
      return 0;
    }
    long[] delays = new long[times.size()];
    for (int i = 0; i < delays.length; i++) {
      long same = comparison.timeAt(second.point(), first.point(), times.get(i));
      delays[i] = times.get(i) + differences.get(i) - same;
    }
    Arrays.sort(delays);
    return sign(delays[delays.length / 2], (long) uncertainty.getAsDouble());
  }

  /** By how much the offset of two clocks may be wrong; empty where it is not known at all. */
  static OptionalDouble uncertaintyNanos(
      Comparison comparison, PointCapture first, PointCapture second) {
    OptionalDouble one = comparison.clocks().at(first.point()).orElseThrow().widthSeconds();
    OptionalDouble other = comparison.clocks().at(second.point()).orElseThrow().widthSeconds();
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of((one.getAsDouble() + other.getAsDouble()) / 2 * 1e9)
        : OptionalDouble.empty();
  }

  private static int sign(long nanos, long uncertaintyNanos) {
    long least = Math.max(LEAST_NANOS, uncertaintyNanos);
    return nanos > least ? 1 : nanos < -least ? -1 : 0;
  }
}
