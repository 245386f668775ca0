package org.mssbridge.sieve;

import java.util.HashMap;
import java.util.Map;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.IpAddress;

/**
 * Merges the frames from tshark with the segments from the ledger, in the order of the capture, and
 * numbers the connections as tshark would if it had read all frames. Where both have read the same
 * segment, it compares what they say.
 */
final class FrameMerge {
  private final FrameSink sink;
  private final Ledger ledger;
  private final long secret;
  private final StreamRule rule;
  private final DatagramScan datagrams;
  private final PlainFrame plain = new PlainFrame();
  private final PlainDatagram plainDatagram = new PlainDatagram();
  private final Renumbered renumbered = new Renumbered();
  private final AddressTexts addresses = new AddressTexts();
  private final TsharkEnds ends = new TsharkEnds();
  private final StreamState state = new StreamState();

  /** By end points, for frames that only tshark has read; null until there is one with TCP. */
  private Conversations byEnds;

  /** tshark's own numbers of connections of which it was given all frames, and the right ones. */
  private final Map<Integer, Integer> numbers = new HashMap<>();

  private Ledger.Chunk chunk;
  private Conversation firstMet;
  private int row;
  private int shownFrames;
  private int streams;

  /**
   * Whether all rows of the chunk were read, so that the next row is in a chunk that may not exist
   * yet.
   */
  private boolean isChunkRead;

  /**
   * @param secret of the hashes of the ledger's conversations
   */
  FrameMerge(Ledger ledger, long secret, StreamRule rule, DatagramScan datagrams, FrameSink sink) {
    this.datagrams = datagrams;
    this.ledger = ledger;
    this.secret = secret;
    this.rule = rule;
    this.sink = sink;
    chunk = ledger.head();
  }

  /** The number in the capture of the frame that the sink is receiving. */
  private int number() {
    return row + 1;
  }

  /**
   * Receives the next frame from tshark.
   *
   * @throws NotSiftedException if its values differ from those that the sieve read
   */
  void accept(Frame frame) {
    passPlain();
    if (!hasRow()) {
      throw NotSiftedException.difference("tshark reports more frames than it was given");
    }
    int i = index();
    if (chunk.timeNanos[i] != Ledger.NO_TIME) {
      expect(frame.timeNanos(), chunk.timeNanos[i], "time");
      expect(frame.capturedBytes(), chunk.capturedBytes[i], "captured bytes");
      expect(frame.frameBytes(), chunk.frameBytes[i], "bytes");
    }
    if (chunk.conversation[i] != null) {
      acceptRead(frame, i);
    } else if (frame.stream() >= 0) {
      expect(chunk.traits[i] & Ledger.DATAGRAM, 0, "TCP in UDP");
      acceptUnread(frame);
    } else {
      if ((chunk.traits[i] & Ledger.DATAGRAM) != 0) {
        boolean isPlain = frame.encrypted().isEmpty() && frame.fragment().isEmpty();
        expect(isPlain ? 0 : 1, 0, "a packet in UDP");
        expect(frame.ipBytes(), chunk.payloadBytesAndChecksum[i], "IP length");
      }
      datagrams.compare(number(), frame);
      sink.accept(number(), frame);
    }
    shownFrames++;
    next();
  }

  int shownFrames() {
    return shownFrames;
  }

  /** Gives the sink the segments after the last frame from tshark. */
  void finish() {
    passPlain();
    if (row != ledger.published()) {
      throw NotSiftedException.difference("tshark reports fewer frames than it was given");
    }
  }

  private boolean hasRow() {
    if (row >= ledger.published()) {
      return false;
    }
    if (isChunkRead) {
      chunk = chunk.next;
      isChunkRead = false;
    }
    return true;
  }

  private int index() {
    return row & (Ledger.Chunk.ROWS - 1);
  }

  /** Gives the sink the segments before the next frame that tshark must report. */
  void passPlain() {
    while (hasRow() && (chunk.traits[index()] & Ledger.SHOWN) == 0) {
      int i = index();
      boolean isDatagram = (chunk.traits[i] & Ledger.DATAGRAM) != 0;
      sink.accept(number(), isDatagram ? plainDatagram.of(chunk, i) : plain(i));
      next();
    }
  }

  private void next() {
    row++;
    isChunkRead = index() == 0;
  }

