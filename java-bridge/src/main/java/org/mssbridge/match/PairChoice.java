package org.mssbridge.match;

import java.util.Arrays;

/**
 * Of scored pairs, those in which each is the other's best by a clear margin. What is chosen makes
 * room for others, so this is repeated until nothing changes.
 */
final class PairChoice {
  /** How much better than the next candidate, in bits. */
  private static final double LEAST_MARGIN_BITS = 6;

  private static final int MOST_ROUNDS = 16;

  private final long[] pairs;
  private final float[] bits;
  private final double leastBits;
  private final int[] leftPair;
  private final int[] rightPair;
  private final float[] margin;

  private PairChoice(long[] pairs, float[] bits, double leastBits, int lefts, int rights) {
    this.pairs = pairs;
    this.bits = bits;
    this.leastBits = leastBits;
    leftPair = new int[lefts];
    rightPair = new int[rights];
    margin = new float[pairs.length];
    Arrays.fill(leftPair, -1);
    Arrays.fill(rightPair, -1);
  }

  static PairChoice of(long[] pairs, float[] bits, double leastBits, int lefts, int rights) {
    PairChoice choice = new PairChoice(pairs, bits, leastBits, lefts, rights);
    int rounds = 0;
    while (choice.chooseOnce() && rounds < MOST_ROUNDS) {
      rounds++;
    }
    return choice;
  }

  private boolean chooseOnce() {
    int[] leftBest = new int[leftPair.length];
    int[] rightBest = new int[rightPair.length];
    float[] leftNext = new float[leftPair.length];
    float[] rightNext = new float[rightPair.length];
    Arrays.fill(leftBest, -1);
    Arrays.fill(rightBest, -1);
    for (int i = 0; i < pairs.length; i++) {
      int l = left(i);
      int r = right(i);
      if (leftPair[l] < 0 && rightPair[r] < 0) {
        note(leftBest, leftNext, l, i);
        note(rightBest, rightNext, r, i);
      }
    }
    boolean chosen = false;
    for (int l = 0; l < leftBest.length; l++) {
      int i = leftBest[l];
      if (i >= 0 && bits[i] >= leastBits && rightBest[right(i)] == i) {
        float next = Math.max(leftNext[l], rightNext[right(i)]);
        if (bits[i] - next >= LEAST_MARGIN_BITS) {
          leftPair[l] = i;
          rightPair[right(i)] = i;
          margin[i] = bits[i] - next;
          chosen = true;
        }
      }
    }
    return chosen;
  }

  private void note(int[] best, float[] next, int connection, int i) {
    int known = best[connection];
    if (known < 0) {
      best[connection] = i;
    } else if (bits[i] > bits[known]) {
      next[connection] = Math.max(next[connection], bits[known]);
      best[connection] = i;
    } else {
      next[connection] = Math.max(next[connection], bits[i]);
    }
  }

  int left(int pair) {
    return (int) (pairs[pair] >>> 32);
  }

  int right(int pair) {
    return (int) pairs[pair];
  }

  float bits(int pair) {
    return bits[pair];
  }

  /** By how much a chosen pair is better than the next one of either, and than none, in bits. */
  float margin(int pair) {
    return margin[pair];
  }

  /** The index of the pair that was chosen for it, -1 for none. */
  int ofLeft(int l) {
    return leftPair[l];
  }

  /** Pairs of which both members stayed free, in the order that they were given in. */
  long[] free() {
    return Arrays.stream(pairs)
        .filter(pair -> leftPair[(int) (pair >>> 32)] < 0 && rightPair[(int) pair] < 0)
        .toArray();
  }
}
