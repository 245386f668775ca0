package org.mssbridge.alignment;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which transmissions of one direction at the near point became which at the far point, by byte
 * range. Only transmissions with data are numbered, in capture order; keep-alives and the second
 * copies that a capture holds are left out. Positions are counted from the ISN, so the first byte
 * of data is 1.
 *
 * @param near the transmissions at the near point
 * @param far the arrivals at the far point
 * @param lost the bytes that left the near point and did not arrive
 * @param missed the bytes that the far capture lacks although the receiver acknowledged them
 * @param unknown the bytes without a counterpart of which the far capture cannot tell whether they
 *     arrived, since it does not surely cover their time
 * @param duplicated numbers of the arrivals at the far point that repeat another arrival of the
 *     same transmission
 * @param lengthChanges where the stream becomes longer or shorter on the path
 * @param isFollowed false where the segments overlap too much to be followed: then the alignment
 *     has no transmissions
 */
@SuppressWarnings("ArrayRecordComponent") // As below.
public record Alignment(
    Sightings near,
    Sightings far,
    Ranges lost,
    Ranges missed,
    Ranges unknown,
    int[] duplicated,
    List<LengthChange> lengthChanges,
    boolean isFollowed) {

  public Alignment {
    lengthChanges = List.copyOf(lengthChanges);
  }

  /**
   * The place from which the stream is longer or shorter at the far point.
   *
   * @param nearRow row of the first near segment after the changed bytes
   * @param nearPosition its position at the near point, from the ISN
   * @param bytes by how many bytes the positions at the far point rise here; negative where they
   *     fall
   */
  public record LengthChange(int nearRow, long nearPosition, long bytes) {}

  /**
   * The data segments at one point, each with its counterparts at the other.
   *
   * @param row rows in the point's segment table
   * @param start position of the first byte
   * @param peerRow row of the first segment at the other point that carries a part of the same
   *     transmission, -1 where there is none
   * @param largestPeerBytes payload of the largest of these segments
   * @param peers the number of these segments
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns of primitives for a million segments.
  public record Sightings(
      int[] row, long[] start, int[] peerRow, int[] largestPeerBytes, int[] peers) {
    static final Sightings NONE =
        new Sightings(new int[0], new long[0], new int[0], new int[0], new int[0]);

    /** Number of segments. */
    public int size() {
      return row.length;
    }

    private Sightings only(int[] which) {
      return new Sightings(
          IntStream.of(which).map(i -> row[i]).toArray(),
          IntStream.of(which).mapToLong(i -> start[i]).toArray(),
          IntStream.of(which).map(i -> peerRow[i]).toArray(),
          IntStream.of(which).map(i -> largestPeerBytes[i]).toArray(),
          IntStream.of(which).map(i -> peers[i]).toArray());
    }
  }

  /**
   * Byte ranges of transmissions.
   *
   * @param index number of the transmission at the near point
   * @param start position of the first byte
   * @param end position after the last byte
   */
  @SuppressWarnings("ArrayRecordComponent") // As above.
  public record Ranges(int[] index, long[] start, long[] end) {
    static final Ranges NONE = new Ranges(new int[0], new long[0], new long[0]);

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

    /** Those of some transmissions, by their numbers. */
    Ranges only(IntPredicate which) {
      RangeList some = new RangeList();
      for (int i = 0; i < index.length; i++) {
        if (which.test(index[i])) {
          some.add(index[i], start[i], end[i]);
        }
      }
      return some.toRanges();
    }

    /** These and others, in the order of the transmissions. */
    Ranges plus(Ranges others) {
      RangeList all = new RangeList();
      int other = 0;
      for (int i = 0; i < index.length; i++) {
        for (; other < others.size() && others.index[other] < index[i]; other++) {
          all.add(others.index[other], others.start[other], others.end[other]);
        }
        all.add(index[i], start[i], end[i]);
      }
      for (; other < others.size(); other++) {
        all.add(others.index[other], others.start[other], others.end[other]);
      }
      return all.toRanges();
    }

    /** Marks the transmissions that have a range. */
    void markIn(boolean[] marks) {
      for (int number : index) {
        marks[number] = true;
      }
    }

    private Ranges renumbered(int[] numbers) {
      RangeList all = new RangeList();
      for (int i = 0; i < index.length; i++) {
        all.add(numbers[index[i]], start[i], end[i]);
      }
      return all.toRanges();
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

  /** The same transmissions, with other fates. */
  Alignment withFates(Ranges lost, Ranges missed, Ranges unknown) {
    return new Alignment(near, far, lost, missed, unknown, duplicated, lengthChanges, isFollowed);
  }

  /** Some of the transmissions, which are numbered again. */
  Alignment only(IntPredicate which) {
    int[] some = IntStream.range(0, near.size()).filter(which).toArray();
    int[] numbers = new int[near.size()];
    for (int i = 0; i < some.length; i++) {
      numbers[some[i]] = i;
    }
    return new Alignment(
        near.only(some),
        far,
        lost.only(which).renumbered(numbers),
        missed.only(which).renumbered(numbers),
        unknown.only(which).renumbered(numbers),
        duplicated,
        lengthChanges,
        isFollowed);
  }

  /** Without transmissions, as the directions of most connections of a scan are. */
  static final Alignment EMPTY = withoutTransmissions(true);

  static final Alignment NOT_FOLLOWED = withoutTransmissions(false);

  private static Alignment withoutTransmissions(boolean isFollowed) {
    return new Alignment(
        Sightings.NONE,
        Sightings.NONE,
        Ranges.NONE,
        Ranges.NONE,
        Ranges.NONE,
        new int[0],
        List.of(),
        isFollowed);
  }

  /**
   * Time differences between the two points, on clocks that may differ, measured on segments that
   * were sent once and arrived once: those with data and, where these are few, those without.
   */
  public static final class Delay {
    private static final long[] NO_TIMES = {};
    private static final Samples NO_SAMPLES = new Samples(NO_TIMES, NO_TIMES, NO_TIMES, NO_TIMES);

    /** Not measured. */
    static final Delay UNKNOWN = new Delay(0, NO_SAMPLES, 0, false);

    private final long typicalNanos;

    /** Null where there is one, at a time, with the typical difference. */
    private final Samples samples;

    private final long timeNanos;
    private final boolean isKnown;

    @SuppressWarnings("ArrayRecordComponent") // As above.
    private record Samples(
        long[] nearTimeNanos,
        long[] differenceNanos,
        long[] sampleTimeNanos,
        long[] sampleDifferenceNanos) {}

    private Delay(long typicalNanos, Samples samples, long timeNanos, boolean isKnown) {
      this.typicalNanos = typicalNanos;
      this.samples = samples;
      this.timeNanos = timeNanos;
      this.isKnown = isKnown;
    }

    /** Of several samples; see the accessors. */
    static Delay of(
        long[] nearTimeNanos,
        long[] differenceNanos,
        long[] sampleTimeNanos,
        long[] sampleDifferenceNanos,
        long typicalNanos) {
      return new Delay(
          typicalNanos,
          new Samples(nearTimeNanos, differenceNanos, sampleTimeNanos, sampleDifferenceNanos),
          0,
          true);
    }

    /** Of one sample, which takes no arrays. */
    static Delay ofOne(long nearTimeNanos, long differenceNanos) {
      return new Delay(differenceNanos, null, nearTimeNanos, true);
    }

    /** Without a sample that can be told to be the same segment. */
    static Delay about(long typicalNanos) {
      return new Delay(typicalNanos, NO_SAMPLES, 0, true);
    }

    /** Whether it was measured; otherwise it is 0. */
    public boolean isKnown() {
      return isKnown;
    }

    /** The median of all differences; 0 where there is none. */
    public long typicalNanos() {
      return typicalNanos;
    }

    /**
     * Times at the near point; where there are very many, of each group of neighbours only the one
     * with the smallest difference.
     */
    public long[] nearTimeNanos() {
      return samples == null ? new long[] {timeNanos} : samples.nearTimeNanos;
    }

    /** Far time minus near time. */
    public long[] differenceNanos() {
      return samples == null ? new long[] {typicalNanos} : samples.differenceNanos;
    }

    /** Times at the near point, evenly thinned where there are very many. */
    public long[] sampleTimeNanos() {
      return samples == null ? new long[] {timeNanos} : samples.sampleTimeNanos;
    }

    /** Far time minus near time of these samples. */
    public long[] sampleDifferenceNanos() {
      return samples == null ? new long[] {typicalNanos} : samples.sampleDifferenceNanos;
    }
  }
}
