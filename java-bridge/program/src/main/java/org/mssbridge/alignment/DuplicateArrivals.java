package org.mssbridge.alignment;

import org.mssbridge.flow.LongList;

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
    LongList found = new LongList();
    for (int index = 0; index < far.size(); index++) {
      if (isSurplus(index) && copiesAnother(index)) {
        found.add(index);
      }
    }
    return found.toIntArray();
  }

  private boolean isSurplus(int index) {
    for (int piece = far.firstPiece(index); piece < far.endPiece(index); piece++) {
      if (far.peer(index, piece) >= 0 || near.copies(piece) == 0) {
        return false;
      }
    }
    return true;
  }

  private boolean copiesAnother(int index) {
    int piece = far.firstPiece(index);
    for (int n = 0; n < far.copies(piece); n++) {
      int other = far.copy(piece, n);
      if (other != index && far.hasRangeOf(index, far, other) && isCopy(index, other)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCopy(int index, int other) {
    if (far.ipId(index) > 0 || far.ipId(other) > 0) {
      return far.ipId(index) == far.ipId(other);
    }
    return far.timestamp(index) == far.timestamp(other)
        && Math.abs(far.timeNanos(index) - far.timeNanos(other)) <= MAX_NANOS;
  }
}
