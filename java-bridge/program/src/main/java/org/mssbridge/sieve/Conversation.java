package org.mssbridge.sieve;

import org.mssbridge.model.Frame;
import org.mssbridge.model.IpAddress;
import org.mssbridge.capturefile.Bytes;


/**
 * The TCP traffic between two addresses and ports, from a handshake on, as the sieve follows it.
 * Where ports are used again, it is several connections one after the other.
 *
 * <p>An end is 0 or 1; a direction is named by the end that sends.
 */
final class Conversation {
  // Fields and no arrays: with many conversations, each step from object to object waits for
  // memory.
  private final long firstHigh;
  private final long firstLow;
  private final long secondHigh;
  private final long secondLow;
  private final int firstPort;
  private final int secondPort;
  private final boolean ipv6;
  private final int hash;

  /** By the end that sends; for the thread that sorts the frames. */
  final State[] sent = {new State(), new State()};

  /** Whether all its frames are evidence until the next SYN. */
  boolean isClosed;

  /** Whether a FIN was plain since the last SYN. */
  boolean hasPlainFin;

  /** What tshark says of it; for the thread that hears that. */
  final Told told = new Told();

  /** The next conversation in the same bucket of {@link Conversations}. */
  Conversation next;

  /** What one end has sent so far. */
  static final class State {
    /** Number behind the last byte. */
    int nextSequence;

    /** Of the last SYN, also where the peer has sent one since; 0 if there was none. */
    int isn;

    boolean hasSentSyn;

    /** Whether {@link #isn} is of the connection that the last SYN belongs to. */
    boolean hasIsn;

    /** Whether tshark was given a segment that tells where this direction's numbers begin. */
    boolean hasBase;

    /** Bytes of data of this direction that tshark was given, counted until they are enough. */
    int shownBytes;

    /** What its data starts with, once there was some. */
    Payload.Opening opening = Payload.Opening.OTHER;

    /** Whether data of this direction was plain. */
    boolean hasPlainData;

    /** Whether tshark was given what begins a TLS session. */
    boolean hasTlsHello;

    /** The MSS that the receiver announced; 0 where it announced none. */
    int limitBytes;

    /** Segments above that limit. */
    int aboveLimit;

    /** Forgets what a SYN puts an end to. */
    void restart() {
      hasBase = false;
      shownBytes = 0;
      opening = Payload.Opening.OTHER;
      hasPlainData = false;
      hasTlsHello = false;
    }
  }

  /** What tshark has said of a conversation. */
  static final class Told {
    /** Its number of the connection; -1 before it has said one. */
    int stream = -1;

    /** The ends' addresses as it writes them. */
    final String[] address = new String[2];
  }

  /** The conversation of a segment; its sender becomes end 0. */
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

  /** Whether tshark has a frame come from an end to the other. */
  boolean isFrom(Frame frame, int sender) {
    return frame.sourcePort() == port(sender)
        && frame.destinationPort() == port(1 - sender)
        && isTold(sender, frame.sourceAddress())
        && isTold(1 - sender, frame.destinationAddress());
  }

  private boolean isTold(int end, String address) {
    if (told.address[end] == null && isAddress(end, IpAddress.bytes(address))) {
      told.address[end] = address;
    }
    return address.equals(told.address[end]);
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
