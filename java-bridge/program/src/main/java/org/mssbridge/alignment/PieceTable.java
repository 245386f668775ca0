package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.Comparator;
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
    if (changes.isEmpty()) {
      return;
    }
    Shifts shifts = new Shifts(changes);
    for (int i = 0; i < size; i++) {
      long from = start[i] + shifts.before(start[i] + 1);
      bytes[i] = (int) Math.max(1, end(i) + shifts.before(end(i) + 1) - from);
      start[i] = from;
    }
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

  /** What all copies of a segment have in common, whether a host or the network made them. */
  record Content(long start, int bytes, int ipId, int timestamp) implements Comparable<Content> {
    private static final Comparator<Content> ORDER =
        Comparator.comparingLong(Content::start)
            .thenComparingInt(Content::bytes)
            .thenComparingInt(Content::ipId)
            .thenComparingInt(Content::timestamp);

    /** Whether the IP ID alone proves that two segments are copies. */
    boolean hasIpId() {
      return ipId > 0;
    }

    @Override
    public int compareTo(Content other) {
      return ORDER.compare(this, other);
    }
  }

  /** The content of a segment; its timestamp counts only where it has no IP ID. */
  Content content(int index) {
    int id = Math.max(0, ipId(index));
    return new Content(start[index], bytes[index], id, id > 0 ? 0 : timestamp(index));
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

  /**
   * Whether the same bytes have another timestamp at the other point. Where the path keeps
   * timestamps, that proves another transmission.
   */
  boolean isOtherTransmissionByTimestamp(int index, PieceTable others, int other) {
    return hasRangeOf(index, others, other)
        && hasTimestamps(index, others, other)
        && timestamp(index) != others.timestamp(other);
  }

  /** Whether the same bytes have the same timestamp at the other point. */
  boolean hasTimestampOf(int index, PieceTable others, int other) {
    return hasRangeOf(index, others, other)
        && hasTimestamps(index, others, other)
        && timestamp(index) == others.timestamp(other);
  }

  private boolean hasTimestamps(int index, PieceTable others, int other) {
    return table.hasTimestamp(row[index]) && others.table.hasTimestamp(others.row[other]);
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

  /** The number of pieces into which {@link #cut} cuts all segments together. */
  long pieces(long[] boundaries) {
    long pieces = 0;
    for (int i = 0; i < size; i++) {
      pieces += pieces(i, boundaries);
    }
    return pieces;
  }

  private int pieces(int index, long[] boundaries) {
    return Arrays.binarySearch(boundaries, end(index))
        - Arrays.binarySearch(boundaries, start[index]);
  }

  /** Cuts every segment into pieces at the boundaries, which include all starts and ends. */
  void cut(long[] boundaries) {
    firstPiece = new int[size];
    slot = new int[size + 1];
    for (int i = 0; i < size; i++) {
      firstPiece[i] = Arrays.binarySearch(boundaries, start[i]);
      slot[i + 1] = slot[i] + pieces(i, boundaries);
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
