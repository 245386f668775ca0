package org.mssbridge.match;

/**
 * Which transmissions of one direction at the near point became which at the far point, by byte
 * range. Transmissions are numbered in the order of the capture, those with data only. Positions
 * are counted from the ISN, so that the first byte of data is 1.
 *
 * @param near the transmissions at the near point
 * @param far the arrivals at the far point
 * @param lost what left the near point and did not arrive
 * @param missed what the far capture does not hold although its receiver acknowledged it
 * @param delay far time minus near time, on clocks that may differ
 */
public record Alignment(Sightings near, Sightings far, Ranges lost, Ranges missed, Delay delay) {

  /**
   * Data segments at one point and what they met at the other.
   *
   * @param row rows in the point's segment table
   * @param start position of the first byte
   * @param peerRow row of the first segment at the other point that carries a part of it by the
   *     same transmission, -1 where there is none
   * @param largestPeerBytes payload of the largest of those
   * @param peers how many those are
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns of primitives for a million segments.
  public record Sightings(
      int[] row, long[] start, int[] peerRow, int[] largestPeerBytes, int[] peers) {
    /** Number of segments. */
    public int size() {
      return row.length;
    }
  }

  /**
   * Byte ranges of transmissions.
   *
   * @param index number of the transmission at the near point
   * @param start position of the first byte
   * @param end position behind the last byte
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record Ranges(int[] index, long[] start, long[] end) {
    /** Number of ranges. */
    public int size() {
      return index.length;
    }

    /** Bytes in all ranges together. */
    public long bytes() {
      long bytes = 0;
      for (int i = 0; i < index.length; i++) {
        bytes += end[i] - start[i];
      }
      return bytes;
    }

    /** Number of transmissions that have at least one range. */
    public int segments() {
      int segments = 0;
      for (int i = 0; i < index.length; i++) {
        if (i == 0 || index[i] != index[i - 1]) {
          segments++;
        }
      }
      return segments;
    }
  }

  /**
   * Differences between the times at the two points for bytes that were sent once and arrived once.
   *
   * @param nearTimeNanos times at the near point, thinned
   * @param differenceNanos far time minus near time
   * @param typicalNanos their median; 0 where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record Delay(long[] nearTimeNanos, long[] differenceNanos, long typicalNanos) {}
}
