package org.mssbridge.evidence;

import java.util.Arrays;
import java.util.Optional;

/**
 * The place where values change from one level to another and stay there. A slow rise is none, nor
 * is a spike, nor values that vary nearly as much as the levels differ.
 *
 * @param index of the first value at the new level
 * @param before the median of the values before it
 * @param after the median of that value and all after it
 */
public record LevelShift(int index, long before, long after) {
  /** A level has at least so many values. */
  public static final int LEAST_VALUES = 20;

  private static final int MOST_BLOCKS = 64;
  private static final int LEAST_BLOCK_VALUES = 5;

  /** Of a level, most blocks' medians differ by no more than this part of the shift. */
  private static final int STEADY_PART = 4;

  /** Of a level, half of all values differ by no more than this part of the shift. */
  private static final int SCATTER_PART = 2;

  /** By how much the second level is higher. */
  public long size() {
    return after - before;
  }

  /** The shift in values that are in the order of time; empty where there is none. */
  public static Optional<LevelShift> of(long[] values) {
    if (values.length < 2 * LEAST_VALUES) {
      return Optional.empty();
    }
    int size = Math.max(LEAST_BLOCK_VALUES, (values.length + MOST_BLOCKS - 1) / MOST_BLOCKS);
    long[] blocks = new long[values.length / size];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] =
          quantile(values, i * size, i == blocks.length - 1 ? values.length : (i + 1) * size, 0.5);
    }
    int index = refined(values, size, bestSplit(blocks), blocks);
    if (index < LEAST_VALUES || values.length - index < LEAST_VALUES) {
      return Optional.empty();
    }
    LevelShift shift =
        new LevelShift(
            index, quantile(values, 0, index, 0.5), quantile(values, index, values.length, 0.5));
    return shift.isClear(values, size, blocks) ? Optional.of(shift) : Optional.empty();
  }

  /** The number of the first block of the second level, where two levels fit best. */
  private static int bestSplit(long[] blocks) {
    int best = 1;
    double least = Double.MAX_VALUE;
    for (int split = 1; split < blocks.length; split++) {
      double cost = distances(blocks, 0, split) + distances(blocks, split, blocks.length);
      if (cost < least) {
        least = cost;
        best = split;
      }
    }
    return best;
  }

  /** How far values are from their median, all together. */
  private static double distances(long[] values, int from, int to) {
    long median = quantile(values, from, to, 0.5);
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += Math.abs((double) values[i] - median);
    }
    return sum;
  }

  /** The first value of the second level, in the block before the split or the one after it. */
  private static int refined(long[] values, int size, int split, long[] blocks) {
    long before = quantile(blocks, 0, split, 0.5);
    long after = quantile(blocks, split, blocks.length, 0.5);
    int from = (split - 1) * size;
    int to = Math.min(values.length, (split + 1) * size);
    int best = from;
    double gain = 0;
    double most = 0;
    for (int i = from; i < to; i++) {
      gain += Math.abs((double) values[i] - after) - Math.abs((double) values[i] - before);
      if (gain > most) {
        most = gain;
        best = i + 1;
      }
    }
    return best;
  }

  private boolean isClear(long[] values, int size, long[] blocks) {
    long shift = Math.abs(size());
    int wholeBefore = index / size;
    int wholeAfter = Math.min(blocks.length - 1, (index + size - 1) / size);
    return shift > 0
        && width(values, 0, index, 0.25) <= shift / SCATTER_PART
        && width(values, index, values.length, 0.25) <= shift / SCATTER_PART
        && width(blocks, 0, Math.max(1, wholeBefore), 0.1) <= shift / STEADY_PART
        && width(blocks, wholeAfter, blocks.length, 0.1) <= shift / STEADY_PART;
  }

  /** The width of what is left without this share of the smallest values and of the largest. */
  private static long width(long[] values, int from, int to, double share) {
    return quantile(values, from, to, 1 - share) - quantile(values, from, to, share);
  }

  /** That share of some values is this or less. */
  private static long quantile(long[] values, int from, int to, double share) {
    long[] sorted = Arrays.copyOfRange(values, from, to);
    Arrays.sort(sorted);
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
