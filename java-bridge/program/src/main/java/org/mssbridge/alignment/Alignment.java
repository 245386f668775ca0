package org.mssbridge.alignment;

import java.util.List;

/**
 * Which transmissions of one direction at the near point became which at the far point, by byte
 * range. Transmissions are numbered in the order of the capture, those with data only; keep-alives
 * and what a capture holds twice are left out. Positions are counted from the ISN, so that the
 * first byte of data is 1.
 *
 * @param near the transmissions at the near point
 * @param far the arrivals at the far point
 * @param lost what left the near point and did not arrive
 * @param missed what the far capture does not hold although its receiver acknowledged it
 * @param duplicated numbers of the arrivals at the far point that repeat another arrival of the
 *     same transmission
 * @param lengthChanges where the stream becomes longer or shorter on its way
 * @param delay far time minus near time, on clocks that may differ
 */
@SuppressWarnings("ArrayRecordComponent") // As below.
public record Alignment(
    Sightings near,
    Sightings far,
    Ranges lost,
    Ranges missed,
    int[] duplicated,
    List<LengthChange> lengthChanges,
    Delay delay) {

  public Alignment {
    lengthChanges = List.copyOf(lengthChanges);
  }

  /**
   * From where on the stream is longer or shorter at the far point.
   *
   * @param nearRow row of the first near segment behind the changed bytes
   * @param nearPosition its position at the near point, from the ISN
   * @param bytes by how many bytes positions are higher from there on at the far point than before
   */
  public record LengthChange(int nearRow, long nearPosition, long bytes) {}

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
   * Differences between the times at the two points, of what was sent once and arrived once: data,
   * and where there is little of it, segments without.
   *
   * @param nearTimeNanos times at the near point; of neighbours the one with the least difference,
   *     where there are very many
   * @param differenceNanos far time minus near time
   * @param sampleTimeNanos times at the near point, evenly thinned where there are very many
   * @param sampleDifferenceNanos far time minus near time of these
   * @param typicalNanos the median of all differences; 0 where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record Delay(
      long[] nearTimeNanos,
      long[] differenceNanos,
      long[] sampleTimeNanos,
      long[] sampleDifferenceNanos,
      long typicalNanos) {}
}
