package org.mssbridge.alignment;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Bytes of one direction of a connection that a capture lacks although it shows that they were
 * acknowledged: the capture missed them, or they took another path. Positions are counted from the
 * ISN, or from the first sequence number seen where the ISN is unknown.
 *
 * @param start positions of the first bytes
 * @param end positions after the last bytes
 * @param acknowledgedFrame the frame that acknowledges the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // Columns of primitives.
public record CaptureGaps(long[] start, long[] end, int[] acknowledgedFrame) {
  private static final CaptureGaps NONE = new CaptureGaps(new long[0], new long[0], new int[0]);

  /** Finds the gaps of a direction; none where either direction was not seen at all. */
  public static CaptureGaps of(Connection connection, Direction direction) {
    return of(connection, direction, Long.MIN_VALUE);
  }

  /**
   * Finds the gaps of a direction at or after a position; none where either direction was not seen
   * at all.
   */
  public static CaptureGaps of(Connection connection, Direction direction, long from) {
    Flow flow = connection.flow(direction);
    Flow receiver = connection.flow(direction.reverse());
    if (flow.firstRow() < 0 || receiver.firstRow() < 0) {
      return NONE;
    }
    int base = base(flow);
    Acknowledgments acknowledged = new Acknowledgments(receiver, base);
    return acknowledged.isEmpty() || isWhole(flow, base, acknowledged)
        ? NONE
        : new Search(flow, base, acknowledged).gaps(from);
  }

  /** The raw sequence number that counts as 0: the ISN, or one below the first that was seen. */
  public static int base(Flow flow) {
    return flow.isn().orElse(SequenceBase.firstSequence(flow, 0) - 1);
  }

  /**
   * Whether the segments cover all that was acknowledged, each joining the ones before it. This is
   * the usual case, and it needs no search.
   */
  private static boolean isWhole(Flow flow, int base, Acknowledgments acknowledged) {
    SegmentTable table = flow.table();
    long covered = flow.isn().isPresent() ? 1 : -1;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      int bytes = bytes(table, row);
      if (bytes > 0) {
        long position = position(table, row, base, Math.max(0, covered));
        if (covered < 0) {
          covered = Math.max(position, acknowledged.first());
        }
        if (position > covered) {
          return false;
        }
        covered = Math.max(covered, position + bytes);
      }
    }
    return acknowledged.highest() <= covered;
  }

  /** The length of a segment in sequence numbers: its data and its FIN. */
  private static int bytes(SegmentTable table, int row) {
    int flags = table.flags(row);
    return (flags & TcpFlags.RST) != 0
        ? 0
        : table.payloadBytes(row) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
  }

  private static long position(SegmentTable table, int row, int base, long reference) {
    return table.position(row, base, reference) + ((table.flags(row) & TcpFlags.SYN) != 0 ? 1 : 0);
  }

  /** The gaps but for those within a range of positions. */
  public CaptureGaps without(long from, long to) {
    int[] left = IntStream.range(0, size()).filter(i -> start[i] < from || end[i] > to).toArray();
    return left.length == size()
        ? this
        : new CaptureGaps(
            IntStream.of(left).mapToLong(i -> start[i]).toArray(),
            IntStream.of(left).mapToLong(i -> end[i]).toArray(),
            IntStream.of(left).map(i -> acknowledgedFrame[i]).toArray());
  }

  /** Number of ranges. */
  public int size() {
    return start.length;
  }

  /** Bytes in all ranges together. */
  public long bytes() {
    long bytes = 0;
    for (int i = 0; i < start.length; i++) {
      bytes += end[i] - start[i];
    }
    return bytes;
  }

  private static final class Search {
    private final Flow flow;
    private final Acknowledgments acknowledged;
    private final LongList starts = new LongList();
    private final LongList ends = new LongList();
    private final LongList found = new LongList();
    private long first = -1;
    private boolean finSeen;

    Search(Flow flow, int base, Acknowledgments acknowledged) {
      this.flow = flow;
      this.acknowledged = acknowledged;
      SegmentTable table = flow.table();
      long reference = 0;
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        int bytes = bytes(table, row);
        if (bytes > 0) {
          long position = position(table, row, base, reference);
          reference = Math.max(reference, position + bytes);
          first = first < 0 ? position : first;
          starts.add(position);
          ends.add(position + bytes);
          finSeen |= (table.flags(row) & TcpFlags.FIN) != 0;
        }
      }
    }

    CaptureGaps gaps(long least) {
      long[] from = starts.toArray();
      long[] to = ends.toArray();
      Arrays.sort(from);
      Arrays.sort(to);
      long covered = flow.isn().isPresent() ? 1 : Math.max(first, acknowledged.first());
      covered = Math.max(covered, least);
      for (int i = 0; i < from.length; i++) {
        // Starts and ends are sorted, so no range covers the bytes
        // between the end of the previous one and a later start.
        long open = i == 0 ? covered : Math.max(covered, to[i - 1]);
        if (from[i] > open) {
          gap(open, from[i]);
        }
      }
      long last = to.length == 0 ? covered : Math.max(covered, to[to.length - 1]);
      boolean maybeFin = !finSeen && acknowledged.highest() == last + 1;
      if (!maybeFin) {
        gap(last, acknowledged.highest());
      }
      return result();
    }

    /** Adds a gap, as far as it was acknowledged: only those bytes are known to have been sent. */
    private void gap(long from, long to) {
      long end = Math.min(to, acknowledged.highest());
      if (from < end) {
        found.add(from);
        found.add(end);
      }
    }

    private CaptureGaps result() {
      int size = found.size() / 2;
      long[] start = new long[size];
      long[] end = new long[size];
      int[] frame = new int[size];
      for (int i = 0; i < size; i++) {
        start[i] = found.get(2 * i);
        end[i] = found.get(2 * i + 1);
        frame[i] = flow.table().frame(acknowledged.rowOf(end[i]));
      }
      return new CaptureGaps(start, end, frame);
    }
  }
}