  /** The segment of a row. */
  private PlainFrame plain(int i) {
    int traits = chunk.traits[i];
    state.moveTo(stateOf(chunk.conversation[i]));
    int sender = (traits & Ledger.SECOND_SENDS) == 0 ? 0 : 1;
    int flags = traits & Ledger.FLAGS;
    int payloadBytes = chunk.payloadBytesAndChecksum[i] >>> 16;
    state.setRead();
    openIfNew(sender, flags, chunk.sequence[i]);
    state.learnBases(sender, flags, chunk.sequence[i], chunk.acknowledgment[i]);
    boolean isFirst = state.takesFirstData(sender, flags, chunk.sequence[i], payloadBytes);
    if (isFirst && (traits & Ledger.DIGESTED) == 0) {
      throw new NotSiftedException(
          "frame " + number() + ": whether its data is the first depends on other frames");
    }
    return plain.of(chunk, i, state.stream(), isFirst);
  }

  private void openIfNew(int sender, int flags, int sequence) {
    if (state.stream() < 0 || rule.startsAnother(state, sender, flags, sequence)) {
      state.open(streams++, sender);
    }
    rule.note(state, sender, flags, sequence);
  }

  private int stateOf(Conversation conversation) {
    if (conversation.state == StreamState.NONE) {
      conversation.spell(addresses);
      Conversation known = byEnds == null ? null : byEnds.find(conversation);
      conversation.state = known == null ? state.add() : known.state;
      if (byEnds == null) {
        conversation.metBefore = firstMet;
        firstMet = conversation;
      } else if (known == null) {
        byEnds.add(conversation);
      }
    }
    return conversation.state;
  }

  /** Receives a segment that the sieve has read, too: all of it, or all but its options or data. */
  private void acceptRead(Frame frame, int i) {
    boolean hasSeenAll = shownFrames == row;
    PlainFrame own = plain(i);
    checkHeaders(frame, own);
    if ((chunk.traits[i] & Ledger.ASKED) != 0) {
      sink.accept(
          number(), renumbered.of(frame, own.stream(), own.payloadDigest(), frame.isHttp()));
      return;
    }
    checkRest(frame, own);
    if ((chunk.traits[i] & Ledger.WATCHED) != 0) {
      expect(frame.payloadDigest(), own.payloadDigest(), "digest");
      Integer known = numbers.putIfAbsent(frame.stream(), own.stream());
      expect(known == null ? own.stream() : known, own.stream(), "stream");
    }
    if (hasSeenAll) {
      expect(frame.stream(), own.stream(), "stream");
    }
    if (own.payloadDigest() != 0) {
      expect(frame.isHttp() ? 1 : 0, own.isHttp() ? 1 : 0, "HTTP");
    }
    sink.accept(number(), own);
  }

  private void checkHeaders(Frame frame, Frame own) {
    expect(frame.isTcp() ? 1 : 0, 1, "TCP");
    expect(ends.of(frame).isBetween(chunk.conversation[index()], own) ? 1 : 0, 1, "ends");
    expect(frame.sequence(), own.sequence(), "sequence number");
    expect(frame.acknowledgment(), own.acknowledgment(), "acknowledgment number");
    expect(frame.payloadBytes(), own.payloadBytes(), "payload bytes");
    expect(frame.flags(), own.flags(), "flags");
    expect(frame.window(), own.window(), "window");
    expect(frame.headerSum().code(), own.headerSum().code(), "IP header checksum");
    expect(frame.checksum(), own.checksum(), "checksum");
    // What of an incomplete checksum tshark reports, depends on its version.
    ChecksumState state = own.checksumState();
    if (state == ChecksumState.RIGHT || state == ChecksumState.WRONG) {
      expect(frame.checksumState().code(), state.code(), "state of the checksum");
    }
    expect(frame.ttl(), own.ttl(), "TTL");
    expect(frame.ipId(), own.ipId(), "IP ID");
    expect(frame.dsField(), own.dsField(), "DS field");
    expect(frame.dontFragment() ? 1 : 0, own.dontFragment() ? 1 : 0, "DF");
    expect(frame.ipBytes(), own.ipBytes(), "IP length");
    expect(frame.tunnelBytes(), own.tunnelBytes(), "tunnel");
    expect(frame.vlanTags(), own.vlanTags(), "VLAN tags");
  }

