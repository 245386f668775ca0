package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.flow.LongList;
import org.mssbridge.pairing.CaptureFingerprints;

/**
 * Finds the captures that are worth comparing: those that share values which few captures have.
 * Their number grows with that of the captures, not with its square.
 */
final class CaptureIndex {
  /** A value in more captures than this does not tell which of them belong together. */
  static final int MOST_CAPTURES_OF_A_KEY = 32;

  /** A connection that lives through more captures is followed from each into so many next ones. */
  private static final int NEXT_OF_A_TUPLE = 4;

  /** A capture is compared with so many others at most, those that share most. */
  static final int MOST_CANDIDATES = 64;

  /** So much evidence is worth a comparison: one value of 24 bits, or two that are shorter. */
  private static final double LEAST_BITS = 23;

  private static final int CAPTURE_BITS = 20;
  private static final int CAPTURE_MASK = (1 << CAPTURE_BITS) - 1;

  /** The number of the kind is in the upper bits of a key. */
  private static final int KIND_SHIFT = 59;

  private final Map<Integer, Keys> kinds = new HashMap<>();
  private final Map<Long, Double> bitsOfPair = new HashMap<>();
  private final Set<Integer> crowded = new TreeSet<>();
  private int captures;

  private record Keys(int bits, boolean isTuple, LongList values) {}

  /** Two captures to compare. */
  record Candidate(int first, int second, double bits) {}

  /**
   * The pairs to compare.
   *
   * @param pairs each once, the first with the lower number
   * @param crowded the captures with values that too many others have
   */
  record Candidates(List<Candidate> pairs, Set<Integer> crowded) {}

  /** Adds the next capture; its number is that of captures that were added before. */
  void add(CaptureFingerprints fingerprints) {
    if (captures > CAPTURE_MASK) {
      throw new IllegalStateException("more captures than one machine is for");
    }
    fingerprints.forEachKey(
        (key, bits, isTuple) ->
            kinds
                .computeIfAbsent(
                    (int) (key >>> KIND_SHIFT), kind -> new Keys(bits, isTuple, new LongList()))
                .values()
                .add((key & ~(long) CAPTURE_MASK) | captures));
    captures++;
  }

  /**
   * The captures to compare.
   *
   * @param inTime the numbers of all captures, in the order of their first packets
   */
  Candidates candidates(List<Integer> inTime) {
    int[] rank = new int[captures];
    for (int i = 0; i < captures; i++) {
      rank[inTime.get(i)] = i;
    }
    for (Keys keys : kinds.values()) {
      long[] values = keys.values().toArray();
      Arrays.sort(values);
      int from = 0;
      for (int to = 1; to <= values.length; to++) {
        if (to == values.length || values[to] >>> CAPTURE_BITS != values[from] >>> CAPTURE_BITS) {
          addGroup(keys, members(values, from, to), rank);
          from = to;
        }
      }
    }
    return new Candidates(best(), crowded);
  }

  private static int[] members(long[] values, int from, int to) {
    return Arrays.stream(values, from, to)
        .mapToInt(value -> (int) (value & CAPTURE_MASK))
        .distinct()
        .toArray();
  }

  private void addGroup(Keys keys, int[] members, int[] rank) {
    if (members.length < 2) {
      return;
    }
    double bits = keys.bits() - Math.log(members.length - 1.0) / Math.log(2);
    if (members.length <= MOST_CAPTURES_OF_A_KEY) {
      for (int i = 0; i < members.length; i++) {
        for (int j = i + 1; j < members.length; j++) {
          add(members[i], members[j], bits);
        }
      }
    } else if (keys.isTuple()) {
      List<Integer> inTime =
          Arrays.stream(members).boxed().sorted(Comparator.comparingInt(m -> rank[m])).toList();
      for (int i = 0; i < inTime.size(); i++) {
        for (int j = i + 1; j <= i + NEXT_OF_A_TUPLE && j < inTime.size(); j++) {
          add(inTime.get(i), inTime.get(j), keys.bits());
        }
      }
    } else {
      Arrays.stream(members).forEach(crowded::add);
    }
  }

  private void add(int one, int other, double bits) {
    long pair = ((long) Math.min(one, other) << 32) | Math.max(one, other);
    bitsOfPair.merge(pair, bits, Double::sum);
  }

  private List<Candidate> best() {
    int[] taken = new int[captures];
    List<Candidate> all = new ArrayList<>();
    bitsOfPair.forEach(
        (pair, bits) -> {
          if (bits >= LEAST_BITS) {
            all.add(new Candidate((int) (pair >>> 32), (int) (long) pair, bits));
          }
        });
    all.sort(
        Comparator.comparingDouble(Candidate::bits)
            .reversed()
            .thenComparingInt(Candidate::first)
            .thenComparingInt(Candidate::second));
    List<Candidate> best = new ArrayList<>();
    for (Candidate each : all) {
      if (taken[each.first()] < MOST_CANDIDATES && taken[each.second()] < MOST_CANDIDATES) {
        taken[each.first()]++;
        taken[each.second()]++;
        best.add(each);
      } else {
        crowded.add(each.first());
        crowded.add(each.second());
      }
    }
    return best;
  }
}
