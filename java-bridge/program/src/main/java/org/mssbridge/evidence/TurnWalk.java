package org.mssbridge.evidence;

import org.mssbridge.alignment.CaptureDuplicates;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.TcpFlags;

/**
 * Walks once through the segments of a connection at one point, both directions in the order of the
 * capture, and stops at the end of each {@link Turn}.
 *
 * <p>Turns are told by the direction of the data. That an end has all data of the other one when it
 * begins to send is seen by what its first segment acknowledges: otherwise it does not answer.
 */
final class TurnWalk {
  /** After so long a silence with nothing outstanding, what comes may be another message. */
  private static final long PAUSE_NANOS = 200_000_000L;

  /** Many shorter ones make a stream of messages. */
  private static final long PAUSES_NANOS = 1_000_000_000L;

  /** After so long a silence a response is complete. */
  private static final long END_NANOS = 1_000_000_000L;

  /** A TCP acknowledges at once within this (RFC 9293, section 3.8.6.3). */
  private static final long AT_ONCE_NANOS = 500_000_000L;

  /** The largest encrypted alert: 5 of header, 16 of IV, and a block and a MAC of 48. */
  private static final int MOST_ALERT_BYTES = 69;

  private final SegmentTable table;
  private final CaptureDuplicates duplicates;
  private final long endNanos;
  private final Side client = new Side();
  private final Side server = new Side();
  private int clientRow;
  private int serverRow;

  /** The turn that goes on, and the last one that ended. */
  private Turn open = new Turn();

  private Turn ended = new Turn();
  private boolean isOpen;
  private boolean isFirstWhole;
  private final boolean isTls;
  private boolean isUnasked;
  private boolean isClosed;
  private boolean isClientClosed;
  private long synNanos = -1;
  private long lastSynNanos = -1;
  private long synAckNanos = -1;

  /** What an end has sent, and how much of it is acknowledged. */
  private static final class Side {
    boolean sends;
    int end;
    boolean isAcknowledged;
    int acknowledged;

    /** Bytes before the end that this point did not see yet. */
    int missingBytes;

    /** When the last data was sent, or when all of it was acknowledged, whichever is later. */
    long quietNanos;

    boolean isQuiet() {
      return !sends || has(end);
    }

    boolean has(int number) {
      return isAcknowledged && acknowledged - number >= 0;
    }
  }

  TurnWalk(Connection seen, PointCapture capture, CaptureDuplicates duplicates) {
    this.table = seen.clientToServer().table();
    this.duplicates = duplicates;
    this.endNanos = Reach.endNanos(capture);
    this.clientRow = seen.clientToServer().firstRow();
    this.serverRow = seen.serverToClient().firstRow();
    this.isFirstWhole = seen.hasHandshake();
    this.isTls = seen.serverToClient().tlsRandom() != 0;
  }

  /** Goes on to the end of the next turn; false where there is none. */
  boolean next() {
    while (clientRow >= 0 || serverRow >= 0) {
      boolean fromClient = serverRow < 0 || (clientRow >= 0 && clientRow < serverRow);
      int row = fromClient ? clientRow : serverRow;
      if (fromClient) {
        clientRow = table.next(row);
      } else {
        serverRow = table.next(row);
      }
      if (!duplicates.contains(row) && read(row, fromClient)) {
        return true;
      }
    }
    return finish();
  }

  /**
   * Goes on to the turn whose request ends at a number; false where there is none, or it begins or
   * its response ends elsewhere.
   */
  boolean goTo(int requestStart, int requestEnd, int responseEnd) {
    while (isBefore(requestEnd)) {
      if (!next()) {
        return false;
      }
    }
    return ended.isAnswered
        && ended.requestStart == requestStart
        && ended.requestEnd == requestEnd
        && ended.responseEnd == responseEnd;
  }

  private boolean isBefore(int requestEnd) {
    return !hasEnded || ended.requestEnd - requestEnd < 0;
  }

