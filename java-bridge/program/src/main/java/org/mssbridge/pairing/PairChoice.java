package org.mssbridge.pairing;

import java.util.Arrays;

/**
 * Of scored pairs, those in which each is the other's best by a clear margin. What is chosen makes
 * room for others, so this is repeated until nothing changes.
 */
final class PairChoice {
  /** How much likelier than all other candidates together, in bits. */
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
    double[] leftOthers = new double[leftPair.length];
    double[] rightOthers = new double[rightPair.length];
    Arrays.fill(leftBest, -1);
    Arrays.fill(rightBest, -1);
    for (int i = 0; i < pairs.length; i++) {
      int l = left(i);
      int r = right(i);
      if (leftPair[l] < 0 && rightPair[r] < 0) {
        note(leftBest, leftOthers, l, i);
        note(rightBest, rightOthers, r, i);
      }
    }
    boolean chosen = false;
    for (int l = 0; l < leftBest.length; l++) {
      int i = leftBest[l];
      if (i >= 0 && bits[i] >= leastBits && rightBest[right(i)] == i) {
        double others = Math.max(leftOthers[l], rightOthers[right(i)]);
        double ahead = bits[i] - Math.max(0, PairScore.log2(Math.max(others, 1)));
        if (ahead >= LEAST_MARGIN_BITS) {
          leftPair[l] = i;
          rightPair[right(i)] = i;
          margin[i] = (float) ahead;
          chosen = true;
        }
      }
    }
    return chosen;
  }

  /** Adds up the chances of all but the best: a crowd of poor candidates is a strong rival. */
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

  int left(int pair) {
    return (int) (pairs[pair] >>> 32);
  }

  int right(int pair) {
    return (int) pairs[pair];
  }

  float bits(int pair) {
    return bits[pair];
  }

  /** By how much a chosen pair is likelier than all others of either together, in bits. */
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
