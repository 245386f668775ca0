package org.mssbridge.model;

import java.security.SecureRandom;

/**
 * Numbers by key: a hash table of primitives. Keys are hashes themselves, and never 0. A secret
 * keeps anybody from making captures whose keys all have one place.
 */
public final class LongIndex {
  /** What {@link #get} returns for a key that is not there. */
  public static final int NONE = -1;

  private final long secret = new SecureRandom().nextLong();
  private long[] keys = new long[1 << 10];
  private int[] values = new int[1 << 10];
  private int size;

  /** The value of a key. */
  public int get(long key) {
    int at = at(key);
    return keys[at] == key ? values[at] : NONE;
  }

  /** Sets the value of a key and returns the one before, {@link #NONE} if there was none. */
  public int put(long key, int value) {
    if (size * 2 >= keys.length) {
      grow();
    }
    int at = at(key);
    if (keys[at] == key) {
      int before = values[at];
      values[at] = value;
      return before;
    }
    keys[at] = key;
    values[at] = value;
    size++;
    return NONE;
  }

  /** Where a key is, or where it would go. */
  private int at(long key) {
    int mask = keys.length - 1;
    int at = (int) mixed(key ^ secret) & mask;
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  /** The finaliser of splitmix64 (Steele, Lea, Flood 2014). */
  private static long mixed(long key) {
    long z = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = at(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