  private boolean hasEnded;

  /** The turn that ended last. */
  Turn turn() {
    return ended;
  }

  /** Whether the server sent data before the client did. */
  boolean isUnasked() {
    return isUnasked;
  }

  /** From the first SYN to the SYN/ACK; -1 where one is not seen. */
  long handshakeNanos() {
    return synNanos < 0 || synAckNanos < 0 ? -1 : synAckNanos - synNanos;
  }

  /** From the last SYN before the SYN/ACK to this; -1 where one is not seen. */
  long handshakeAnswerNanos() {
    return lastSynNanos < 0 || synAckNanos < 0 ? -1 : synAckNanos - lastSynNanos;
  }

  private boolean read(int row, boolean fromClient) {
    int flags = table.flags(row);
    Side own = fromClient ? client : server;
    if ((flags & TcpFlags.RST) != 0) {
      if (isOpen && open.isAnswered && !server.isQuiet()) {
        open.doubts.add(LeftOut.NOT_WHOLE);
      }
      isClosed = true;
      isClientClosed |= fromClient;
      return false;
    }
    if ((flags & TcpFlags.SYN) != 0) {
      noteHandshake(row, flags);
    }
    if ((flags & TcpFlags.ACK) != 0) {
      acknowledge(row, fromClient);
    }
    if ((flags & TcpFlags.FIN) != 0) {
      isClosed = true;
      isClientClosed |= fromClient;
    }
    if (isOpen && table.window(row) == 0) {
      open.doubts.add(LeftOut.WINDOW_CLOSED);
    }
    int payloadBytes = table.payloadBytes(row);
    if (payloadBytes == 0) {
      return false;
    }
    // A SYN takes a number (RFC 7413).
    int start = table.sequence(row) + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
    int end = start + payloadBytes;
    if (own.sends && end - own.end <= 0) {
      if (!own.has(end)) {
        repeat(row, fromClient, start, end);
      }
      return false;
    }
    if (own.sends && start - own.end > 0) {
      own.missingBytes += start - own.end;
    }
    return fromClient ? ask(row, start, end) : answer(row, start, end);
  }

  private void noteHandshake(int row, int flags) {
    long nanos = table.timeNanos(row);
    if (TcpFlags.isSyn(flags)) {
      synNanos = synNanos < 0 ? nanos : synNanos;
      lastSynNanos = synAckNanos < 0 ? nanos : lastSynNanos;
    } else if (synAckNanos < 0) {
      synAckNanos = nanos;
    }
  }

  /** Notes what a segment acknowledges of the other end's data. */
  private void acknowledge(int row, boolean fromClient) {
    Side other = fromClient ? server : client;
    int number = table.acknowledgment(row);
    if (!other.isAcknowledged || number - other.acknowledged > 0) {
      boolean wasQuiet = other.isQuiet();
      other.isAcknowledged = true;
      other.acknowledged = number;
      if (!wasQuiet && other.isQuiet()) {
        other.quietNanos = table.timeNanos(row);
      }
    }
    if (isOpen && !open.isAnswered && !fromClient && client.isQuiet()) {
      open.isAcknowledged |=
          table.payloadBytes(row) == 0
              && table.timeNanos(row) - open.requestedNanos < AT_ONCE_NANOS;
    }
    if (isOpen && other.sends && number - other.end > 1) {
      open.doubts.add(LeftOut.NOT_WHOLE); // More than was seen, and a FIN: the capture missed it.
    }
  }

