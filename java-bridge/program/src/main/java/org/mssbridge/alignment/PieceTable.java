package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.List;
import org.mssbridge.flow.SegmentTable;

/** The data segments of one direction at one point, cut into the pieces that both points share. */
final class PieceTable {
  private final SegmentTable table;
  private final int[] row;
  private final long[] start;
  private final int[] bytes;
  private int size;

  /** For each segment: its first piece, and where its pieces begin in {@link #peer}. */
  private int[] firstPiece = {};

  private int[] slot = {};
  private int[] peer = {};

  /** For each piece: where its copies begin in {@link #copies}, which are in capture order. */
  private int[] copiesFrom = {};

  private int[] copies = {};

  PieceTable(SegmentTable table, int capacity) {
    this.table = table;
    row = new int[capacity];
    start = new long[capacity];
    bytes = new int[capacity];
  }

  void add(int segmentRow, long from, int length) {
    row[size] = segmentRow;
    start[size] = from;
    bytes[size++] = length;
  }

  int size() {
    return size;
  }

  int row(int index) {
    return row[index];
  }

  long start(int index) {
    return start[index];
  }

  long end(int index) {
    return start[index] + bytes[index];
  }

  /** The segment with the highest end. */
  int last() {
    int last = 0;
    for (int i = 1; i < size; i++) {
      last = end(i) > end(last) ? i : last;
    }
    return last;
  }

  /** The position after the last byte; needs a segment. */
  long end() {
    return end(last());
  }

  int payloadSum(int index) {
    return table.payloadSum(row[index]);
  }

  /** Moves all segments to their positions after the changes of the stream's length. */
  void move(List<Alignment.LengthChange> changes) {
    for (int i = 0; i < size && !changes.isEmpty(); i++) {
      long from = moved(start[i], changes);
      bytes[i] = (int) Math.max(1, moved(end(i), changes) - from);
      start[i] = from;
    }
  }

  private static long moved(long position, List<Alignment.LengthChange> changes) {
    long shift = 0;
    for (Alignment.LengthChange change : changes) {
      shift += position >= change.nearPosition() ? change.bytes() : 0;
    }
    return position + shift;
  }

  long timeNanos(int index) {
    return table.timeNanos(row[index]);
  }

  /** IPv4 identification; 0 or less where it identifies nothing. */
  int ipId(int index) {
    return table.ipId(row[index]);
  }

  int timestamp(int index) {
    return table.timestamp(row[index]);
  }

  /** Whether a segment has the same IPv4 identification as one at the other point. */
  boolean hasIpIdOf(int index, PieceTable others, int other) {
    return ipId(index) > 0 && ipId(index) == others.ipId(other);
  }

  /** Whether a segment carries the same bytes as one at the other point, no more and no fewer. */
  boolean hasRangeOf(int index, PieceTable others, int other) {
    return start[index] == others.start[other] && bytes[index] == others.bytes[other];
  }

  /**
   * Whether the same bytes have another IP ID at the other point. Where the path keeps IP IDs, that
   * proves another transmission.
   */
  boolean isOtherTransmissionById(int index, PieceTable others, int other) {
    return hasRangeOf(index, others, other)
        && ipId(index) > 0
        && others.ipId(other) > 0
        && ipId(index) != others.ipId(other);
  }

  int copyBoundaries(long[] boundaries, int offset) {
    int length = offset;
    for (int i = 0; i < size; i++) {
      boundaries[length++] = start[i];
    }
    for (int i = 0; i < size; i++) {
      boundaries[length++] = end(i);
    }
    return length;
  }

  /** Cuts every segment into pieces at the boundaries. */
  void cut(long[] boundaries) {
    firstPiece = new int[size];
    slot = new int[size + 1];
    for (int i = 0; i < size; i++) {
      firstPiece[i] = Arrays.binarySearch(boundaries, start[i]);
      int endPiece = firstPiece[i];
      while (boundaries[endPiece] < end(i)) {
        endPiece++;
      }
      slot[i + 1] = slot[i] + endPiece - firstPiece[i];
    }
    peer = new int[slot[size]];
    Arrays.fill(peer, -1);
  }

  void groupByPiece(int pieces) {
    copiesFrom = new int[pieces + 1];
    for (int i = 0; i < size; i++) {
      for (int piece = firstPiece[i]; piece < endPiece(i); piece++) {
        copiesFrom[piece + 1]++;
      }
    }
    for (int piece = 0; piece < pieces; piece++) {
      copiesFrom[piece + 1] += copiesFrom[piece];
    }
    int[] next = Arrays.copyOf(copiesFrom, pieces + 1);
    copies = new int[slot[size]];
    for (int i = 0; i < size; i++) {
      for (int piece = firstPiece[i]; piece < endPiece(i); piece++) {
        copies[next[piece]++] = i;
      }
    }
  }

  int firstPiece(int index) {
    return firstPiece[index];
  }

  int endPiece(int index) {
    return firstPiece[index] + slot[index + 1] - slot[index];
  }

  /** How often this point saw a piece. */
  int copies(int piece) {
    return copiesFrom[piece + 1] - copiesFrom[piece];
  }

  /** The segment that carried a piece for the n-th time, n from 0. */
  int copy(int piece, int n) {
    return copies[copiesFrom[piece] + n];
  }

  /** The segment at the other point that carries this piece of this transmission, or -1. */
  int peer(int index, int piece) {
    return peer[slot[index] + piece - firstPiece[index]];
  }

  void setPeer(int index, int piece, int other) {
    peer[slot[index] + piece - firstPiece[index]] = other;
  }

  Alignment.Sightings sightings(PieceTable others) {
    int[] peerRow = new int[size];
    int[] largestPeerBytes = new int[size];
    int[] peers = new int[size];
    for (int i = 0; i < size; i++) {
      peerRow[i] = -1;
      int last = -1;
      for (int p = slot[i]; p < slot[i + 1]; p++) {
        if (peer[p] >= 0 && peer[p] != last) {
          last = peer[p];
          int otherRow = others.row[last];
          peerRow[i] = peers[i] == 0 ? otherRow : peerRow[i];
          largestPeerBytes[i] = Math.max(largestPeerBytes[i], others.table.payloadBytes(otherRow));
          peers[i]++;
        }
      }
    }
    return new Alignment.Sightings(
        Arrays.copyOf(row, size), Arrays.copyOf(start, size), peerRow, largestPeerBytes, peers);
  }
}
