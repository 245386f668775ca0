package org.mssbridge.match;

import java.util.Arrays;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/**
 * Aligns one direction of a connection between two points by byte range.
 *
 * <p>The borders of all segments of both points cut the stream into pieces. For each piece it is
 * known when it was sent and when it arrived; mostly once and once. Where the numbers differ, sent
 * and arrived copies are assigned in order so that the time differences come as near as possible to
 * the usual one; what is left over on the near side is lost.
 */
final class SegmentAligner {
  private static final Alignment.Ranges NOTHING =
      new Alignment.Ranges(new int[0], new long[0], new long[0]);

  private final PairedConnection pair;
  private final Direction direction;
  private final PieceTable near;
  private final PieceTable far;
  private final LongList differenceTimes = new LongList();
  private final LongList differences = new LongList();

  SegmentAligner(PairedConnection pair, Direction direction) {
    this.pair = pair;
    this.direction = direction;
    near = transmissions(pair.nearFlow(direction), pair.nearPoint(direction));
    far = transmissions(pair.farFlow(direction), pair.farPoint(direction));
  }

  private PieceTable transmissions(Flow flow, CapturePoint point) {
    SegmentTable table = flow.table();
    PieceTable data = new PieceTable(flow.dataSegments());
    int base = pair.base(point, direction);
    long reference = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      long position = table.position(row, base, reference);
      reference = Math.max(reference, position);
      int payloadBytes = table.payloadBytes(row);
      if (payloadBytes > 0) {
        boolean syn = (table.flags(row) & TcpFlags.SYN) != 0;
        long start = syn ? position + 1 : position;
        data.add(row, start, start + payloadBytes, table.timeNanos(row), table.ipId(row));
      }
    }
    return data;
  }

  Alignment align() {
    long[] borders = borders();
    near.cut(borders);
    far.cut(borders);
    int pieces = Math.max(0, borders.length - 1);
    near.groupByPiece(pieces);
    far.groupByPiece(pieces);
    long typical = typicalDifference(pieces);
    PieceAssignment assignment = new PieceAssignment(near, far, typical, leastDifference());
    for (int piece = 0; piece < pieces; piece++) {
      assignment.assign(piece);
    }
    boolean known = !differences.isEmpty() || handshakeDifference() != Long.MIN_VALUE;
    return new Alignment(
        near.sightings(far, pair.farFlow(direction).table()),
        far.sightings(near, pair.nearFlow(direction).table()),
        known ? unmatched(borders, typical, false) : NOTHING,
        known ? unmatched(borders, typical, true) : NOTHING,
        new Alignment.Delay(differenceTimes.toArray(), differences.toArray(), known ? typical : 0));
  }

  private long[] borders() {
    long[] all = new long[2 * (near.size() + far.size())];
    int length = far.copyBorders(all, near.copyBorders(all, 0));
    Arrays.sort(all, 0, length);
    int unique = 0;
    for (int i = 0; i < length; i++) {
      if (unique == 0 || all[i] != all[unique - 1]) {
        all[unique++] = all[i];
      }
    }
    return Arrays.copyOf(all, unique);
  }

  /** Collects the differences of what was sent once and arrived once; their median is typical. */
  private long typicalDifference(int pieces) {
    int lastNear = -1;
    for (int piece = 0; piece < pieces; piece++) {
      if (near.copies(piece) == 1 && far.copies(piece) == 1 && near.copy(piece, 0) != lastNear) {
        lastNear = near.copy(piece, 0);
        long sent = near.timeNanos(lastNear);
        differenceTimes.add(sent);
        differences.add(far.timeNanos(far.copy(piece, 0)) - sent);
      }
    }
    if (differences.isEmpty()) {
      long handshake = handshakeDifference();
      return handshake == Long.MIN_VALUE ? 0 : handshake;
    }
    return differences.median();
  }

  private long leastDifference() {
    return differences.isEmpty() ? Long.MIN_VALUE / 4 : differences.least();
  }

  /** Difference by the first SYN or SYN/ACK, for a direction whose data never crossed once. */
  private long handshakeDifference() {
    var sent = pair.nearFlow(direction).firstHandshake();
    var arrived = pair.farFlow(direction).firstHandshake();
    return sent.isPresent() && arrived.isPresent()
        ? arrived.get().timeNanos() - sent.get().timeNanos()
        : Long.MIN_VALUE;
  }

  /**
   * The near ranges without a counterpart.
   *
   * @param missed whether those are wanted that the far capture should hold, since its receiver
   *     acknowledged bytes that it never shows; otherwise those that the path lost
   */
  private Alignment.Ranges unmatched(long[] borders, long typical, boolean missed) {
    PointCapture.Extent extent = pair.farCapture(direction).extent();
    long acknowledged = highestAcknowledged();
    RangeList ranges = new RangeList();
    for (int index = 0; index < near.size(); index++) {
      long due = near.timeNanos(index) + typical;
      if (due < extent.firstNanos() || due > extent.lastNanos()) {
        continue;
      }
      for (int piece = near.firstPiece(index); piece < near.endPiece(index); piece++) {
        boolean neverSeen = far.copies(piece) == 0 && borders[piece + 1] <= acknowledged;
        if (near.peer(index, piece) < 0 && neverSeen == missed) {
          ranges.add(index, borders[piece], borders[piece + 1]);
        }
      }
    }
    return ranges.toRanges();
  }

  /** The highest position that the receiver acknowledged at the far point. */
  private long highestAcknowledged() {
    Flow receiver = pair.far(direction).flow(direction.reverse());
    SegmentTable table = receiver.table();
    int base = pair.base(pair.farPoint(direction), direction);
    long highest = 0;
    for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        highest =
            Math.max(highest, SequenceNumber.unwrap(table.acknowledgment(row) - base, highest));
      }
    }
    return highest;
  }
}
