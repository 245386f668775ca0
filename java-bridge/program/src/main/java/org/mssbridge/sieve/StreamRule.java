package org.mssbridge.sieve;

import org.mssbridge.model.TcpFlags;

/**
 * When tshark starts a new conversation, and so a new {@code tcp.stream}, for a segment whose
 * addresses and ports it has seen before. Its versions differ; these rules were compared with each
 * of them on random sequences of flags and numbers.
 */
public enum StreamRule {
  /**
   * 3.x: a SYN with another number than the sender's first. It then looks conversations up by the
   * direction that started them, which is not followed here.
   */
  BY_NUMBER_AND_DIRECTION,

  /** 4.0: a SYN with another number than the sender's first or its last SYN/ACK. */
  BY_NUMBER,

  /** From 4.4 on: a SYN or SYN/ACK with another number, or after a FIN or RST. */
  BY_NUMBER_AND_END,

  /** Between them: what the rules agree on. */
  AGREED;

  private static final int SYN_AND_ACK = TcpFlags.SYN | TcpFlags.ACK;
  private static final int FIN_AND_ACK = TcpFlags.FIN | TcpFlags.ACK;

  /** The rule of a version of tshark. */
  public static StreamRule of(int major, int minor) {
    if (major < 4) {
      return BY_NUMBER_AND_DIRECTION;
    }
    if (major > 4 || minor >= 4) {
      return BY_NUMBER_AND_END;
    }
    return minor == 0 ? BY_NUMBER : AGREED;
  }

  /**
   * Whether a segment starts a new conversation; the state is that before the segment.
   *
   * @throws NotSiftedException if the version's rule is not known well enough
   */
  boolean startsAnother(StreamState state, int sender, int flags, int sequence) {
    boolean isSyn = (flags & SYN_AND_ACK) == TcpFlags.SYN;
    boolean isAnswer = (flags & SYN_AND_ACK) == SYN_AND_ACK;
    if ((!isSyn && !isAnswer) || !state.hasBase(sender)) {
      return false;
    }
    boolean isOther = sequence != state.base(sender);
    boolean byNumber = isSyn && isOther;
    boolean byEnd = isOther || state.isClosed();
    return switch (this) {
      case BY_NUMBER -> byNumber;
      case BY_NUMBER_AND_END -> byEnd;
      case BY_NUMBER_AND_DIRECTION -> {
        if (byNumber && sender != state.opener()) {
          throw new NotSiftedException("whether a SYN starts a connection depends on directions");
        }
        yield byNumber;
      }
      case AGREED -> {
        if (byNumber != byEnd) {
          throw new NotSiftedException("whether a SYN starts a connection depends on the version");
        }
        yield byNumber;
      }
    };
  }

  /** Notes a segment that belongs to the conversation, before its numbers become the first. */
  void note(StreamState state, int sender, int flags, int sequence) {
    if (this == BY_NUMBER && (flags & SYN_AND_ACK) == SYN_AND_ACK && state.hasBase(sender)) {
      state.setBase(sender, sequence);
    }
    if ((flags & SYN_AND_ACK) == TcpFlags.SYN && !state.hasBase(sender)) {
      state.setClosed(false);
    }
    if ((flags & TcpFlags.RST) != 0 || (flags & FIN_AND_ACK) == FIN_AND_ACK) {
      state.setClosed(true);
    }
  }
}
