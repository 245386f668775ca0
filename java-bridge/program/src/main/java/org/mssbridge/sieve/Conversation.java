package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpAddress;

/**
 * The TCP traffic between two addresses and ports from the first handshake on, as the sieve tracks
 * it. If the ports are reused, it covers several connections in succession.
 *
 * <p>An end is 0 or 1; a direction is identified by the end that sends.
 */
final class Conversation {
  // Fields instead of arrays: with many conversations, every extra dereference is a cache miss.
  private final long firstHigh;
  private final long firstLow;
  private final long secondHigh;
  private final long secondLow;
  private final int firstPort;
  private final int secondPort;
  private final boolean ipv6;
  private final int hash;

  /** Indexed by the end that sends; used only by the thread that sorts the frames. */
  final State[] sent = {new State(), new State()};

  /** Whether all frames are evidence until the next SYN. */
  boolean isClosed;

  /** Whether a FIN was plain since the last SYN. */
  boolean hasPlainFin;

  /** What tshark reports about it; used only by the thread that receives tshark's output. */
  final Reported reported = new Reported();

  /** The next conversation in the same bucket of {@link Conversations}. */
  Conversation next;

  /** What one end has sent so far. */
  static final class State {
    /** Sequence number after the last byte. */
    int nextSequence;

    /** ISN of this end's last SYN, even if the peer has sent a SYN since; 0 if there was none. */
    int isn;

    boolean hasSentSyn;

    /** Whether {@link #isn} belongs to the same connection as the last SYN of either end. */
    boolean hasIsn;

    /**
     * Whether tshark was given a segment that reveals where this direction's sequence numbers
     * start.
     */
    boolean hasBase;

    /** Whether tshark was given data of this direction. */
    boolean hasShownData;

    /** Whether any data of this direction was plain. */
    boolean hasPlainData;

    /** The MSS that the receiver announced; 0 if it announced none. */
    int limitBytes;

    /** Number of segments above that limit. */
    int aboveLimit;

    /** Resets what a SYN invalidates. */
    void restart() {
      hasBase = false;
      hasShownData = false;
      hasPlainData = false;
    }
  }

  /** What tshark has reported about a conversation. */
  static final class Reported {
    /** tshark's number of the connection; -1 before it has reported one. */
    int stream = -1;

    /** The addresses of the ends as tshark writes them. */
    final String[] address = new String[2];
  }

  /** Creates the conversation of a segment; the segment's sender becomes end 0. */
  Conversation(TcpHeaders segment, int hash) {
    this.hash = hash;
    ipv6 = segment.isIpv6();
    firstHigh = segment.sourceHigh();
    firstLow = segment.sourceLow();
    secondHigh = segment.destinationHigh();
    secondLow = segment.destinationLow();
    firstPort = segment.sourcePort();
    secondPort = segment.destinationPort();
  }

  int hash() {
    return hash;
  }

  /** The end that sent a segment, -1 if the segment belongs to another conversation. */
  int senderOf(TcpHeaders segment) {
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

  int port(int end) {
    return end == 0 ? firstPort : secondPort;
  }

  /** Whether, according to tshark, a frame goes from end {@code sender} to the other end. */
  boolean isFrom(Frame frame, int sender) {
    return frame.sourcePort() == port(sender)
        && frame.destinationPort() == port(1 - sender)
        && hasAddress(sender, frame.sourceAddress())
        && hasAddress(1 - sender, frame.destinationAddress());
  }

  private boolean hasAddress(int end, String address) {
    if (reported.address[end] == null && isAddress(end, IpAddress.bytes(address))) {
      reported.address[end] = address;
    }
    return address.equals(reported.address[end]);
  }

  /** Whether these are the bytes of an end's address. */
  private boolean isAddress(int end, byte[] address) {
    if (address.length != (ipv6 ? 16 : 4)) {
      return false;
    }
    long high = ipv6 ? Bytes.int64(address, 0) : 0;
    long low = ipv6 ? Bytes.int64(address, 8) : Bytes.int32(address, 0);
    return end == 0 ? isFirst(high, low) : isSecond(high, low);
  }
}
