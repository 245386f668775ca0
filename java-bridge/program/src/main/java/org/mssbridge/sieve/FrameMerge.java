package org.mssbridge.sieve;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.mssbridge.model.Frame;
import org.mssbridge.model.TcpFlags;

/**
 * Puts what tshark says of the evidence and what the ledger says of plain segments into one, in the
 * capture's order, and holds both against each other where they speak of the same.
 */
final class FrameMerge {
  private final Consumer<? super Frame> sink;
  private final Ledger ledger;
  private final PlainFrame plain = new PlainFrame();
  private final Map<Ends, Conversation> conversations = new HashMap<>();
  private Ledger.Chunk chunk;
  private int row;
  private int evidenceFrames;

  /** Whether the next row is the first of a chunk that may not be there yet. */
  private boolean isChunkRead;

  FrameMerge(Ledger ledger, Consumer<? super Frame> sink) {
    this.ledger = ledger;
    this.sink = sink;
    chunk = ledger.head();
  }

  private record Ends(String address, int port, String otherAddress, int otherPort) {}

  /** The number in the capture of the frame that is given to the sink. */
  int number() {
    return row + 1;
  }

  /**
   * Takes what tshark says of the next piece of evidence.
   *
   * @throws NotSiftedException if that is not what the sieve made of it
   */
  void accept(Frame evidence) {
    passPlain();
    if (!hasRow()) {
      throw new NotSiftedException("tshark tells of more frames than it was given");
    }
    int i = index();
    if (chunk.timeNanos[i] != Ledger.NO_TIME) {
      expect(evidence.timeNanos(), chunk.timeNanos[i], "time");
      expect(evidence.capturedBytes(), chunk.capturedBytes[i], "captured bytes");
      expect(evidence.frameBytes(), chunk.frameBytes[i], "bytes");
    }
    if (chunk.conversation[i] != null) {
      hear(chunk.conversation[i], evidence, i);
    } else if (evidence.stream() >= 0) {
      hearHidden(evidence);
    }
    sink.accept(evidence);
    evidenceFrames++;
    next();
  }

  int evidenceFrames() {
    return evidenceFrames;
  }

  /** Hands on what follows the last evidence. */
  void finish() {
    passPlain();
    if (row != ledger.published()) {
      throw new NotSiftedException("tshark tells of fewer frames than it was given");
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
      sink.accept(plain.of(chunk, index(), number()));
      next();
    }
  }

  private void next() {
    row++;
    isChunkRead = index() == 0;
  }

  private void hear(Conversation conversation, Frame frame, int i) {
    int sender = (chunk.traits[i] & Ledger.SECOND_SENDS) == 0 ? 0 : 1;
    expect(frame.isTcp() && conversation.isFrom(frame, sender) ? 1 : 0, 1, "ends");
    expect(frame.sequence(), chunk.sequence[i], "sequence number");
    expect(frame.acknowledgment(), chunk.acknowledgment[i], "acknowledgment number");
    expect(frame.payloadBytes(), chunk.payloadBytesAndChecksum[i] >>> 16, "payload bytes");
    expect(frame.flags(), chunk.traits[i] & Ledger.FLAGS, "flags");
    int stream = conversation.told.stream;
    if (stream < 0) {
      conversations.put(ends(frame), conversation);
    } else if ((frame.flags() & TcpFlags.SYN) == 0) {
      expect(frame.stream(), stream, "stream");
    }
    conversation.told.stream = frame.stream();
  }

  /**
   * A segment that is hidden from the sieve, such as in a tunnel or an ICMP error, must not start a
   * connection. An error may quote the SYN that did.
   */
  private void hearHidden(Frame frame) {
    if (!frame.isTcp() && frame.ipBytes() == 0) {
      throw new NotSiftedException("a hidden segment's ends are not told");
    }
    Ends ends = ends(frame);
    Conversation known = conversations.get(ends);
    if (known == null) {
      known =
          conversations.get(new Ends(ends.otherAddress, ends.otherPort, ends.address, ends.port));
    }
    if (known != null) {
      if (frame.isTcp()) {
        expect(frame.flags() & TcpFlags.SYN, 0, "hidden handshake");
      }
      expect(frame.stream(), known.told.stream, "stream");
    }
  }

  private static Ends ends(Frame frame) {
    return new Ends(
        frame.sourceAddress(),
        frame.sourcePort(),
        frame.destinationAddress(),
        frame.destinationPort());
  }

  private void expect(long told, long read, String what) {
    if (told != read) {
      throw new NotSiftedException(
          "frame " + number() + ": tshark's " + what + " " + told + ", the sieve's " + read);
    }
  }
}
