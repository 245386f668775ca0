package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Aligns one direction of a connection between two points by byte range.
 *
 * <p>The boundaries of all segments at both points cut the stream into pieces. Each piece has the
 * times when it was sent and the times when it arrived, usually one of each. Otherwise the copies
 * are assigned by IP ID, or so that the time differences are as close as possible to the typical
 * one. Near copies that remain unassigned were lost.
 */
final class SegmentAligner {
  /**
   * Segments that overlap in another place each time have as many pieces as segments, each. Offload
   * does not do this: what is one segment at one point is as many at the other as it has pieces.
   */
  private static final int MAX_PIECES_PER_SEGMENT = 64;

  private static final int MIN_PIECES = 1 << 16;

  /** Of fewer samples, all may have waited in a queue. */
  private static final int FEW_TO_TIME = 10;

  /** So many times sooner than there and back an acknowledgment is not the receiver's. */
  private static final int SOONER = 4;

  /** With fewer samples from data than this, segments without data are used too. */
  private static final int FEW_SAMPLES = 64;

  private final PairedConnection pair;
  private final Direction direction;
  private final HandshakeSamples handshakes;
  private final Acknowledgments acknowledged;

  /** Those that came back to the near point. */
  private final Acknowledgments nearAcknowledged;

  private final PieceTable near;
  private final PieceTable far;
  private final List<Alignment.LengthChange> lengthChanges;
  private final DelaySamples samples = new DelaySamples();

  /** The shortest time difference of data; where there are no samples, it is not used. */
  private long leastNanos = Long.MAX_VALUE / SOONER;

  /** A direction's alignment and its delay. */
  record Aligned(Alignment alignment, Alignment.Delay delay) {}

  /** Aligns a direction of a pair. */
  static Aligned align(PairedConnection pair, Direction direction, HandshakeSamples handshakes) {
    return pair.nearFlow(direction).dataSegments() + pair.farFlow(direction).dataSegments() == 0
        ? withoutTransmissions(pair, direction, handshakes, Alignment.EMPTY)
        : new SegmentAligner(pair, direction, handshakes).align();
  }

  private SegmentAligner(PairedConnection pair, Direction direction, HandshakeSamples handshakes) {
    this.pair = pair;
    this.direction = direction;
    this.handshakes = handshakes;
    acknowledged =
        new Acknowledgments(
            pair.far(direction).flow(direction.reverse()),
            pair.base(pair.farPoint(direction), direction));
    Transmissions transmissions = new Transmissions(pair, direction);
    nearAcknowledged =
        new Acknowledgments(
            pair.near(direction).flow(direction.reverse()),
            pair.base(pair.nearPoint(direction), direction));
    near = transmissions.sent(nearAcknowledged);
    int foreignFin = transmissions.foreignFin(near);
    far = transmissions.arrived(acknowledged, foreignFin);
    lengthChanges =
        new LengthChanges(near, far).find(foreignFin >= 0 ? OptionalLong.empty() : shiftOfFin());
    near.move(lengthChanges);
  }

  private OptionalLong shiftOfFin() {
    OptionalLong sent = finPosition(pair.nearFlow(direction), pair.nearPoint(direction));
    OptionalLong arrived = finPosition(pair.farFlow(direction), pair.farPoint(direction));
    return pair.isTimed() && sent.isPresent() && arrived.isPresent()
        ? OptionalLong.of(arrived.getAsLong() - sent.getAsLong())
        : OptionalLong.empty();
  }

