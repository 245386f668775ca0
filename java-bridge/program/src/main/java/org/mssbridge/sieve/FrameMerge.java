package org.mssbridge.sieve;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.TcpFlags;

/**
 * Merges the evidence frames from tshark with the plain segments from the ledger, in the order of
 * the capture. Where both have read the same frame, it compares their values.
 */
final class FrameMerge {
  private final FrameSink sink;
  private final Ledger ledger;
  private final PlainFrame plain = new PlainFrame();
  private final Map<Ends, Conversation> conversations = new HashMap<>();
  private Ledger.Chunk chunk;
  private int row;
  private int evidenceFrames;

  /**
   * Whether all rows of the chunk were read, so that the next row is in a chunk that may not exist
   * yet.
   */
  private boolean isChunkRead;

  FrameMerge(Ledger ledger, FrameSink sink) {
    this.ledger = ledger;
    this.sink = sink;
    chunk = ledger.head();
  }

  /** Source and destination; in an order, so that a map with many of one hash stays quick. */
  private record Ends(Endpoint source, Endpoint destination) implements Comparable<Ends> {
    private static final Comparator<Ends> ORDER =
        Comparator.comparing(Ends::source).thenComparing(Ends::destination);

    Ends reversed() {
      return new Ends(destination, source);
    }

    @Override
    public int compareTo(Ends other) {
      return ORDER.compare(this, other);
    }
  }

  /** The number in the capture of the frame that the sink is receiving. */
  private int number() {
    return row + 1;
  }

  /**
   * Receives the next evidence frame from tshark.
   *
   * @throws NotSiftedException if its values differ from those that the sieve read
   */
  void accept(Frame evidence) {
    passPlain();
    if (!hasRow()) {
      throw new NotSiftedException("tshark reports more frames than it was given");
    }
    int i = index();
    if (chunk.timeNanos[i] != Ledger.NO_TIME) {
      expect(evidence.timeNanos(), chunk.timeNanos[i], "time");
      expect(evidence.capturedBytes(), chunk.capturedBytes[i], "captured bytes");
      expect(evidence.frameBytes(), chunk.frameBytes[i], "bytes");
    }
    if (chunk.conversation[i] != null) {
      check(chunk.conversation[i], evidence, i);
    } else if (evidence.stream() >= 0) {
      checkHidden(evidence);
    }
    sink.accept(number(), evidence);
    evidenceFrames++;
    next();
  }

  int evidenceFrames() {
    return evidenceFrames;
  }

  /** Gives the sink the plain frames after the last evidence frame. */
  void finish() {
    passPlain();
    if (row != ledger.published()) {
      throw new NotSiftedException("tshark reports fewer frames than it was given");
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

  private void passPlain() {
    while (hasRow() && (chunk.traits[index()] & Ledger.PLAIN) != 0) {
      sink.accept(number(), plain.of(chunk, index()));
      next();
    }
  }

  private void next() {
    row++;
    isChunkRead = index() == 0;
  }

  private void check(Conversation conversation, Frame frame, int i) {
    int sender = (chunk.traits[i] & Ledger.SECOND_SENDS) == 0 ? 0 : 1;
    expect(frame.isTcp() && conversation.isFrom(frame, sender) ? 1 : 0, 1, "ends");
    expect(frame.sequence(), chunk.sequence[i], "sequence number");
    expect(frame.acknowledgment(), chunk.acknowledgment[i], "acknowledgment number");
    expect(frame.payloadBytes(), chunk.payloadBytesAndChecksum[i] >>> 16, "payload bytes");
    expect(frame.flags(), chunk.traits[i] & Ledger.FLAGS, "flags");
    int headerSum = (chunk.traits[i] >>> Ledger.HEADER_SUM_SHIFT) & Ledger.HEADER_SUM_MASK;
    expect(frame.headerSum().code(), headerSum, "IP header checksum");
    checkChecksum(frame, chunk.traits[i]);
    int stream = conversation.reported.stream;
    if (stream < 0) {
      conversations.put(ends(frame), conversation);
    } else if ((frame.flags() & TcpFlags.SYN) == 0) {
      expect(frame.stream(), stream, "stream");
    }
    conversation.reported.stream = frame.stream();
  }

  /** What of an incomplete checksum tshark reports, depends on its version. */
  private void checkChecksum(Frame frame, int traits) {
    ChecksumState own = ChecksumState.of((traits >>> Ledger.CHECKSUM_SHIFT) & Ledger.CHECKSUM_MASK);
    if (own == ChecksumState.RIGHT || own == ChecksumState.WRONG) {
      expect(frame.checksumState().code(), own.code(), "checksum");
    }
  }

  /**
   * Checks a segment that the sieve cannot see, such as one in a tunnel or an ICMP error. It must
   * not start a connection; an ICMP error may quote the SYN that did.
   */
  private void checkHidden(Frame frame) {
    if (!frame.isTcp() && frame.ipBytes() == 0) {
      throw new NotSiftedException("a hidden segment's ends are not reported");
    }
    Ends ends = ends(frame);
    Conversation known = conversations.get(ends);
    if (known == null) {
      known = conversations.get(ends.reversed());
    }
    if (known != null) {
      if (frame.isTcp()) {
        expect(frame.flags() & TcpFlags.SYN, 0, "hidden handshake");
      }
      expect(frame.stream(), known.reported.stream, "stream");
    }
  }

  private static Ends ends(Frame frame) {
    return new Ends(
        new Endpoint(frame.sourceAddress(), frame.sourcePort()),
        new Endpoint(frame.destinationAddress(), frame.destinationPort()));
  }

  private void expect(long tsharks, long sieves, String what) {
    if (tsharks != sieves) {
      throw new NotSiftedException(
          "frame " + number() + ": tshark's " + what + " " + tsharks + ", the sieve's " + sieves);
    }
  }
}
