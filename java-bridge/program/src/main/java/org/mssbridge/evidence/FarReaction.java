package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;

/** What the far point shows after a segment without data did not arrive there. */
final class FarReaction {
  /** An end with data to send does so, once it may. */
  private static final long AT_ONCE_NANOS = 200_000_000;

  private final ControlAlignment alignment;
  private final SegmentTable table;
  private final Flow arrived;

  /** What the other end sends. */
  private final Flow other;

  /** When the other end sent something again, and the position after it. */
  private final LongList repeatedAt = new LongList();

  private final LongList repeatedEnd = new LongList();
  private final LongList repeatedRow = new LongList();

  /** The lowest of {@link #repeatedEnd} from an entry on. */
  private final long[] lowestEndFrom;

  /** When a higher position than ever before was acknowledged by what arrived. */
  private final LongList acknowledgedAt = new LongList();

  private final LongList acknowledged = new LongList();
  private long lastArrivalNanos = Long.MIN_VALUE;
  private long lastActiveNanos = Long.MIN_VALUE;
  private long lastResetNanos = Long.MIN_VALUE;
  private long firstResetNanos = Long.MAX_VALUE;
  private long lastArrivalBeforeResetNanos = Long.MIN_VALUE;
  private boolean finBeforeReset;
  private boolean fin;
  private boolean otherFin;
  private long highestOfOther = -1;
  private long sentByOther;
  private long finEnd = -1;

  FarReaction(ControlAlignment alignment) {
    this.alignment = alignment;
    Passage passage = alignment.passage;
    Direction back = passage.direction().reverse();
    arrived = passage.far();
    other = passage.pair().far(passage.direction()).flow(back);
    table = arrived.table();
    readArrived();
    readOther();
    readArrivedBeforeReset();
    lowestEndFrom = new long[repeatedEnd.size()];
    long lowest = Long.MAX_VALUE;
    for (int i = lowestEndFrom.length - 1; i >= 0; i--) {
      lowest = Math.min(lowest, repeatedEnd.get(i));
      lowestEndFrom[i] = lowest;
    }
    readFin();
  }

  private void readArrived() {
    long highest = -1;
    for (int row = arrived.firstRow(); row >= 0; row = table.next(row)) {
      lastArrivalNanos = Math.max(lastArrivalNanos, table.timeNanos(row));
      int flags = table.flags(row);
      fin |= (flags & (TcpFlags.FIN | TcpFlags.RST)) == TcpFlags.FIN;
      if ((flags & TcpFlags.RST) != 0) {
        firstResetNanos = Math.min(firstResetNanos, table.timeNanos(row));
      }
      long position = alignment.far.acknowledged(row, Math.max(0, highest));
      if (position > highest) {
        highest = position;
        acknowledgedAt.add(table.timeNanos(row));
        acknowledged.add(position);
      }
    }
  }

  private void readArrivedBeforeReset() {
    if (lastResetNanos == Long.MIN_VALUE) {
      return; // As in nearly all.
    }
    for (int row = arrived.firstRow(); row >= 0; row = table.next(row)) {
      long nanos = table.timeNanos(row);
      if (nanos < lastResetNanos) {
        lastArrivalBeforeResetNanos = Math.max(lastArrivalBeforeResetNanos, nanos);
        finBeforeReset |= (table.flags(row) & TcpFlags.FIN) != 0;
      }
    }
  }

