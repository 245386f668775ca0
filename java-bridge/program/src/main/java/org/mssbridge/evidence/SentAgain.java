package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * Data of a direction that was sent more than once, as one point sees it by its byte ranges: what
 * is missing there at first was lost before the point; what passed there already was lost after it,
 * or its acknowledgment was.
 *
 * @param before the segments whose bytes are missing at first
 * @param after the segments whose bytes passed before and were not acknowledged yet
 * @param bytes the bytes of the direction that the capture holds, each counted once
 * @param overtaken the frames of segments that come after later ones and were surely sent before
 */
public record SentAgain(Part before, Part after, long bytes, Set<Integer> overtaken) {
  /** Segments that were sent again, and how many bytes of them were. */
  public record Part(List<Integer> frames, long bytes) {
    static Part of(LongList frames, long bytes) {
      List<Integer> list = new ArrayList<>(frames.size());
      for (int frame : frames.toIntArray()) {
        list.add(frame);
      }
      return new Part(List.copyOf(list), bytes);
    }
  }

  /** Later than this is no reordering in one network: Linux and Wireshark assume about 3 ms. */
  private static final long REORDERED_NANOS = 3_000_000L;

  /** What a point sees of a direction of a connection. */
  public static SentAgain of(
      Connection seen, Direction direction, CaptureDuplicates duplicates, Set<Integer> needless) {
    return new Walk(seen, direction, duplicates, needless).walk();
  }

  /** Bytes that were not seen yet. */
  private record Hole(long end, int openedRow) {}

  private static final class Walk {
    private final Flow sender;
    private final Flow receiver;
    private final SegmentTable table;
    private final CaptureDuplicates duplicates;
    private final Set<Integer> needless;
    private final NetworkCopy copies;
    private final long roundTripNanos;
    private final int base;

    /** Positions after the last byte seen, and after the last that was acknowledged. */
    private long covered = -1;

    private long acknowledged = -1;
    private boolean isClosed;
    private long bytes;
    private final TreeMap<Long, Hole> holes = new TreeMap<>();

    /** The row of the last transmission from each number. */
    private final Map<Integer, Integer> sent = new HashMap<>();

    private final LongList before = new LongList();
    private final LongList after = new LongList();
    private final Set<Integer> overtaken = new HashSet<>();
    private long bytesBefore;
    private long bytesAfter;

    Walk(
        Connection seen, Direction direction, CaptureDuplicates duplicates, Set<Integer> needless) {
      sender = seen.flow(direction);
      receiver = seen.flow(direction.reverse());
      table = sender.table();
      this.duplicates = duplicates;
      this.needless = needless;
      copies = new NetworkCopy(seen);
      roundTripNanos =
          HandshakeGaps.of(seen).map(gaps -> gaps.clientNanos() + gaps.serverNanos()).orElse(-1L);
      int first = sender.firstDataRow();
      base = first < 0 ? 0 : sender.isn().orElse(table.sequence(first) - 1);
    }

    SentAgain walk() {
      int acks = receiver.firstRow();
      for (int row = sender.firstDataRow(); row >= 0; row = table.next(row)) {
        acks = acknowledge(acks, row);
        boolean hasData =
            table.payloadBytes(row) > 1 // One byte is a probe of an idle host or a closed window.
                && (table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) == 0;
        if (hasData && !duplicates.contains(row)) {
          send(row);
        }
      }
      return new SentAgain(
          Part.of(before, bytesBefore), Part.of(after, bytesAfter), Math.max(0, bytes), overtaken);
    }

    private int acknowledge(int from, int limit) {
      int row = from;
      while (row >= 0 && row < limit) {
        if ((table.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
          acknowledged =
              Math.max(
                  acknowledged,
                  acknowledged + (table.acknowledgment(row) - base - (int) acknowledged));
          isClosed = table.window(row) == 0;
        }
        row = table.next(row);
      }
      return row;
    }

    private void send(int row) {
      long start = table.position(row, base, Math.max(0, covered));
      long end = start + table.payloadBytes(row);
      Integer earlier = sent.put(table.sequence(row), row);
      if (covered < 0) {
        covered = sender.isn().isPresent() ? Math.min(1, start) : start;
      }
      if (start > covered) {
        holes.put(covered, new Hole(start, row));
      }
      long below = Math.min(end, covered);
      long late = start < below ? fill(start, below, row) : 0;
      long again = Math.max(0, below - start) - late;
      bytes += end - start - again;
      covered = Math.max(covered, end);
      boolean isCopy = earlier != null && copies.is(row, earlier);
      if (again > 0
          && !isCopy
          && !isClosed
          && acknowledged < end
          && !needless.contains(table.frame(row))) {
        after.add(table.frame(row));
        bytesAfter += again;
      }
    }

    /** Takes bytes that were missing so far; returns how many there are. */
    private long fill(long start, long end, int row) {
      long filled = 0;
      boolean isAgain = false;
      Map.Entry<Long, Hole> entry = holes.floorEntry(start);
      if (entry == null || entry.getValue().end() <= start) {
        entry = holes.higherEntry(start);
      }
      while (entry != null && entry.getKey() < end) {
        Hole hole = entry.getValue();
        long from = Math.max(start, entry.getKey());
        long to = Math.min(end, hole.end());
        holes.remove(entry.getKey());
        if (entry.getKey() < from) {
          holes.put(entry.getKey(), new Hole(from, hole.openedRow()));
        }
        if (to < hole.end()) {
          holes.put(to, hole);
        }
        filled += to - from;
        if (acknowledged <= from && isSentAgain(row, hole.openedRow())) {
          isAgain = true;
          bytesBefore += to - from;
        } else if (isOvertaken(row, hole.openedRow())) {
          overtaken.add(table.frame(row));
        }
        entry = holes.higherEntry(to - 1);
      }
      if (isAgain) {
        before.add(table.frame(row));
      }
      return filled;
    }

    /**
     * Whether a segment was sent before one with later bytes: by its timestamps, or as it comes
     * before the receiver can have asked for it.
     */
    private boolean isOvertaken(int row, int later) {
      boolean hasTimestamps = table.hasTimestamp(row) && table.hasTimestamp(later);
      int ticks = hasTimestamps ? table.timestamp(row) - table.timestamp(later) : 0;
      return ticks < 0
          || (ticks == 0 && table.timeNanos(row) - table.timeNanos(later) < roundTripNanos);
    }

    /**
     * Whether a segment was sent after one with later bytes, and was not overtaken: by its
     * timestamps (RFC 7323), or as it comes after the receiver can have asked for it.
     */
    private boolean isSentAgain(int row, int later) {
      if (table.hasTimestamp(row) && table.hasTimestamp(later)) {
        int ticks = table.timestamp(row) - table.timestamp(later);
        if (ticks != 0) {
          return ticks > 0;
        }
      }
      long nanos = table.timeNanos(row) - table.timeNanos(later);
      return roundTripNanos >= 0 && nanos >= Math.max(roundTripNanos, REORDERED_NANOS);
    }
  }
}
