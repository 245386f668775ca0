package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * A RST that its sender probably did not send, as one point shows it: its TTL is none that the
 * sender's other packets have at this point, and the sender goes on with the connection after it. A
 * host that sends a RST has deleted the connection (RFC 9293, section 3.5.2).
 *
 * @param row the RST
 * @param flowRow the sender's own segment before it, or the first one after it
 * @param laterRow the segment that shows that the sender goes on
 * @param sentNanos how long before the RST the other end sent what that segment acknowledges, where
 *     only its time shows that the sender acknowledged it after the RST; else -1
 * @param answerNanos the shortest time in which the sender answers, where that is so
 * @param reaction what its receiver makes of it
 * @param reactionRow the receiver's segment that shows it, -1 where there is none
 * @param isNextIpId whether its IP ID continues the sender's
 * @param isOtherIpId whether its IP ID does not; neither where one is unknown or 0
 * @param isExpected whether it has the number that its receiver waits for
 */
public record ForeignReset(
    int row,
    int flowRow,
    int laterRow,
    long sentNanos,
    long answerNanos,
    Reaction reaction,
    int reactionRow,
    boolean isNextIpId,
    boolean isOtherIpId,
    boolean isExpected) {
  /** What a receiver makes of a RST. */
  public enum Reaction {
    /** It asks the sender whether the RST is its own, and goes on (RFC 5961, section 3.2). */
    CHALLENGE,
    /** It goes on. */
    SURVIVES,
    /** It answers the sender's further segments with RSTs: the connection is gone. */
    ENDS,
    UNKNOWN
  }

  /** So many RSTs of a flow are looked at, and so many segments after each. */
  private static final int MOST_RESETS = 64;

  private static final int MOST_SEGMENTS = 4096;

  /** The largest IP ID step within a connection, for hosts with one counter for all packets. */
  private static final int MAX_IP_ID_STEP = 64;

  private static final int NOT_OWN = TcpFlags.SYN | TcpFlags.RST;

  /** Those of a direction, in the order of the capture; none for nearly all. */
  public static List<ForeignReset> of(
      Connection seen, Direction direction, CaptureDuplicates duplicates) {
    Flow sender = seen.flow(direction);
    if (!sender.hasReset()) {
      return List.of();
    }
    SegmentTable table = sender.table();
    Set<Integer> ttls = ttls(sender);
    List<ForeignReset> found = new ArrayList<>();
    Receiver receiver = new Receiver(seen.flow(direction.reverse()));
    int own = -1;
    int resets = 0;
    for (int row = sender.firstRow();
        row >= 0 && !ttls.isEmpty() && resets < MOST_RESETS;
        row = table.next(row)) {
      if ((table.flags(row) & TcpFlags.RST) == 0) {
        own = (table.flags(row) & TcpFlags.SYN) == 0 ? row : own;
      } else if (!duplicates.contains(row)) {
        resets++;
        receiver.advance(row);
        Later later = ttls.contains(table.ttl(row)) ? Later.NONE : later(sender, row, receiver);
        if (later.row() >= 0) {
          found.add(of(table, row, own, later, receiver));
        }
      }
    }
    return found;
  }

  private static ForeignReset of(
      SegmentTable table, int row, int own, Later later, Receiver receiver) {
    int ipId = table.ipId(row);
    int ownIpId = own < 0 ? -1 : table.ipId(own);
    boolean known = ipId > 0 && ownIpId > 0;
    boolean next = known && ((ipId - ownIpId) & 0xffff) <= MAX_IP_ID_STEP;
    Answer answer = receiver.answer(row);
    return new ForeignReset(
        row,
        own < 0 ? later.row() : own,
        later.row(),
        later.sentNanos(),
        later.answerNanos(),
        answer.reaction(),
        answer.row(),
        next,
        known && !next,
        receiver.acknowledges && table.sequence(row) == receiver.acknowledgment);
  }

  /** The TTLs of the sender's segments: any device can make RSTs, and a SYN proxy SYN/ACKs. */
  private static Set<Integer> ttls(Flow sender) {
    SegmentTable table = sender.table();
    Set<Integer> ttls = new HashSet<>();
    for (int row = sender.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & NOT_OWN) == 0 && table.ttl(row) >= 0) {
        ttls.add(table.ttl(row));
      }
    }
    return ttls;
  }

  /** A segment that the sender sends after a RST, and what shows it. */
  private record Later(int row, long sentNanos, long answerNanos) {
    static final Later NONE = new Later(-1, -1, 0);
  }

  /**
   * A segment that the sender surely sends after the RST, if there is one. What a RST overtakes on
   * the way does not count: data before the RST's number, and acknowledgments of what the other end
   * sent before. But what it sent so shortly before that the sender had it only after it sent the
   * RST, does: a RST on its way from there passes half of a round trip later.
   */
  private static Later later(Flow sender, int reset, Receiver receiver) {
    SegmentTable table = sender.table();
    int row = table.next(reset);
    int ack = -1;
    for (int i = 0; row >= 0 && i < MOST_SEGMENTS; i++, row = table.next(row)) {
      int flags = table.flags(row);
      if ((flags & TcpFlags.SYN) != 0) {
        return Later.NONE; // A new connection.
      }
      if ((flags & TcpFlags.RST) == 0) {
        int end = table.sequence(row) + table.payloadBytes(row);
        boolean isData = table.payloadBytes(row) > 1 && end - table.sequence(reset) > 0;
        boolean isAck = (flags & TcpFlags.ACK) != 0 && receiver.sends;
        if (isData || (isAck && table.acknowledgment(row) - receiver.sentEnd > 0)) {
          return new Later(row, -1, 0);
        }
        ack = isAck && ack < 0 ? row : ack;
      }
    }
    return ack < 0 || !table.isTimed() ? Later.NONE : receiver.acknowledged(sender, reset, ack);
  }

  private record Answer(Reaction reaction, int row) {}

  /** The other end, up to the RST. */
  private static final class Receiver {
    private final Flow flow;
    private final SegmentTable table;

    /** The first row after what was looked at. */
    private int next;

    private int acknowledgment;
    private boolean acknowledges;
    private int sentEnd;
    private boolean sends;

    Receiver(Flow flow) {
      this.flow = flow;
      table = flow.table();
      next = flow.firstRow();
    }

    void advance(int row) {
      for (; next >= 0 && next < row; next = table.next(next)) {
        int flags = table.flags(next);
        if ((flags & TcpFlags.RST) != 0) {
          continue;
        }
        int syn = (flags & TcpFlags.SYN) != 0 ? 1 : 0;
        int end = table.sequence(next) + syn + table.payloadBytes(next);
        sentEnd = !sends || end - sentEnd > 0 ? end : sentEnd;
        sends = true;
        if ((flags & TcpFlags.ACK) != 0
            && (!acknowledges || table.acknowledgment(next) - acknowledgment > 0)) {
          acknowledgment = table.acknowledgment(next);
          acknowledges = true;
        }
      }
    }

    /**
     * The first acknowledgment, from a row on, of what this end sent for the first time in the last
     * half of the sender's shortest time to answer before the RST.
     */
    Later acknowledged(Flow sender, int reset, int from) {
      LongList rows = new LongList();
      for (int row = sender.firstRow(); row >= 0 && row < reset; row = table.next(row)) {
        if ((table.flags(row) & TcpFlags.RST) == 0) {
          rows.add(row);
        }
      }
      long answerNanos = LeastAnswer.nanos(rows, flow);
      long since = table.timeNanos(reset) - answerNanos / 2;
      int row = flow.firstRow();
      int sent = table.sequence(row) + ((table.flags(row) & TcpFlags.SYN) != 0 ? 1 : 0);
      for (; row >= 0 && row < reset; row = table.next(row)) {
        int end = table.sequence(row) + table.payloadBytes(row);
        if (table.payloadBytes(row) > 0 && end - sent > 0) {
          if (table.timeNanos(row) > since) {
            break;
          }
          sent = end;
        }
      }
      if (row < 0 || row > reset) {
        return Later.NONE;
      }
      long sentNanos = table.timeNanos(reset) - table.timeNanos(row);
      int later = from;
      for (int i = 0; later >= 0 && i < MOST_SEGMENTS; i++, later = table.next(later)) {
        if ((table.flags(later) & (TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.ACK
            && table.acknowledgment(later) - sent > 0) {
          return new Later(later, sentNanos, answerNanos);
        }
      }
      return Later.NONE;
    }

    /** What the receiver does after the RST, as far as its segments after it show. */
    Answer answer(int reset) {
      int challenge = -1;
      int row = next;
      for (int i = 0; row >= 0 && i < MOST_SEGMENTS; i++, row = table.next(row)) {
        int flags = table.flags(row);
        if ((flags & TcpFlags.RST) != 0) {
          return new Answer(Reaction.ENDS, row);
        }
        if ((flags & TcpFlags.ACK) == 0 || (flags & TcpFlags.SYN) != 0) {
          continue;
        }
        int beyond = table.acknowledgment(row) - acknowledgment;
        if (i == 0 && beyond == 0 && table.payloadBytes(row) == 0 && isNothingBetween(reset, row)) {
          challenge = row;
        }
        boolean isNewData = table.sequence(row) + table.payloadBytes(row) - sentEnd > 0;
        if (acknowledges && (beyond > 0 || isNewData)) {
          return challenge >= 0
              ? new Answer(Reaction.CHALLENGE, challenge)
              : new Answer(Reaction.SURVIVES, row);
        }
      }
      return new Answer(Reaction.UNKNOWN, -1);
    }

    /** Whether nothing else came in the RST's direction that the segment may answer. */
    private boolean isNothingBetween(int reset, int row) {
      int following = table.next(reset);
      return following < 0 || following > row;
    }
  }
}
