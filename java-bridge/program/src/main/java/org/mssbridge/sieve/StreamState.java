package org.mssbridge.sieve;

import org.mssbridge.model.IntRecords;
import org.mssbridge.model.TcpFlags;

/**
 * What tshark and the post-dissector know of the traffic between two addresses and ports after the
 * frames so far: the number of its newest conversation, the numbers that it starts with, and which
 * direction has shown its first data. One object holds this of all {@link Conversation}s and is
 * moved from one to the other, since there may be millions; only the thread that merges uses it.
 *
 * <p>An end is 0 or 1; a direction is identified by the end that sends.
 */
final class StreamState {
  /** Instead of a number, where there is none. */
  static final int NONE = -1;

  // Of what has two ends, the second follows the first.
  private static final int STREAM = 0;
  private static final int BASE = 1;
  private static final int ISN = 3;
  private static final int FLAGS = 5;
  private static final int FIELDS = 6;

  private static final int HAS_BASE = 1;
  private static final int HAS_ISN = 1 << 2;
  private static final int HAS_FIRST = 1 << 4;
  private static final int SECOND_OPENS = 1 << 6;
  private static final int CLOSED = 1 << 7;
  private static final int READ = 1 << 8;

  private final IntRecords states = new IntRecords(FIELDS);
  private int at;

  /** Adds what is known before the first frame, and returns its number. */
  int add() {
    int added = states.add();
    states.set(added, STREAM, NONE);
    return added;
  }

  /** Moves this object to a number that {@link #add} returned. */
  void moveTo(int number) {
    at = number;
  }

  private boolean has(int flag) {
    return (states.get(at, FLAGS) & flag) != 0;
  }

  private void set(int flag) {
    states.set(at, FLAGS, states.get(at, FLAGS) | flag);
  }

  /** tshark's number of the newest conversation; -1 before the first. */
  int stream() {
    return states.get(at, STREAM);
  }

  /** The end that sent the first segment of the newest conversation. */
  int opener() {
    return has(SECOND_OPENS) ? 1 : 0;
  }

  /** Whether the first number of a direction is known. */
  boolean hasBase(int sender) {
    return has(HAS_BASE << sender);
  }

  /** The first sequence number of a direction. */
  int base(int sender) {
    return states.get(at, BASE + sender);
  }

  void setBase(int sender, int sequence) {
    states.set(at, BASE + sender, sequence);
    set(HAS_BASE << sender);
  }

  /** Whether a FIN or RST was seen since the conversation started. */
  boolean isClosed() {
    return has(CLOSED);
  }

  void setClosed(boolean closed) {
    states.set(at, FLAGS, (states.get(at, FLAGS) & ~CLOSED) | (closed ? CLOSED : 0));
  }

  /** Whether the sieve has read any of its segments, so that tshark has not seen all. */
  boolean isRead() {
    return has(READ);
  }

  void setRead() {
    set(READ);
  }

  /** Starts a conversation. */
  void open(int number, int sender) {
    states.set(at, STREAM, number);
    states.set(at, FLAGS, (states.get(at, FLAGS) & READ) | (sender == 0 ? 0 : SECOND_OPENS));
  }

  /** Learns the first numbers of both directions from a segment, where they are not known yet. */
  void learnBases(int sender, int flags, int sequence, int acknowledgment) {
    if (!hasBase(sender)) {
      setBase(sender, (flags & TcpFlags.SYN) != 0 ? sequence : sequence - 1);
    }
    if (!hasBase(1 - sender) && (flags & TcpFlags.ACK) != 0) {
      setBase(1 - sender, acknowledgment - 1);
    }
  }

  /**
   * Whether the post-dissector takes the data of a segment for the first of its direction, see
   * {@code lua/mss/streams.lua}; true once for each direction of a conversation.
   */
  boolean takesFirstData(int sender, int flags, int sequence, int payloadBytes) {
    boolean isSyn = (flags & TcpFlags.SYN) != 0;
    if (isSyn) {
      states.set(at, ISN + sender, sequence);
      set(HAS_ISN << sender);
    }
    if (payloadBytes == 0 || has(HAS_FIRST << sender)) {
      return false;
    }
    boolean hasIsn = has(HAS_ISN << sender);
    int isn = states.get(at, ISN + sender);
    boolean isFirst = isSyn || (hasIsn ? sequence == isn + 1 : payloadBytes > 1);
    if (isFirst) {
      set(HAS_FIRST << sender);
    }
    return isFirst;
  }
}
