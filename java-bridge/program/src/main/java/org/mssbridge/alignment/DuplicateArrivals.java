package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Arrivals that the network duplicated: more copies of a segment arrived than were sent, and the
 * surplus one is a copy of another arrival, not a retransmission that the near capture missed.
 */
final class DuplicateArrivals {
  /**
   * Without an IP ID or timestamps, a copy that arrives later than this may be a retransmission.
   */
  private static final long MAX_NANOS = 100_000_000;

  private final PieceTable near;
  private final PieceTable far;

  DuplicateArrivals(PieceTable near, PieceTable far) {
    this.near = near;
    this.far = far;
  }

  /** The numbers of the duplicates among the arrivals. */
  int[] find() {
    int[] surplus = IntStream.range(0, far.size()).filter(this::isSurplus).toArray();
    if (surplus.length == 0) {
      return surplus;
    }
    BitSet copies = copies();
    return Arrays.stream(surplus).filter(copies::get).toArray();
  }

  private boolean isSurplus(int index) {
    for (int piece = far.firstPiece(index); piece < far.endPiece(index); piece++) {
      if (far.peer(index, piece) >= 0 || near.copies(piece) == 0) {
        return false;
      }
    }
    return true;
  }

  /** The arrivals that have the content of another one. */
  private BitSet copies() {
    Map<PieceTable.Content, Integer> latest = new TreeMap<>();
    BitSet copies = new BitSet();
    int[] byTime =
        IntStream.range(0, far.size())
            .boxed()
            .sorted(Comparator.comparingLong(far::timeNanos))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int index : byTime) {
      PieceTable.Content content = far.content(index);
      Integer before = latest.put(content, index);
      if (before != null
          && haveSameSum(index, before)
          && (content.hasIpId() || far.timeNanos(index) - far.timeNanos(before) <= MAX_NANOS)) {
        copies.set(before);
        copies.set(index);
      }
    }
    return copies;
  }

  /** A copy has the checksum of its original, whether that is right or not. */
  private boolean haveSameSum(int index, int before) {
    return far.payloadSum(index) < 0
        || far.payloadSum(before) < 0
        || far.payloadSum(index) == far.payloadSum(before);
  }
}
