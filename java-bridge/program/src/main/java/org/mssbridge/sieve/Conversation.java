package org.mssbridge.sieve;

import org.mssbridge.model.TcpFlags;

/**
 * The TCP traffic between two addresses and ports. If the ports are reused, it covers several
 * connections in succession.
 *
 * <p>An end is 0 or 1, the lower address and port first; a direction is identified by the end that
 * sends.
 */
final class Conversation implements Ends {
  // Fields instead of arrays: with many conversations, every extra dereference is a cache miss.
  private final long firstHigh;
  private final long firstLow;
  private final long secondHigh;
  private final long secondLow;
  private final char firstPort;
  private final char secondPort;
  private final boolean ipv6;
  private final int hash;

  // Used only by the thread that sorts the frames.
  private int isn0;
  private int isn1;
  private boolean hasIsn0;
  private boolean hasIsn1;
  private boolean hasDigest0;
  private boolean hasDigest1;

  /** How many more of its frames the referee sees; used only by the thread that sorts. */
  int watchedFrames;

  /**
   * The number of what tshark knows of it; used only by the thread that merges, {@link
   * StreamState#NONE} before its first frame.
   */
  int state = StreamState.NONE;

  /** The conversation that was merged before it; used only by the thread that merges. */
  Conversation metBefore;

  private String firstText;
  private String secondText;

  /**
   * Creates the conversation of a segment.
   *
   * @param hash see {@link Conversations}
   */
  Conversation(Ends ends, int hash) {
    this.hash = hash;
    ipv6 = ends.isIpv6();
    boolean isUpwards = isUpwards(ends);
    firstHigh = isUpwards ? ends.sourceHigh() : ends.destinationHigh();
    firstLow = isUpwards ? ends.sourceLow() : ends.destinationLow();
    firstPort = (char) (isUpwards ? ends.sourcePort() : ends.destinationPort());
    secondHigh = isUpwards ? ends.destinationHigh() : ends.sourceHigh();
    secondLow = isUpwards ? ends.destinationLow() : ends.sourceLow();
    secondPort = (char) (isUpwards ? ends.destinationPort() : ends.sourcePort());
  }

  private static boolean isUpwards(Ends ends) {
    if (ends.sourceHigh() != ends.destinationHigh()) {
      return ends.sourceHigh() < ends.destinationHigh();
    }
    return ends.sourceLow() != ends.destinationLow()
        ? ends.sourceLow() < ends.destinationLow()
        : ends.sourcePort() <= ends.destinationPort();
  }

  int hash() {
    return hash;
  }

  /** The end that sent a segment, -1 if the segment belongs to another conversation. */
  int senderOf(Ends segment) {
    if (segment.isIpv6() != ipv6) {
      return -1;
    }
    int source = segment.sourcePort();
    int destination = segment.destinationPort();
    if (source == firstPort
        && destination == secondPort
        && isFirst(segment.sourceHigh(), segment.sourceLow())
        && isSecond(segment.destinationHigh(), segment.destinationLow())) {
      return 0;
    }
    return source == secondPort
            && destination == firstPort
            && isSecond(segment.sourceHigh(), segment.sourceLow())
            && isFirst(segment.destinationHigh(), segment.destinationLow())
        ? 1
        : -1;
  }

  private boolean isFirst(long high, long low) {
    return low == firstLow && high == firstHigh;
  }

  private boolean isSecond(long high, long low) {
    return low == secondLow && high == secondHigh;
  }

  @Override
  public boolean isIpv6() {
    return ipv6;
  }

  @Override
  public long sourceHigh() {
    return firstHigh;
  }

  @Override
  public long sourceLow() {
    return firstLow;
  }

  @Override
  public long destinationHigh() {
    return secondHigh;
  }

  @Override
  public long destinationLow() {
    return secondLow;
  }

  @Override
  public int sourcePort() {
    return firstPort;
  }

  @Override
  public int destinationPort() {
    return secondPort;
  }

  int port(int end) {
    return end == 0 ? firstPort : secondPort;
  }

  /**
   * Has both addresses as tshark writes them; used only by the thread that merges.
   *
   * @param texts where equal addresses get one text
   */
  void spell(AddressTexts texts) {
    if (firstText == null) {
      firstText = texts.of(ipv6, firstHigh, firstLow);
      secondText = texts.of(ipv6, secondHigh, secondLow);
    }
  }

  /** An end's address, after {@link #spell}. */
  String address(int end) {
    return end == 0 ? firstText : secondText;
  }

  /**
   * Whether a segment with data may be the first data of its direction. It may be asked for more
   * segments than {@link StreamState#takesFirstData} then takes, but for none less.
   */
  boolean mayBeFirstData(int sender, int flags, int sequence, int payloadBytes) {
    if ((flags & TcpFlags.SYN) != 0) {
      return true;
    }
    boolean hasIsn = sender == 0 ? hasIsn0 : hasIsn1;
    if (hasIsn && sequence == (sender == 0 ? isn0 : isn1) + 1) {
      return true;
    }
    if (payloadBytes == 1 || (sender == 0 ? hasDigest0 : hasDigest1)) {
      return false;
    }
    if (sender == 0) {
      hasDigest0 = true;
    } else {
      hasDigest1 = true;
    }
    return true;
  }

  /** Learns from a SYN, which may start another connection. */
  void learnSyn(int sender, int sequence) {
    if (sender == 0) {
      isn0 = sequence;
      hasIsn0 = true;
    } else {
      isn1 = sequence;
      hasIsn1 = true;
    }
    hasDigest0 = false;
    hasDigest1 = false;
  }
}
