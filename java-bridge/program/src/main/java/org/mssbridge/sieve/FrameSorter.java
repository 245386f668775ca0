package org.mssbridge.sieve;

import org.mssbridge.model.TcpFlags;

/**
 * Sorts frames into evidence, which tshark must read, and plain segments, about which tshark could
 * report nothing more than the headers do. When in doubt, a frame is evidence; see the package
 * description for the exact conditions.
 */
final class FrameSorter {
  /** Number of segments above the announced MSS that tshark is given, per direction. */
  private static final int ABOVE_LIMIT_SHOWN = 16;

  /** Flags that a plain segment may have in addition to ACK. */
  private static final int ORDINARY = TcpFlags.PSH | TcpFlags.FIN;

  private final Ledger ledger;
  private final TcpHeaders segment = new TcpHeaders();
  private final Conversations conversations = new Conversations();

  FrameSorter(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Records a frame that is evidence, without reading its headers. */
  void addEvidence(long timeNanos, int capturedBytes, int frameBytes) {
    ledger.append(timeNanos, capturedBytes, frameBytes);
  }

  /**
   * Records a frame and decides whether it is plain.
   *
   * @param bytes the buffer that holds the frame, starting at {@code at}
   * @param isEvidence whether tshark must read it whatever it holds
   * @return whether it is plain
   */
  boolean add(
      int linkType,
      byte[] bytes,
      int at,
      int capturedBytes,
      int frameBytes,
      long timeNanos,
      boolean isEvidence) {
    ledger.append(timeNanos, capturedBytes, frameBytes);
    if (!segment.read(linkType, bytes, at, capturedBytes, frameBytes)) {
      return false;
    }
    boolean isSyn = (segment.flags() & TcpFlags.SYN) != 0;
    Conversation conversation = conversations.find(segment);
    if (conversation == null && isSyn && !segment.isToItself()) {
      conversation = conversations.add(segment);
    }
    if (conversation == null) {
      return false;
    }
    int sender = conversation.senderOf(segment);
    boolean isPlain = !isEvidence && !isSyn && isPlain(conversation, sender);
    ledger.describe(conversation, sender, segment, isPlain);
    if (isSyn) {
      refuseUnclearSyn(conversation, sender);
      restart(conversation, sender);
    }
    if (isPlain) {
      conversation.sent[sender].hasPlainData |= segment.payloadBytes() > 0;
      conversation.hasPlainFin |= (segment.flags() & TcpFlags.FIN) != 0;
    } else {
      refuseUnclearHello(conversation.sent[sender]);
      learn(conversation, sender);
    }
    advance(conversation.sent[sender]);
    return isPlain;
  }

  private boolean isPlain(Conversation conversation, int sender) {
    Conversation.State own = conversation.sent[sender];
    return !conversation.isClosed
        && (segment.flags() & ~ORDINARY) == TcpFlags.ACK
        && (segment.hasNoOptions() || segment.hasTimestampOnly())
        && own.hasBase
        && conversation.sent[1 - sender].hasBase
        && segment.sequence() == own.nextSequence
        && (segment.payloadBytes() == 0 || isPlainData(own));
  }

  private boolean isPlainData(Conversation.State own) {
    boolean isAboveLimit = own.limitBytes > 0 && segment.payloadBytes() > own.limitBytes;
    return own.hasShownData
        && !(own.hasSentSyn && segment.sequence() == own.isn + 1)
        && !(isAboveLimit && own.aboveLimit++ < ABOVE_LIMIT_SHOWN)
        && !Payload.mayHoldTlsHello(segment.bytes(), segment.payloadAt(), segment.payloadEnd());
  }

  /**
   * Rejects a SYN if tshark may not have seen enough to decide whether it starts a connection.
   * tshark treats a SYN without ACK and with a different ISN as a new connection. For every other
   * SYN, tshark 4.4 and later decide by the FINs they saw, so no FIN may have been plain.
   */
  private void refuseUnclearSyn(Conversation conversation, int sender) {
    Conversation.State own = conversation.sent[sender];
    boolean isNew =
        (segment.flags() & TcpFlags.ACK) == 0 && own.hasIsn && own.isn != segment.sequence();
    if (conversation.hasPlainFin && !isNew) {
      throw new NotSiftedException("whether a SYN starts a connection depends on FINs");
    }
  }

  /**
   * Rejects a TLS hello that goes back behind data of which tshark may not have seen all: it does
   * not look into a segment that it takes for a retransmission.
   */
  private void refuseUnclearHello(Conversation.State own) {
    if (own.hasPlainData
        && segment.sequence() - own.nextSequence < 0
        && Payload.mayHoldTlsHello(segment.bytes(), segment.payloadAt(), segment.payloadEnd())) {
      throw new NotSiftedException("whether a TLS hello is a retransmission depends on other data");
    }
  }

  /** Resets the state at a SYN, which may start another connection. */
  private void restart(Conversation conversation, int sender) {
    conversation.isClosed = false;
    conversation.hasPlainFin = false;
    Conversation.State own = conversation.sent[sender];
    Conversation.State peer = conversation.sent[1 - sender];
    own.restart();
    own.hasIsn = true;
    own.hasSentSyn = true;
    own.isn = segment.sequence();
    own.aboveLimit = 0;
    peer.restart();
    peer.hasIsn &= (segment.flags() & TcpFlags.ACK) != 0;
    peer.limitBytes = segment.mss();
  }

  /** Records what tshark knows once it has seen the segment. */
  private void learn(Conversation conversation, int sender) {
    Conversation.State own = conversation.sent[sender];
    Conversation.State peer = conversation.sent[1 - sender];
    int flags = segment.flags();
    if ((flags & TcpFlags.RST) != 0) {
      conversation.isClosed = true;
    }
    if (!own.hasBase) {
      own.hasBase = true;
      own.nextSequence = segment.sequence();
    }
    if (!peer.hasBase && (flags & TcpFlags.ACK) != 0) {
      peer.hasBase = true;
      peer.nextSequence = segment.acknowledgment();
    }
    // A single byte may be a keep-alive, which does not count as first data.
    boolean isFirst = own.hasIsn && segment.sequence() == own.isn + 1;
    own.hasShownData |= segment.payloadBytes() > (isFirst || (flags & TcpFlags.SYN) != 0 ? 0 : 1);
  }

  private void advance(Conversation.State own) {
    int flags = segment.flags();
    int numbers = (flags & TcpFlags.SYN) != 0 ? 1 : 0;
    numbers += (flags & TcpFlags.FIN) != 0 ? 1 : 0;
    int next = segment.sequence() + segment.payloadBytes() + numbers;
    if (next - own.nextSequence > 0) {
      own.nextSequence = next;
    }
  }
}