  private void checkRest(Frame frame, Frame own) {
    if (!frame.sourceAddress().equals(own.sourceAddress())
        || !frame.destinationAddress().equals(own.destinationAddress())) {
      throw NotSiftedException.difference(
          "frame " + number() + ": an address is written in another way");
    }
    expect(frame.timestamp(), own.timestamp(), "timestamp");
    expect(frame.windowScale(), own.windowScale(), "window scale");
    boolean isAlike =
        frame.optionKinds().equals(own.optionKinds())
            && frame.mssValues().equals(own.mssValues())
            && frame.optionBytes().equals(own.optionBytes());
    expect(isAlike ? 1 : 0, 1, "options");
    expect(frame.sackBlocks(), own.sackBlocks(), "SACK blocks");
    for (int block = 0; block < own.sackBlocks(); block++) {
      expect(frame.sackLeft(block), own.sackLeft(block), "SACK block");
      expect(frame.sackRight(block), own.sackRight(block), "SACK block");
    }
    expect(frame.tlsRandom(), own.tlsRandom(), "TLS random");
  }

  /**
   * Receives a frame with TCP that only tshark has read: a segment in a tunnel or in fragments, or
   * one that an ICMP error quotes.
   */
  private void acceptUnread(Frame frame) {
    if (frame.tcpHeaders() > 1 || !ends.of(frame).areKnown()) {
      throw new NotSiftedException(
          "frame " + number() + ": holds several segments, or one without addresses");
    }
    if (!frame.isTcp() && frame.errorCode() < 0) {
      // tshark analyses a part of it only, and its versions not the same.
      throw new NotSiftedException("frame " + number() + ": a malformed TCP header");
    }
    if (byEnds == null) {
      byEnds = new Conversations(secret);
      for (Conversation met = firstMet; met != null; met = met.metBefore) {
        byEnds.add(met);
      }
    }
    Conversation conversation = byEnds.find(ends);
    if (conversation == null) {
      conversation = byEnds.add(ends);
      conversation.state = state.add();
    }
    state.moveTo(conversation.state);
    int sender = conversation.senderOf(ends);
    openIfNew(sender, frame.flags(), frame.sequence());
    long digest = 0;
    if (frame.isTcp()) {
      state.learnBases(sender, frame.flags(), frame.sequence(), frame.acknowledgment());
      boolean isFirst =
          state.takesFirstData(sender, frame.flags(), frame.sequence(), frame.payloadBytes());
      digest = isFirst || !state.isRead() ? frame.payloadDigest() : 0;
      if (isFirst && state.isRead() && digest == 0) {
        throw new NotSiftedException(
            "frame " + number() + ": whether its data is the first depends on other frames");
      }
    }
    sink.accept(number(), renumbered.of(frame, state.stream(), digest, frame.isHttp()));
  }

  private void expect(long tsharks, long sieves, String what) {
    if (tsharks != sieves) {
      throw NotSiftedException.difference(
          "frame " + number() + ": tshark's " + what + " " + tsharks + ", the sieve's " + sieves);
    }
  }

  /** The end points that tshark reports of a frame. */
  private static final class TsharkEnds implements Ends {
    private Frame frame;
    private byte[] source = {};
    private byte[] destination = {};

    TsharkEnds of(Frame reported) {
      frame = reported;
      source = IpAddress.bytes(frame.sourceAddress());
      destination = IpAddress.bytes(frame.destinationAddress());
      return this;
    }

    boolean areKnown() {
      return source.length > 0 && source.length == destination.length;
    }

    /** Whether they are those of a segment that the sieve has read. */
    boolean isBetween(Conversation conversation, Frame own) {
      return areKnown()
          && conversation.senderOf(this) >= 0
          && frame.sourcePort() == own.sourcePort()
          && frame.destinationPort() == own.destinationPort();
    }

    @Override
    public boolean isIpv6() {
      return source.length == 16;
    }

    @Override
    public long sourceHigh() {
      return isIpv6() ? Bytes.int64(source, 0) : 0;
    }

    @Override
    public long sourceLow() {
      return isIpv6() ? Bytes.int64(source, 8) : Bytes.int32(source, 0);
    }

    @Override
    public long destinationHigh() {
      return isIpv6() ? Bytes.int64(destination, 0) : 0;
    }

    @Override
    public long destinationLow() {
      return isIpv6() ? Bytes.int64(destination, 8) : Bytes.int32(destination, 0);
    }

    @Override
    public int sourcePort() {
      return frame.sourcePort();
    }

    @Override
    public int destinationPort() {
      return frame.destinationPort();
    }
  }
}