  private void readOther() {
    long sent = 0;
    for (int row = other.firstRow(); row >= 0; row = table.next(row)) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.RST) != 0) {
        lastResetNanos = Math.max(lastResetNanos, table.timeNanos(row));
        firstResetNanos = Math.min(firstResetNanos, table.timeNanos(row));
        continue;
      }
      otherFin |= (flags & TcpFlags.FIN) != 0;
      lastActiveNanos = Math.max(lastActiveNanos, table.timeNanos(row));
      int length =
          table.payloadBytes(row)
              + ((flags & TcpFlags.FIN) != 0 ? 1 : 0)
              + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      if (length > 0) {
        long end = table.position(row, alignment.far.ackBase(), sent) + length;
        if (end <= sent) {
          repeatedAt.add(table.timeNanos(row));
          repeatedEnd.add(end);
          repeatedRow.add(row);
        }
        sent = Math.max(sent, end);
        sentByOther = sent;
      }
      if ((flags & TcpFlags.ACK) != 0) {
        long position =
            SequenceNumber.unwrap(
                table.acknowledgment(row) - alignment.far.base(), Math.max(0, highestOfOther));
        highestOfOther = Math.max(highestOfOther, position);
      }
    }
  }

  /** The position after the near end's FIN. */
  private void readFin() {
    Flow near = alignment.passage.near();
    SegmentTable nearTable = near.table();
    long reference = 0;
    for (int row = near.firstRow(); row >= 0; row = nearTable.next(row)) {
      if ((nearTable.flags(row) & TcpFlags.RST) == 0) {
        reference = Math.max(reference, nearTable.position(row, alignment.near.base(), reference));
        if ((nearTable.flags(row) & TcpFlags.FIN) != 0) {
          finEnd = reference + nearTable.payloadBytes(row) + 1;
        }
      }
    }
  }

  /** Whether a FIN of this direction ever arrived. */
  boolean hasFin() {
    return fin;
  }

  /** Whether the other end acknowledges the FIN at either point: it got one. */
  boolean acknowledgesFin() {
    return finEnd >= 0 && (highestOfOther >= finEnd || highestAtNear() >= finEnd);
  }

  /** The highest position that the other end acknowledges at the near point. */
  private long highestAtNear() {
    Passage passage = alignment.passage;
    Direction back = passage.direction().reverse();
    Flow answers = passage.pair().near(passage.direction()).flow(back);
    SegmentTable nearTable = answers.table();
    long highest = -1;
    for (int row = answers.firstRow(); row >= 0; row = nearTable.next(row)) {
      if ((nearTable.flags(row) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK) {
        highest =
            Math.max(
                highest,
                SequenceNumber.unwrap(
                    nearTable.acknowledgment(row) - alignment.near.base(), Math.max(0, highest)));
      }
    }
    return highest;
  }

  /** Whether the other end sends anything but RSTs after a time. */
  boolean isActiveAfter(long nanos) {
    return lastActiveNanos > nanos;
  }

  boolean resetsAfter(long nanos) {
    return lastResetNanos > nanos;
  }

  /** The other end's last RST. */
  long lastResetNanos() {
    return lastResetNanos;
  }

  /** Whether a FIN of this direction arrived before the other end's last RST. */
  boolean hasFinBeforeReset() {
    return finBeforeReset;
  }

  /** Whether anything of this direction arrives from a time on, before the other end's last RST. */
  boolean arrivesBeforeReset(long nanos) {
    return lastArrivalBeforeResetNanos >= nanos;
  }

  /** Whether the other end still has the connection at a time: no RST and not both FINs. */
  boolean isOpenAt(long nanos) {
    return firstResetNanos > nanos && !(fin && otherFin);
  }

  /** Whether any segment of this direction arrives at or after a time. */
  boolean arrivesAfter(long nanos) {
    return lastArrivalNanos >= nanos;
  }

  /** Whether the other end answers within a moment of a time: then the segment had arrived. */
  boolean arrivesAt(long nanos) {
    for (int row = other.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & TcpFlags.SYN) == 0) {
        return false;
      }
      long after = table.timeNanos(row) - nanos;
      if (after >= 0 && after < 1_000_000) {
        return true;
      }
    }
    return false;
  }

  /**
   * When a position, or a higher one, was first acknowledged by what arrived; never: the maximum.
   */
  long firstAcknowledged(long position) {
    int index = acknowledged.countBelow(position);
    return index == acknowledged.size() ? Long.MAX_VALUE : acknowledgedAt.get(index);
  }

  /** Whether the other end sends something before a position again after a time. */
  boolean isRepeatedAfter(long nanos, long position) {
    int index = repeatedAt.countBelow(nanos);
    return index < repeatedAt.size() && lowestEndFrom[index] <= position;
  }

  /** What the other end sent again although only lost segments had acknowledged it: the rows. */
  List<Integer> repeated(List<Integer> lost) {
    int next = 0;
    List<Integer> repeated = new ArrayList<>();
    long highest = -1;
    for (int i = 0; i < repeatedAt.size(); i++) {
      long nanos = repeatedAt.get(i);
      while (next < lost.size() && alignment.dueNanos(lost.get(next)) <= nanos) {
        highest = Math.max(highest, alignment.near.acknowledged[lost.get(next)]);
        next++;
      }
      long end = repeatedEnd.get(i);
      if (end <= highest && firstAcknowledged(end) > nanos) {
        repeated.add((int) repeatedRow.get(i));
      }
    }
    return repeated;
  }

  /** What the other end sends again from a time on: the rows. */
  List<Integer> repeatedSince(long nanos) {
    List<Integer> repeated = new ArrayList<>();
    for (int i = repeatedAt.countBelow(nanos); i < repeatedAt.size(); i++) {
      repeated.add((int) repeatedRow.get(i));
    }
    return repeated;
  }

  /**
   * How the other end waits for a window that is open: the one that arrived last is closed.
   *
   * @param due when lost segments that open it were due, ascending
   */
  LostControl.WindowWait windowWait(long[] due) {
    LostControl.WindowWait longest = LostControl.WindowWait.NONE;
    boolean isClosed = false;
    long since = Long.MAX_VALUE;
    int next = 0;
    for (int row = arrived.firstRow(); row >= 0 && due.length > 0; row = table.next(row)) {
      long nanos = table.timeNanos(row);
      for (; next < due.length && due[next] <= nanos; next++) {
        since = isClosed ? Math.min(since, due[next]) : since;
      }
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) == 0) {
        isClosed = table.window(row) == 0;
        if (!isClosed && nanos - since > longest.nanos() && hasDataBetween(since, nanos)) {
          longest = new LostControl.WindowWait(nanos - since, table.frame(row));
        }
        since = Long.MAX_VALUE;
      }
    }
    return longest;
  }

  /** Whether the other end probes in a time, or sends data in it or at once after it. */
  private boolean hasDataBetween(long from, long until) {
    long sent = 0;
    for (int row = other.firstRow(); row >= 0; row = table.next(row)) {
      if (table.timeNanos(row) > until + AT_ONCE_NANOS) {
        return false;
      }
      long start = table.position(row, alignment.far.ackBase(), sent);
      int bytes = table.payloadBytes(row);
      if (table.timeNanos(row) >= from
          && (table.flags(row) & TcpFlags.RST) == 0
          && (bytes > 0 || start < sent)) {
        return true;
      }
      sent = Math.max(sent, start + bytes + ((table.flags(row) & TcpFlags.SYN) != 0 ? 1 : 0));
    }
    return false;
  }

  /** Whether the other end's FIN is never acknowledged by what arrives. */
  boolean isOtherFinUnheard() {
    return otherFin && firstAcknowledged(sentByOther) == Long.MAX_VALUE;
  }

  /** Whether anything followed that would not have followed had the segments arrived. */
  boolean isConsequence(List<Integer> lost, Map<LostControl.Kind, Integer> kinds) {
    return !repeated(lost).isEmpty()
        || kinds.containsKey(LostControl.Kind.FIN)
        || kinds.containsKey(LostControl.Kind.RST)
        || kinds.containsKey(LostControl.Kind.SYN)
        || kinds.containsKey(LostControl.Kind.SYN_ACK)
        || kinds.containsKey(LostControl.Kind.WINDOW_UPDATE)
        || kinds.getOrDefault(LostControl.Kind.KEEP_ALIVE, 0) > 1
        || kinds.getOrDefault(LostControl.Kind.WINDOW_PROBE, 0) > 1;
  }
}
