package org.mssbridge.capturefile;

import java.util.Arrays;

/** The position and time of each packet of a file, in columns of primitives. */
final class PacketIndex {
  private long[] nanos = new long[1024];
  private long[] positions = new long[1024];
  private int[] tags = new int[1024];
  private int size;
  private boolean sorted = true;

  void add(long atNanos, long position, int tag) {
    if (size == nanos.length) {
      int wider = size + (size >> 1);
      nanos = Arrays.copyOf(nanos, wider);
      positions = Arrays.copyOf(positions, wider);
      tags = Arrays.copyOf(tags, wider);
    }
    sorted &= size == 0 || nanos[size - 1] <= atNanos;
    nanos[size] = atNanos;
    positions[size] = position;
    tags[size] = tag;
    size++;
  }

  /** Sorts the packets by time; packets with equal times keep their order. */
  void sort() {
    if (sorted) {
      return;
    }
    // Captures are nearly in order: a late packet moves only a few places.
    for (int i = 1; i < size; i++) {
      long time = nanos[i];
      if (time >= nanos[i - 1]) {
        continue;
      }
      int place = firstAfter(time, i);
      rotate(nanos, place, i);
      rotate(positions, place, i);
      int tag = tags[i];
      System.arraycopy(tags, place, tags, place + 1, i - place);
      tags[place] = tag;
    }
    sorted = true;
  }

  /** The first index with a later time among the sorted ones before {@code end}. */
  private int firstAfter(long time, int end) {
    int low = 0;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (nanos[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void rotate(long[] column, int from, int to) {
    long last = column[to];
    System.arraycopy(column, from, column, from + 1, to - from);
    column[from] = last;
  }

  int size() {
    return size;
  }

  long nanos(int i) {
    return nanos[i];
  }

  long position(int i) {
    return positions[i];
  }

  /** The tag that was added with the packet. */
  int tag(int i) {
    return tags[i];
  }
}
