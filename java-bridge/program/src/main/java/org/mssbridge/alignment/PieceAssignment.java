package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Matches the sent copies of a piece with the copies that arrived. */
final class PieceAssignment {
  /** Tolerance for the earliest possible arrival: clocks drift and jump a little. */
  private static final long SLACK_NANOS = 2_000_000;

  /**
   * Tolerance with few samples, whose smallest difference may be too large: the first packet may
   * wait for ARP.
   */
  private static final long SLACK_OF_FEW_NANOS = 50_000_000;

  private static final int FEW_SAMPLES = 16;

  private static final long UNASSIGNED_COST = 1L << 60;
  private static final long MAX_COST = 1L << 42;

  /**
   * Cost of different boundaries: of two segments sent within this time, the one with the same
   * boundaries is the better guess.
   */
  private static final long RESHAPED_COST = 5_000_000;

  /**
   * Without IP IDs, arrivals this close together are copies if the transmissions were much further
   * apart.
   */
  private static final long COPY_NANOS = 5_000_000;

  private static final int MAX_CELLS = 1 << 16;
  private static final int MIN_IDS = 4;

  private final PieceTable near;
  private final PieceTable far;
  private final DelaySamples samples;
  private final boolean idsAreKept;
  private final int pieces;
  private final long handshakeNanos;

  /** Whether another timestamp proves another transmission; null until that is asked. */
  private Boolean timestampsAreKept;

  private long typicalNanos;
  private long earliestNanos;

  /**
   * An assignment that uses the given samples.
   *
   * @param typicalNanos the typical difference, used where there are no samples
   * @param handshakeNanos the difference of the handshake, {@link Long#MIN_VALUE} where unknown
   * @param idsAreKept whether another IP ID proves another transmission
   * @param pieces how many there are
   */
  PieceAssignment(
      PieceTable near,
      PieceTable far,
      DelaySamples samples,
      long typicalNanos,
      long handshakeNanos,
      boolean idsAreKept,
      int pieces) {
    this.near = near;
    this.far = far;
    this.samples = samples;
    this.typicalNanos = typicalNanos;
    this.earliestNanos = Long.MIN_VALUE / 4;
    this.handshakeNanos = handshakeNanos;
    this.idsAreKept = idsAreKept;
    this.pieces = pieces;
  }

  /** What may tell apart two transmissions of the same bytes, or show that they are one. */
  private interface Mark {
    boolean test(int sent, int arrived);
  }

  /** Whether segments that were sent once and arrived once mostly have the same IP ID. */
  static boolean idsAreKept(PieceTable near, PieceTable far, int pieces) {
    return isKept(
        near,
        far,
        pieces,
        (sent, arrived) -> near.hasIpIdOf(sent, far, arrived),
        (sent, arrived) -> near.isOtherTransmissionById(sent, far, arrived));
  }

  /** Whether they mostly have the same timestamp. */
  private boolean timestampsAreKept() {
    if (timestampsAreKept == null) {
      timestampsAreKept =
          isKept(
              near,
              far,
              pieces,
              (sent, arrived) -> near.hasTimestampOf(sent, far, arrived),
              (sent, arrived) -> near.isOtherTransmissionByTimestamp(sent, far, arrived));
    }
    return timestampsAreKept;
  }

  private static boolean isKept(
      PieceTable near, PieceTable far, int pieces, Mark isSame, Mark isOther) {
    int same = 0;
    int other = 0;
    for (int piece = 0; piece < pieces; piece++) {
      if (near.copies(piece) == 1 && far.copies(piece) == 1) {
        int sent = near.copy(piece, 0);
        int arrived = far.copy(piece, 0);
        other += isOther.test(sent, arrived) ? 1 : 0;
        same += isSame.test(sent, arrived) ? 1 : 0;
      }
    }
    return same >= MIN_IDS && same >= 9 * other;
  }

  void assign(int piece) {
    int sent = near.copies(piece);
    int arrived = far.copies(piece);
    if (sent == 1 && arrived == 1) {
      if (!idsAreKept
          || !near.isOtherTransmissionById(near.copy(piece, 0), far, far.copy(piece, 0))) {
        pair(near.copy(piece, 0), far.copy(piece, 0), piece);
      }
    } else if (sent > 0 && arrived > 0) {
      if (samples.size() > 0) {
        typicalNanos = samples.typicalNanos(piece);
        earliestNanos = leastNanos(piece) - slackNanos();
      }
      assignMany(piece, sent, arrived);
    }
  }

  /** Of a few samples all may have waited in a queue that the handshake did not meet. */
  private long leastNanos(int piece) {
    int last = near.copies(piece) - 1;
    long least =
        samples.leastNanos(
            piece, near.timeNanos(near.copy(piece, 0)), near.timeNanos(near.copy(piece, last)));
    return samples.size() < FEW_SAMPLES && handshakeNanos != Long.MIN_VALUE
        ? Math.min(least, handshakeNanos)
        : least;
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
    if ((long) sent * arrived > MAX_CELLS) {
      // Too many for a cost table: assume that the last ones sent are those that arrived.
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

  /** The arrivals without the copies that the network made: of each set of copies, one was sent. */
  private int[] withoutCopies(int[] arrivals, long leastGapNanos) {
    int[] originals = new int[arrivals.length];
    int count = 0;
    Map<PieceTable.Content, Long> latestNanos = new TreeMap<>();
    for (int arrival : arrivals) {
      PieceTable.Content content = far.content(arrival);
      Long before = latestNanos.get(content);
      if (before == null || !isCopy(content, far.timeNanos(arrival) - before, leastGapNanos)) {
        originals[count++] = arrival;
        latestNanos.merge(content, far.timeNanos(arrival), Math::max);
      }
    }
    return Arrays.copyOf(originals, count);
  }

  private static boolean isCopy(PieceTable.Content content, long gapNanos, long leastGapNanos) {
    return content.hasIpId() || (gapNanos <= COPY_NANOS && gapNanos < leastGapNanos / 10);
  }

  /** Assigns copies with the same IP ID, even where a later copy overtook an earlier one. */
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
   * Finds the cheapest assignment that keeps the order (as in sequence alignment). An unassigned
   * arrival costs more than any difference, so as many as possible are assigned.
   */
  private void assignByTime(int piece, int[] departures, int[] arrivals) {
    int sent = departures.length;
    int arrived = arrivals.length;
    if (sent == 0 || arrived == 0) {
      return;
    }
    long[][] cost = new long[sent + 1][arrived + 1];
    for (int j = 1; j <= arrived; j++) {
      cost[0][j] = j * (UNASSIGNED_COST / MAX_CELLS);
    }
    for (int i = 1; i <= sent; i++) {
      for (int j = 1; j <= arrived; j++) {
        cost[i][j] =
            Math.min(
                Math.min(cost[i - 1][j], cost[i][j - 1] + UNASSIGNED_COST / MAX_CELLS),
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
    return Math.min(unusual + reshaped, MAX_COST);
  }

  private boolean isPossible(int nearIndex, int farIndex) {
    return difference(nearIndex, farIndex) >= earliestNanos
        && !(idsAreKept && near.isOtherTransmissionById(nearIndex, far, farIndex))
        && !(near.isOtherTransmissionByTimestamp(nearIndex, far, farIndex) && timestampsAreKept());
  }

  private long difference(int nearIndex, int farIndex) {
    return far.timeNanos(farIndex) - near.timeNanos(nearIndex);
  }
}
