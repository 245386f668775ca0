package org.mssbridge.pairing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.mssbridge.flow.LongList;
import org.mssbridge.model.LongIndex;

/**
 * Which address became which, and how often, in primitives: the senders of a SYN flood have a
 * million addresses, each of which becomes one other. Addresses are {@link Hash hashes}, which are
 * never 0.
 */
final class Translations {
  /** How often an address became others, if that is more than one. */
  private static final int SEVERAL = -1;

  /** The numbers of the addresses, in the order in which they were added. */
  private final LongIndex numbers = new LongIndex();

  /** What each became, or the first of several. */
  private final LongList others = new LongList();

  private int[] counts = new int[16];
  private final Map<Long, Seen> several = new HashMap<>();

  void add(long address, long other) {
    int number = numbers.get(address);
    if (number == LongIndex.NONE) {
      number = others.size();
      numbers.put(address, number);
      others.add(other);
      counts = number < counts.length ? counts : Arrays.copyOf(counts, 2 * counts.length);
      counts[number] = 1;
    } else if (counts[number] == SEVERAL) {
      several.get(address).add(other, 1);
    } else if (others.get(number) == other) {
      counts[number]++;
    } else {
      Seen seen = new Seen();
      seen.add(others.get(number), counts[number]);
      seen.add(other, 1);
      several.put(address, seen);
      counts[number] = SEVERAL;
    }
  }

  /** Whether it became any. */
  boolean knows(long address) {
    return numbers.get(address) != LongIndex.NONE;
  }

  /** Whether it became the other. */
  boolean has(long address, long other) {
    int number = numbers.get(address);
    if (number == LongIndex.NONE) {
      return false;
    }
    return counts[number] == SEVERAL
        ? several.get(address).has(other)
        : others.get(number) == other;
  }

  /** The {@link Seen#bits bits} for what an address became; NaN where it is not known. */
  double bits(long address, long other, double most) {
    int number = numbers.get(address);
    if (number == LongIndex.NONE) {
      return Double.NaN;
    }
    int count = counts[number];
    return count == SEVERAL
        ? several.get(address).bits(other, most)
        : Seen.bits(others.get(number) == other ? count : 0, count, 1, most);
  }
}