  private OptionalLong finPosition(Flow flow, CapturePoint point) {
    SegmentTable table = flow.table();
    int base = pair.base(point, direction);
    long reference = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long position = table.position(row, base, reference);
      if ((table.flags(row) & TcpFlags.FIN) != 0) {
        return OptionalLong.of(position + table.payloadBytes(row));
      }
      reference = table.payloadBytes(row) > 0 ? Math.max(reference, position) : reference;
    }
    return OptionalLong.empty();
  }

  private Aligned align() {
    long[] boundaries = boundaries();
    long segments = (long) near.size() + far.size();
    if (near.pieces(boundaries) + far.pieces(boundaries)
        > Math.max(MIN_PIECES, segments * MAX_PIECES_PER_SEGMENT)) {
      return withoutTransmissions(pair, direction, handshakes, Alignment.NOT_FOLLOWED);
    }
    near.cut(boundaries);
    far.cut(boundaries);
    int pieces = Math.max(0, boundaries.length - 1);
    near.groupByPiece(pieces);
    far.groupByPiece(pieces);
    boolean idsAreKept = PieceAssignment.idsAreKept(near, far, pieces);
    sample(pieces, idsAreKept);
    if (samples.size() < FEW_SAMPLES) {
      handshakes.addTo(samples, direction);
    }
    long handshake = handshakeDifference(pair, direction);
    Alignment.Delay delay = samples.toDelay(handshake);
    PieceAssignment assignment =
        new PieceAssignment(
            near, far, samples, delay.typicalNanos(), handshake, idsAreKept, pieces);
    for (int piece = 0; piece < pieces; piece++) {
      assignment.assign(piece);
    }
    Unmatched unmatched = unmatched(boundaries, delay.isKnown(), delay.typicalNanos());
    Alignment alignment =
        new Alignment(
            near.sightings(far),
            far.sightings(near),
            unmatched.of(Fate.LOST),
            unmatched.of(Fate.MISSED),
            unmatched.of(Fate.UNKNOWN),
            new DuplicateArrivals(near, far).find(),
            lengthChanges,
            true);
    return new Aligned(alignment, delay);
  }

  private static Aligned withoutTransmissions(
      PairedConnection pair, Direction direction, HandshakeSamples handshakes, Alignment empty) {
    DelaySamples samples = new DelaySamples();
    handshakes.addTo(samples, direction);
    return new Aligned(empty, samples.toDelay(handshakeDifference(pair, direction)));
  }

  private long[] boundaries() {
    long[] all = new long[2 * (near.size() + far.size())];
    int length = far.copyBoundaries(all, near.copyBoundaries(all, 0));
    Arrays.sort(all, 0, length);
    int unique = 0;
    for (int i = 0; i < length; i++) {
      if (unique == 0 || all[i] != all[unique - 1]) {
        all[unique++] = all[i];
      }
    }
    return Arrays.copyOf(all, unique);
  }

  /** Collects the time differences of segments that were sent once and arrived once. */
  private void sample(int pieces, boolean idsAreKept) {
    if (!pair.isTimed()) {
      return;
    }
    int lastNear = -1;
    for (int piece = 0; piece < pieces; piece++) {
      if (near.copies(piece) == 1 && far.copies(piece) == 1 && near.copy(piece, 0) != lastNear) {
        int sent = near.copy(piece, 0);
        int arrived = far.copy(piece, 0);
        if (!idsAreKept || !near.isOtherTransmissionById(sent, far, arrived)) {
          lastNear = sent;
          long sentNanos = near.timeNanos(sent);
          long takenNanos = far.timeNanos(arrived) - sentNanos;
          samples.add(piece, sentNanos, takenNanos);
          leastNanos = Math.min(leastNanos, takenNanos);
        }
      }
    }
  }

  /**
   * The time difference of the first SYN or SYN/ACK, for a direction without data that was sent
   * once and arrived once.
   */
  private static long handshakeDifference(PairedConnection pair, Direction direction) {
    var sent = pair.nearFlow(direction).firstHandshake();
    var arrived = pair.farFlow(direction).firstHandshake();
    return pair.isTimed() && sent.isPresent() && arrived.isPresent()
        ? arrived.get().timeNanos() - sent.get().timeNanos()
        : Long.MIN_VALUE;
  }

  /** What became of a range that has no counterpart. */
  private enum Fate {
    /** The far capture would hold it, and does not. */
    LOST,
    /**
     * The far capture missed it: the receiver acknowledged it before, or without, its appearing
     * there.
     */
    MISSED,
    /** The far capture may not cover its time. */
    UNKNOWN
  }

  private static final class Unmatched {
    private final Map<Fate, RangeList> ranges = new EnumMap<>(Fate.class);

    void add(Fate fate, int index, long start, long end) {
      ranges.computeIfAbsent(fate, each -> new RangeList()).add(index, start, end);
    }

    Alignment.Ranges of(Fate fate) {
      RangeList list = ranges.get(fate);
      return list == null ? Alignment.Ranges.NONE : list.toRanges();
    }
  }

  /**
   * The near ranges without a counterpart.
   *
   * @param isDelayKnown whether it is known when segments are due at the far point
   */
  private Unmatched unmatched(long[] boundaries, boolean isDelayKnown, long typical) {
    Coverage coverage = pair.farCapture(direction).coverage();
    Unmatched unmatched = new Unmatched();
    for (int index = 0; index < near.size(); index++) {
      for (int piece = near.firstPiece(index); piece < near.endPiece(index); piece++) {
        if (near.peer(index, piece) < 0) { // As few are.
          Fate fate =
              !isDelayKnown || !isCovered(coverage, index, typical)
                  ? Fate.UNKNOWN
                  : isMissed(piece, boundaries[piece + 1], near.timeNanos(index))
                      ? Fate.MISSED
                      : Fate.LOST;
          unmatched.add(fate, index, boundaries[piece], boundaries[piece + 1]);
        }
      }
    }
    return unmatched;
  }

  /** Whether the far capture covers the time when a segment is due, as late as its neighbours. */
  private boolean isCovered(Coverage coverage, int index, long typical) {
    long sentNanos = near.timeNanos(index);
    return coverage.contains(sentNanos + typical)
        && (samples.size() == 0
            || coverage.contains(sentNanos + samples.latestNanos(near.firstPiece(index))));
  }

  private boolean isMissed(int piece, long end, long sentNanos) {
    int acknowledgedRow = acknowledged.rowOf(end);
    if (far.copies(piece) == 0) {
      // The near point may have got the acknowledgment of what the far capture lacks both.
      int nearRow = nearAcknowledged.rowOf(end);
      return acknowledgedRow != Integer.MAX_VALUE
          || (lengthChanges.isEmpty()
              && nearRow != Integer.MAX_VALUE
              && !isTooSoon(nearTimeNanos(nearRow) - sentNanos));
    }
    if (acknowledgedRow == Integer.MAX_VALUE) {
      return false;
    }
    // A first copy that arrives after its bytes were acknowledged
    // is not the one that the receiver acknowledged.
    int arrived = far.copy(piece, 0);
    if (far.row(arrived) < acknowledgedRow) {
      return false;
    }
    long typical = samples.size() == 0 ? 0 : samples.typicalNanos(piece);
    return samples.size() > 0
        && sentNanos + typical <= pair.farFlow(direction).table().timeNanos(acknowledgedRow);
  }

  private long nearTimeNanos(int row) {
    return pair.nearFlow(direction).table().timeNanos(row);
  }

  /**
   * Whether the receiver cannot have acknowledged so soon: a device before the far point did. The
   * clocks' offset cancels out.
   */
  private boolean isTooSoon(long acknowledgedNanos) {
    long back = handshakeDifference(pair, direction.reverse());
    return back != Long.MIN_VALUE
        && samples.size() >= FEW_TO_TIME
        && acknowledgedNanos * SOONER < leastNanos + back;
  }
}
