package org.mssbridge.alignment;

import java.util.Arrays;

/** Assigns the copies of a piece that were sent to the copies that arrived. */
final class PieceAssignment {
  /** A copy cannot arrive earlier than the least difference, but clocks drift and jump a little. */
  private static final long SLACK_NANOS = 2_000_000;

  /** Of few samples the least is not the least possible: the first packet may wait for ARP. */
  private static final long SLACK_OF_FEW_NANOS = 50_000_000;

  private static final int FEW_SAMPLES = 16;

  private static final long UNASSIGNED_COST = 1L << 60;
  private static final long MOST_COST = 1L << 42;

  /** A segment that kept its borders is the better guess where two were sent within this time. */
  private static final long RESHAPED_COST = 5_000_000;

  /**
   * Without IP IDs: arrivals as near to each other as this, of what was sent at other intervals.
   */
  private static final long COPY_NANOS = 5_000_000;

  private static final int MOST_CELLS = 1 << 16;
  private static final int FEWEST_IDS = 4;

  private final PieceTable near;
  private final PieceTable far;
  private final DelaySamples samples;
  private final boolean idsAreKept;
  private long typicalNanos;
  private long earliestNanos;

  /**
   * Prepares.
   *
   * @param typicalNanos the usual difference where samples do not tell it
   * @param idsAreKept whether another IP ID proves another transmission
   */
  PieceAssignment(
      PieceTable near,
      PieceTable far,
      DelaySamples samples,
      long typicalNanos,
      boolean idsAreKept) {
    this.near = near;
    this.far = far;
    this.samples = samples;
    this.typicalNanos = typicalNanos;
    this.earliestNanos = Long.MIN_VALUE / 4;
    this.idsAreKept = idsAreKept;
  }

  /** Whether segments that were sent once and arrived once mostly have the same IP ID. */
  static boolean idsAreKept(PieceTable near, PieceTable far, int pieces) {
    int same = 0;
    int other = 0;
    for (int piece = 0; piece < pieces; piece++) {
      if (near.copies(piece) == 1 && far.copies(piece) == 1) {
        int sent = near.copy(piece, 0);
        int arrived = far.copy(piece, 0);
        other += near.isAnotherById(sent, far, arrived) ? 1 : 0;
        same += near.hasIpIdOf(sent, far, arrived) ? 1 : 0;
      }
    }
    return same >= FEWEST_IDS && same >= 9 * other;
  }

  void assign(int piece) {
    int sent = near.copies(piece);
    int arrived = far.copies(piece);
    if (sent == 1 && arrived == 1) {
      if (!idsAreKept || !near.isAnotherById(near.copy(piece, 0), far, far.copy(piece, 0))) {
        pair(near.copy(piece, 0), far.copy(piece, 0), piece);
      }
    } else if (sent > 0 && arrived > 0) {
      if (samples.size() > 0) {
        typicalNanos = samples.typicalNanos(piece);
        earliestNanos = samples.leastNanos(piece) - slackNanos();
      }
      assignMany(piece, sent, arrived);
    }
  }

  private long slackNanos() {
    return samples.size() < FEW_SAMPLES ? SLACK_OF_FEW_NANOS : SLACK_NANOS;
  }

  private void pair(int nearIndex, int farIndex, int piece) {
    near.setPeer(nearIndex, piece, farIndex);
    far.setPeer(farIndex, piece, nearIndex);
  }

  private void assignMany(int piece, int sent, int arrived) {
    int[] departures = new int[sent];
    int[] arrivals = new int[arrived];
    Arrays.setAll(departures, n -> near.copy(piece, n));
    Arrays.setAll(arrivals, n -> far.copy(piece, n));
    if ((long) sent * arrived > MOST_CELLS) {
      // Sent thousands of times: the last ones arrived.
      for (int i = 1; i <= Math.min(sent, arrived); i++) {
        pair(departures[sent - i], arrivals[arrived - i], piece);
      }
      return;
    }
    assignById(piece, departures, arrivals);
    int[] originals = withoutCopies(arrivals, leastGapNanos(departures));
    assignByTime(piece, unassigned(near, piece, departures), unassigned(far, piece, originals));
  }

