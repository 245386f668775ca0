package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * Finds where a device between the points makes the stream longer or shorter: from there on, the
 * positions of the same segments differ by a constant. Two segments are the same if they have the
 * same IP ID, or the same length and payload sum. A shift counts only if two consecutive segment
 * boundaries confirm it.
 */
final class LengthChanges {
  /**
   * The largest change; devices that rewrite addresses or names in the payload change a segment by
   * less.
   */
  private static final long MAX_BYTES = 1 << 16;

  private static final int MIN_WITNESSES = 2;

  private final PieceTable near;
  private final PieceTable far;
  private final List<Alignment.LengthChange> changes = new ArrayList<>();
  private long shift;
  private long candidate;
  private int witnesses;
  private long first;

  LengthChanges(PieceTable near, PieceTable far) {
    this.near = near;
    this.far = far;
  }

  /**
   * The changes in stream order.
   *
   * @param shiftOfFin by how much the FIN's position is higher at the far point, if both saw it
   */
  List<Alignment.LengthChange> find(OptionalLong shiftOfFin) {
    if (near.size() == 0 || far.size() == 0 || shiftOfFin.orElse(near.end() - far.end()) == 0) {
      return List.of();
    }
    int[] bySum = peers(true);
    int[] byId = peers(false);
    long end = Long.MIN_VALUE;
    for (int i = 0; i < near.size(); i++) {
      boolean isNew = near.start(i) >= end;
      end = Math.max(end, near.end(i));
      int peer = byId[i] >= 0 ? byId[i] : bySum[i];
      if (isNew && peer >= 0) {
        witness(i, near.start(i), far.start(peer) - near.start(i));
        if (byId[i] >= 0) {
          witness(i, near.end(i), far.end(peer) - near.end(i));
        }
      }
    }
    if (shiftOfFin.isPresent() && shiftOfFin.getAsLong() != shift) {
      change(near.end(), shiftOfFin.getAsLong(), near.last());
    }
    return List.copyOf(changes);
  }

  private void witness(int index, long position, long newShift) {
    if (newShift == shift || Math.abs(newShift - shift) > MAX_BYTES) {
      witnesses = 0;
      return;
    }
    if (witnesses == 0 || newShift != candidate) {
      candidate = newShift;
      witnesses = 0;
      first = position;
    }
    witnesses++;
    if (witnesses >= MIN_WITNESSES) {
      change(first, newShift, index);
      witnesses = 0;
    }
  }

  private void change(long position, long newShift, int index) {
    if (Math.abs(newShift - shift) <= MAX_BYTES) {
      changes.add(new Alignment.LengthChange(near.row(index), position, newShift - shift));
      shift = newShift;
    }
  }

  /** For each near segment, the only far one with the same mark, or -1. */
  private int[] peers(boolean bySum) {
    int[] peers = new int[near.size()];
    Arrays.fill(peers, -1);
    SingleMarks.forEach(
        marks(near, bySum),
        marks(far, bySum),
        SingleMarks.UPPER_HALF,
        (nearMark, farMark) -> peers[(int) nearMark] = (int) farMark);
    return peers;
  }

  private static long[] marks(PieceTable table, boolean bySum) {
    long[] marks = new long[table.size()];
    int size = 0;
    for (int i = 0; i < table.size(); i++) {
      int mark = bySum ? table.payloadSum(i) : table.ipId(i);
      if (mark > 0) {
        long upper = (bySum ? (table.end(i) - table.start(i)) & 0x7fff : 0) << 16 | mark;
        marks[size++] = upper << 32 | i;
      }
    }
    long[] sorted = Arrays.copyOf(marks, size);
    Arrays.sort(sorted);
    return sorted;
  }
}
