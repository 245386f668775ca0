package org.mssbridge.sieve;

import org.mssbridge.model.TcpFlags;

/**
 * What tshark and the post-dissector know of the traffic between two addresses and ports after the
 * frames so far: the number of its newest conversation, the numbers that it starts with, and which
 * direction has shown its first data.
 *
 * <p>An end is 0 or 1; a direction is identified by the end that sends.
 */
final class StreamState {
  private static final int NONE = -1;

  private int stream = NONE;
  private int opener;
  private int base0;
  private int base1;
  private int isn0;
  private int isn1;
  private boolean hasBase0;
  private boolean hasBase1;
  private boolean hasIsn0;
  private boolean hasIsn1;
  private boolean hasFirst0;
  private boolean hasFirst1;
  private boolean isClosed;
  private boolean isRead;

  /** tshark's number of the newest conversation; -1 before the first. */
  int stream() {
    return stream;
  }

  /** The end that sent the first segment of the newest conversation. */
  int opener() {
    return opener;
  }

  /** Whether the first number of a direction is known. */
  boolean hasBase(int sender) {
    return sender == 0 ? hasBase0 : hasBase1;
  }

  /** The first sequence number of a direction. */
  int base(int sender) {
    return sender == 0 ? base0 : base1;
  }

  void setBase(int sender, int sequence) {
    if (sender == 0) {
      base0 = sequence;
      hasBase0 = true;
    } else {
      base1 = sequence;
      hasBase1 = true;
    }
  }

  /** Whether a FIN or RST was seen since the conversation started. */
  boolean isClosed() {
    return isClosed;
  }

  void setClosed(boolean closed) {
    isClosed = closed;
  }

  /** Whether the sieve has read any of its segments, so that tshark has not seen all. */
  boolean isRead() {
    return isRead;
  }

  void setRead() {
    isRead = true;
  }

  /** Starts a conversation. */
  void open(int number, int sender) {
    stream = number;
    opener = sender;
    hasBase0 = false;
    hasBase1 = false;
    hasIsn0 = false;
    hasIsn1 = false;
    hasFirst0 = false;
    hasFirst1 = false;
    isClosed = false;
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
      learnIsn(sender, sequence);
    }
    if (payloadBytes == 0 || (sender == 0 ? hasFirst0 : hasFirst1)) {
      return false;
    }
    boolean hasIsn = sender == 0 ? hasIsn0 : hasIsn1;
    int isn = sender == 0 ? isn0 : isn1;
    boolean isFirst = isSyn || (hasIsn ? sequence == isn + 1 : payloadBytes > 1);
    if (sender == 0) {
      hasFirst0 = isFirst;
    } else {
      hasFirst1 = isFirst;
    }
    return isFirst;
  }

  private void learnIsn(int sender, int sequence) {
    if (sender == 0) {
      isn0 = sequence;
      hasIsn0 = true;
    } else {
      isn1 = sequence;
      hasIsn1 = true;
    }
  }
}