  private long leastGapNanos(int[] departures) {
    long least = Long.MAX_VALUE;
    for (int i = 1; i < departures.length; i++) {
      least = Math.min(least, near.timeNanos(departures[i]) - near.timeNanos(departures[i - 1]));
    }
    return least;
  }

  /** Leaves out what the network doubled: of such arrivals one at most was sent on its own. */
  private int[] withoutCopies(int[] arrivals, long leastGapNanos) {
    int[] originals = new int[arrivals.length];
    int count = 0;
    for (int arrival : arrivals) {
      boolean copy = false;
      for (int i = 0; i < count && !copy; i++) {
        copy = isCopy(originals[i], arrival, leastGapNanos);
      }
      if (!copy) {
        originals[count++] = arrival;
      }
    }
    return Arrays.copyOf(originals, count);
  }

  private boolean isCopy(int arrival, int later, long leastGapNanos) {
    if (!far.hasRangeOf(arrival, far, later)) {
      return false;
    }
    if (far.ipId(arrival) > 0 || far.ipId(later) > 0) {
      return far.ipId(arrival) == far.ipId(later);
    }
    long gapNanos = far.timeNanos(later) - far.timeNanos(arrival);
    return gapNanos <= COPY_NANOS
        && gapNanos < leastGapNanos / 10
        && far.timestamp(arrival) == far.timestamp(later);
  }

  /** The same IP ID is taken for a proof, even where a later copy overtook an earlier one. */
  private void assignById(int piece, int[] departures, int[] arrivals) {
    for (int farIndex : arrivals) {
      for (int nearIndex : departures) {
        if (near.peer(nearIndex, piece) < 0
            && near.hasIpIdOf(nearIndex, far, farIndex)
            && isPossible(nearIndex, farIndex)) {
          pair(nearIndex, farIndex, piece);
          break;
        }
      }
    }
  }

  private static int[] unassigned(PieceTable table, int piece, int[] copies) {
    return Arrays.stream(copies).filter(index -> table.peer(index, piece) < 0).toArray();
  }

  /**
   * Least cost over all assignments that keep the order (as in sequence alignment): an arrival that
   * is left over costs more than any difference, so as many as possible are assigned.
   */
  private void assignByTime(int piece, int[] departures, int[] arrivals) {
    int sent = departures.length;
    int arrived = arrivals.length;
    if (sent == 0 || arrived == 0) {
      return;
    }
    long[][] cost = new long[sent + 1][arrived + 1];
    for (int j = 1; j <= arrived; j++) {
      cost[0][j] = j * (UNASSIGNED_COST / MOST_CELLS);
    }
    for (int i = 1; i <= sent; i++) {
      for (int j = 1; j <= arrived; j++) {
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1] + UNASSIGNED_COST / MOST_CELLS),
                cost[i - 1][j - 1] + cost(departures[i - 1], arrivals[j - 1]));
      }
    }
    int i = sent;
    int j = arrived;
    while (i > 0 && j > 0) {
      if (cost[i][j] == cost[i - 1][j - 1] + cost(departures[i - 1], arrivals[j - 1])
          && isPossible(departures[i - 1], arrivals[j - 1])) {
        pair(departures[--i], arrivals[--j], piece);
      } else if (cost[i][j] == cost[i - 1][j]) {
        i--;
      } else {
        j--;
      }
    }
  }

  private long cost(int nearIndex, int farIndex) {
    if (!isPossible(nearIndex, farIndex)) {
      return UNASSIGNED_COST;
    }
    long unusual = Math.abs(difference(nearIndex, farIndex) - typicalNanos);
    long reshaped = near.hasRangeOf(nearIndex, far, farIndex) ? 0 : RESHAPED_COST;
    return Math.min(unusual + reshaped, MOST_COST);
  }

  private boolean isPossible(int nearIndex, int farIndex) {
    return difference(nearIndex, farIndex) >= earliestNanos
        && !(idsAreKept && near.isAnotherById(nearIndex, far, farIndex));
  }

  private long difference(int nearIndex, int farIndex) {
    return far.timeNanos(farIndex) - near.timeNanos(nearIndex);
  }
}