  private boolean ask(int row, int start, int end) {
    long nanos = table.timeNanos(row);
    boolean wasQuiet = client.isQuiet();
    boolean ends = isOpen && open.isAnswered;
    boolean isAhead = server.sends && table.acknowledgment(row) - server.end < 0;
    if (isOpen && !ends) {
      if (wasQuiet) {
        open.requestIdleNanos += nanos - client.quietNanos;
        open.isRequestPaused |=
            nanos - client.quietNanos >= PAUSE_NANOS || open.requestIdleNanos >= PAUSES_NANOS;
      }
      open.requestedNanos = nanos;
      open.requestedRow = row;
      open.requestEnd = end;
    } else {
      if (ends) {
        if (isAhead) {
          open.doubts.add(LeftOut.INTERLEAVED);
        }
        end();
      }
      open.ask(row, nanos, client.sends ? client.end : start, end);
      isOpen = true;
      if (!isFirstWhole) {
        open.doubts.add(LeftOut.NOT_WHOLE);
      }
      isFirstWhole = true;
      if (isAhead) {
        open.doubts.add(LeftOut.INTERLEAVED);
      }
    }
    sent(client, nanos, end);
    return ends;
  }

  private boolean answer(int row, int start, int end) {
    long nanos = table.timeNanos(row);
    if (isTls && isClosing(row)) {
      sent(server, nanos, end); // It may come long after the response.
      return false;
    }
    if (!isOpen) {
      isUnasked = true;
      isFirstWhole = true; // The first request begins after this.
    } else if (!open.isAnswered) {
      open.answer(row, nanos, server.sends ? server.end : start, end);
      if (!client.isQuiet()) {
        open.doubts.add(
            LeftOut.INTERLEAVED); // This segment does not acknowledge all that was asked.
      }
    } else {
      if (server.isQuiet()) {
        open.responseIdleNanos += nanos - server.quietNanos;
        open.isResponsePaused |=
            nanos - server.quietNanos >= PAUSE_NANOS || open.responseIdleNanos >= PAUSES_NANOS;
      }
      open.answeredNanos = nanos;
      open.answeredRow = row;
      open.responseEnd = end;
    }
    sent(server, nanos, end);
    return false;
  }

  /** Whether a server's last data before its FIN is no more than an alert. */
  private boolean isClosing(int row) {
    int next = table.next(row);
    return table.payloadBytes(row) <= MOST_ALERT_BYTES
        && ((table.flags(row) & TcpFlags.FIN) != 0
            || (next >= 0
                && table.payloadBytes(next) == 0
                && (table.flags(next) & TcpFlags.FIN) != 0));
  }

  private static void sent(Side side, long nanos, int end) {
    side.sends = true;
    side.end = end;
    side.quietNanos = nanos;
  }

  /**
   * Something that is not acknowledged comes again, or late. Where nothing is missing at this
   * point, it had passed before.
   */
  private void repeat(int row, boolean fromClient, int start, int end) {
    long nanos = table.timeNanos(row);
    if (!isOpen || fromClient == open.isAnswered) {
      return;
    }
    open.repeats++;
    Side own = fromClient ? client : server;
    if (own.missingBytes == 0) {
      return;
    }
    own.missingBytes = Math.max(0, own.missingBytes - (end - start));
    if (fromClient) {
      open.requestedNanos = nanos;
      open.requestedRow = row;
    } else {
      open.answeredNanos = nanos;
      open.answeredRow = row;
      if (start - open.responseStart <= 0 && end - open.responseStart > 0) {
        open.firstByteNanos = nanos;
        open.firstByteRow = row;
      }
    }
  }

  private boolean finish() {
    if (!isOpen) {
      return false;
    }
    isOpen = false;
    if (!open.isAnswered) {
      if (isClientClosed) {
        return false; // The client wants no answer: it is a TLS alert, or the end of a dialogue.
      }
      open.doubts.add(LeftOut.UNANSWERED);
    } else if (!isClosed && endNanos - open.answeredNanos < END_NANOS) {
      open.doubts.add(LeftOut.NOT_WHOLE);
    }
    end();
    return true;
  }

  private void end() {
    if (server.missingBytes > 0) {
      open.doubts.add(LeftOut.NOT_WHOLE);
      server.missingBytes = 0;
    }
    Turn last = ended;
    ended = open;
    open = last;
    hasEnded = true;
  }
}
