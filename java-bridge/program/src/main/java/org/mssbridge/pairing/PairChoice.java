package org.mssbridge.pairing;

import java.util.Arrays;

/**
 * Chooses the scored pairs in which each member is the other's best by a clear margin. A chosen
 * pair removes rivals of others, so this is repeated until nothing changes.
 */
final class PairChoice {
  /** How much likelier a pair must be than all other candidates together, in bits. */
  private static final double MIN_MARGIN_BITS = 6;

  private static final int MAX_ROUNDS = 16;

  private final long[] pairs;
  private final float[] bits;
  private final double leastBits;
  private final int[] firstPair;
  private final int[] secondPair;
  private final float[] margin;

  private PairChoice(long[] pairs, float[] bits, double leastBits, int firsts, int seconds) {
    this.pairs = pairs;
    this.bits = bits;
    this.leastBits = leastBits;
    firstPair = new int[firsts];
    secondPair = new int[seconds];
    margin = new float[pairs.length];
    Arrays.fill(firstPair, -1);
    Arrays.fill(secondPair, -1);
  }

  static PairChoice of(long[] pairs, float[] bits, double leastBits, int firsts, int seconds) {
    PairChoice choice = new PairChoice(pairs, bits, leastBits, firsts, seconds);
    int rounds = 0;
    while (choice.chooseOnce() && rounds < MAX_ROUNDS) {
      rounds++;
    }
    return choice;
  }

  private boolean chooseOnce() {
    int[] firstBest = new int[firstPair.length];
    int[] secondBest = new int[secondPair.length];
    double[] firstOthers = new double[firstPair.length];
    double[] secondOthers = new double[secondPair.length];
    Arrays.fill(firstBest, -1);
    Arrays.fill(secondBest, -1);
    for (int i = 0; i < pairs.length; i++) {
      int first = PackedPair.first(pairs[i]);
      int second = second(i);
      if (firstPair[first] < 0 && secondPair[second] < 0) {
        note(firstBest, firstOthers, first, i);
        note(secondBest, secondOthers, second, i);
      }
    }
    boolean chosen = false;
    for (int first = 0; first < firstBest.length; first++) {
      int i = firstBest[first];
      if (i >= 0 && bits[i] >= leastBits && secondBest[second(i)] == i) {
        double others = Math.max(firstOthers[first], secondOthers[second(i)]);
        double ahead = bits[i] - Math.max(0, Bits.of(Math.max(others, 1)));
        if (ahead >= MIN_MARGIN_BITS) {
          firstPair[first] = i;
          secondPair[second(i)] = i;
          margin[i] = (float) ahead;
          chosen = true;
        }
      }
    }
    return chosen;
  }

  /**
   * Adds up the probabilities of all but the best candidate: many weak ones together are a strong
   * rival.
   */
  private void note(int[] best, double[] others, int connection, int i) {
    int known = best[connection];
    if (known < 0) {
      best[connection] = i;
    } else if (bits[i] > bits[known]) {
      others[connection] += Math.pow(2, bits[known]);
      best[connection] = i;
    } else {
      others[connection] += Math.pow(2, bits[i]);
    }
  }

  /** The connection of the second capture in a pair. */
  int second(int pair) {
    return PackedPair.second(pairs[pair]);
  }

  float bits(int pair) {
    return bits[pair];
  }

  /** How much likelier a chosen pair is than all other pairs of either member together, in bits. */
  float margin(int pair) {
    return margin[pair];
  }

  /** The index of the pair chosen for a connection of the first capture, -1 for none. */
  int ofFirst(int first) {
    return firstPair[first];
  }

  /** The pairs whose members are both still free, in the given order. */
  long[] free() {
    return Arrays.stream(pairs)
        .filter(
            pair ->
                firstPair[PackedPair.first(pair)] < 0 && secondPair[PackedPair.second(pair)] < 0)
        .toArray();
  }
}
