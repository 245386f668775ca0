package org.mssbridge.discover;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** How much pairs of captures agree in, by all keys or by a share of them. */
public final class KeyTally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The golden ratio's bits. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** Two numbers of captures each, the lower one in the upper half; in order. */
  private final long[] pairs;

  /** For each pair. */
  private final double[] bits;

  /** The captures with values that too many others have, in order. */
  private final int[] crowded;

  private KeyTally(long[] pairs, double[] bits, int[] crowded) {
    this.pairs = pairs;
    this.bits = bits;
    this.crowded = crowded;
  }

  static KeyTally of(Map<Long, Double> bitsOfPairs, SortedSet<Integer> crowded) {
    long[] pairs = bitsOfPairs.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    return new KeyTally(
        pairs,
        Arrays.stream(pairs).mapToDouble(bitsOfPairs::get).toArray(),
        crowded.stream().mapToInt(Integer::intValue).toArray());
  }

  /** The sum of tallies of different keys. */
  public static KeyTally sum(Collection<KeyTally> tallies) {
    Map<Long, Double> sums = new HashMap<>();
    TreeSet<Integer> crowded = new TreeSet<>();
    for (KeyTally each : tallies) {
      for (int i = 0; i < each.pairs.length; i++) {
        sums.merge(each.pairs[i], each.bits[i], Double::sum);
      }
      Arrays.stream(each.crowded).forEach(crowded::add);
    }
    return of(sums, crowded);
  }

  /** Number of pairs. */
  public int size() {
    return pairs.length;
  }

  /** The lower number of a pair. */
  int first(int index) {
    return (int) (pairs[index] >>> Integer.SIZE);
  }

  /** The higher number of a pair. */
  int second(int index) {
    return (int) pairs[index];
  }

  double bits(int index) {
    return bits[index];
  }

  SortedSet<Integer> crowded() {
    TreeSet<Integer> set = new TreeSet<>();
    Arrays.stream(crowded).forEach(set::add);
    return set;
  }

  /** The pairs that are worth comparing, when all their keys are summed up. */
  public KeyTally worthComparing() {
    int[] kept =
        IntStream.range(0, pairs.length).filter(i -> bits[i] >= Candidates.LEAST_BITS).toArray();
    return new KeyTally(
        Arrays.stream(kept).mapToLong(i -> pairs[i]).toArray(),
        Arrays.stream(kept).mapToDouble(i -> bits[i]).toArray(),
        crowded);
  }

  /** Divides the pairs: the same one is in the same share of each tally. */
  public List<KeyTally> divided(int shares) {
    List<Map<Long, Double>> parts = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      parts.add(new HashMap<>());
    }
    for (int i = 0; i < pairs.length; i++) {
      parts.get(share(pairs[i], shares)).put(pairs[i], bits[i]);
    }
    List<KeyTally> divided = new ArrayList<>();
    for (int i = 0; i < shares; i++) {
      divided.add(of(parts.get(i), i == 0 ? crowded() : new TreeSet<>()));
    }
    return divided;
  }

  static int share(long value, int shares) {
    return (int) Long.remainderUnsigned((value * GOLDEN) >>> Short.SIZE, shares);
  }
}
