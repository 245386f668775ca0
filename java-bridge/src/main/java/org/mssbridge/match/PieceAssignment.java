package org.mssbridge.match;

/** Assigns the copies of a piece that were sent to the copies that arrived. */
final class PieceAssignment {
  /** A copy cannot arrive earlier than the least difference, but clocks drift and jump a little. */
  private static final long SLACK_NANOS = 2_000_000;

  private static final long UNASSIGNED_COST = 1L << 60;
  private static final long MOST_COST = 1L << 42;

  /** A segment that kept its borders is the better guess where two were sent within this time. */
  private static final long RESHAPED_COST = 5_000_000;

  private static final int MOST_CELLS = 1 << 16;

  private final PieceTable near;
  private final PieceTable far;
  private final long typicalNanos;
  private final long earliestNanos;

  PieceAssignment(PieceTable near, PieceTable far, long typicalNanos, long leastNanos) {
    this.near = near;
    this.far = far;
    this.typicalNanos = typicalNanos;
    this.earliestNanos = leastNanos - SLACK_NANOS;
  }

  void assign(int piece) {
    int sent = near.copies(piece);
    int arrived = far.copies(piece);
    if (sent == 1 && arrived == 1) {
      pair(piece, 0, 0);
    } else if (sent > 0 && arrived > 0) {
      if ((long) sent * arrived > MOST_CELLS) {
        assignLatest(piece, sent, arrived);
      } else {
        assignByTime(piece, sent, arrived);
      }
    }
  }

  private void pair(int piece, int sent, int arrived) {
    int nearIndex = near.copy(piece, sent);
    int farIndex = far.copy(piece, arrived);
    near.setPeer(nearIndex, piece, farIndex);
    far.setPeer(farIndex, piece, nearIndex);
  }

  /**
   * The same IP ID is taken for a proof. Otherwise least cost over all assignments that keep the
   * order (as in sequence alignment): an arrival that is left over costs more than any difference,
   * so as many as possible are assigned.
   */
  private void assignByTime(int piece, int sent, int arrived) {
    long[][] cost = new long[sent + 1][arrived + 1];
    for (int j = 1; j <= arrived; j++) {
      cost[0][j] = j * (UNASSIGNED_COST / MOST_CELLS);
    }
    for (int i = 1; i <= sent; i++) {
      for (int j = 1; j <= arrived; j++) {
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1] + UNASSIGNED_COST / MOST_CELLS),
                cost[i - 1][j - 1] + cost(piece, i - 1, j - 1));
      }
    }
    int i = sent;
    int j = arrived;
    while (i > 0 && j > 0) {
      if (cost[i][j] == cost[i - 1][j - 1] + cost(piece, i - 1, j - 1)
          && isPossible(piece, i - 1, j - 1)) {
        pair(piece, --i, --j);
      } else if (cost[i][j] == cost[i - 1][j]) {
        i--;
      } else {
        j--;
      }
    }
  }

  private long cost(int piece, int sent, int arrived) {
    if (!isPossible(piece, sent, arrived)) {
      return UNASSIGNED_COST;
    }
    int nearIndex = near.copy(piece, sent);
    int farIndex = far.copy(piece, arrived);
    if (near.hasIpIdOf(nearIndex, far, farIndex)) {
      return 0;
    }
    long unusual = Math.abs(difference(piece, sent, arrived) - typicalNanos);
    long reshaped = near.hasRangeOf(nearIndex, far, farIndex) ? 0 : RESHAPED_COST;
    return Math.min(unusual + reshaped, MOST_COST);
  }

  private boolean isPossible(int piece, int sent, int arrived) {
    return difference(piece, sent, arrived) >= earliestNanos;
  }

  private long difference(int piece, int sent, int arrived) {
    return far.timeNanos(far.copy(piece, arrived)) - near.timeNanos(near.copy(piece, sent));
  }

  /** For a piece that was sent thousands of times: the last ones arrived. */
  private void assignLatest(int piece, int sent, int arrived) {
    for (int i = 1; i <= Math.min(sent, arrived); i++) {
      pair(piece, sent - i, arrived - i);
    }
  }
}
