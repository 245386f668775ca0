package org.mssbridge.sieve;

import org.mssbridge.model.TcpFlags;

/**
 * Sorts frames into those that tshark must read and segments that the sieve has read, and says
 * which of these the referee wants to see. When in doubt, tshark reads a frame; see the package
 * description for the exact conditions.
 */
final class FrameSorter {
  /** The first bytes of data that the post-dissector's digest covers. */
  private static final int DIGESTED_BYTES = 64;

  /** FNV-1a of 64 bits (RFC 9923). */
  private static final long FNV_BASIS = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  private final Ledger ledger;
  private final Referee referee;
  private final TcpHeaders segment = new TcpHeaders();
  private final Payload payload = new Payload();
  private final Conversations conversations;
  private final DatagramScan datagrams;
  private int frames;

  FrameSorter(Ledger ledger, long secret, Referee referee, DatagramScan datagrams) {
    this.ledger = ledger;
    this.datagrams = datagrams;
    conversations = new Conversations(secret);
    this.referee = referee;
  }

  /** Records a frame that tshark must read, without reading its headers. */
  void addUnread(long timeNanos, int capturedBytes, int frameBytes) {
    ledger.append(timeNanos, capturedBytes, frameBytes);
    frames++;
  }

  /**
   * Records a frame and decides who reads it.
   *
   * @param bytes the buffer that holds the frame, starting at {@code at}
   * @param isShown whether tshark must be given it whatever it holds
   * @return whether tshark must be given it
   */
  boolean add(
      int linkType,
      byte[] bytes,
      int at,
      int capturedBytes,
      int frameBytes,
      long timeNanos,
      boolean isShown) {
    addUnread(timeNanos, capturedBytes, frameBytes);
    if (!segment.read(linkType, bytes, at, capturedBytes, frameBytes)) {
      return datagrams.add(
          frames, linkType, bytes, at, capturedBytes, frameBytes, timeNanos, isShown);
    }
    if (segment.isToItself() || segment.hasMixedAddress()) {
      return true;
    }
    Conversation conversation = conversations.find(segment);
    if (conversation == null) {
      conversation = conversations.add(segment);
      conversation.watchedFrames = referee.watchedFrames(frames, segment);
    }
    int sender = conversation.senderOf(segment);
    int flags = segment.flags();
    boolean hasProvenOptions =
        segment.hasNoOptions()
            || segment.hasTimestampOnly()
            || OptionList.isProven(bytes, segment.optionsAt(), segment.payloadAt());
    int traits = hasProvenOptions ? 0 : Ledger.ASKED | Ledger.SHOWN;
    long digest = 0;
    long tlsRandom = 0;
    int payloadBytes = segment.payloadBytes();
    if (payloadBytes > 0) {
      boolean isFirst =
          conversation.mayBeFirstData(sender, flags, segment.sequence(), payloadBytes);
      if (isFirst) {
        traits |= Ledger.DIGESTED;
        digest = digest();
      }
      // Of data in a RST, tshark looks into nothing.
      if ((flags & TcpFlags.RST) == 0) {
        payload.read(bytes, segment.payloadAt(), segment.payloadEnd(), isFirst);
        tlsRandom = payload.tlsRandom();
        traits |= payload.isHttp() ? Ledger.HTTP : 0;
        traits |= payload.isCertain() ? 0 : Ledger.ASKED | Ledger.SHOWN;
      }
    }
    if ((flags & TcpFlags.SYN) != 0) {
      conversation.learnSyn(sender, segment.sequence());
    }
    if (conversation.watchedFrames > 0) {
      conversation.watchedFrames--;
      traits |= Ledger.SHOWN | Ledger.WATCHED;
    } else if (isShown || isWanted(linkType, traits, tlsRandom)) {
      traits |= Ledger.SHOWN;
    }
    ledger.describe(conversation, sender, segment, traits, digest, tlsRandom);
    return (traits & Ledger.SHOWN) != 0;
  }

  /** The digest as {@code lua/mss/digest.lua} makes it; 0 if too little of the data is captured. */
  private long digest() {
    int at = segment.payloadAt();
    int count = Math.min(segment.payloadBytes(), DIGESTED_BYTES);
    if (segment.payloadEnd() - at < count) {
      return 0;
    }
    byte[] bytes = segment.bytes();
    long hash = FNV_BASIS;
    for (int end = at + count; at < end; at++) {
      hash = (hash ^ (bytes[at] & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  private boolean isWanted(int linkType, int traits, long tlsRandom) {
    int layers =
        (linkType << 8)
            | (segment.isIpv6() ? 1 : 0)
            | (segment.isPppoe() ? 2 : 0)
            | segment.vlanTags() << 2
            | segment.labels() << 4;
    int sums = segment.checksumState().code() | segment.headerSum().code() << 2;
    int options =
        segment.hasNoOptions()
            ? 0
            : segment.hasTimestampOnly()
                ? 2
                : (traits & Ledger.ASKED) != 0
                    ? 3
                    : OptionList.layout(segment.bytes(), segment.optionsAt(), segment.payloadAt());
    int data =
        segment.payloadBytes() == 0
            ? 0
            : 1
                | (traits & (Ledger.HTTP | Ledger.DIGESTED))
                | (tlsRandom != 0 ? 2 : 0)
                | (segment.payloadEnd() < segment.payloadAt() + segment.payloadBytes() ? 4 : 0);
    return referee.wants(
        frames, segment.sequence(), 31 * layers + sums, options, data, segment.flags());
  }
}
