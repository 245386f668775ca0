package org.mssbridge.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.TcpFlags;

/** All values of frames, one line per frame. */
final class FrameLines implements FrameSink {
  private static final int TCP = 6;
  private static final int TCP_HEADER_BYTES = 20;
  private static final int ONES = 0xffff;

  private final List<String> lines = new ArrayList<>();

  private final List<Long> tlsRandoms = new ArrayList<>();

  List<String> lines() {
    return lines;
  }

  /** Of the TLS hellos, in order. */
  List<Long> tlsRandoms() {
    return tlsRandoms;
  }

  @Override
  public void accept(int number, Frame frame) {
    String line =
        number
            + " "
            + frame.timeNanos()
            + " "
            + frame.capturedBytes()
            + "/"
            + frame.frameBytes()
            + " ip "
            + (frame.ipBytes() > 0);
    if (frame.isTcp()) {
      line += " tcp " + segment(frame);
    } else if (frame.isTooBig()) {
      line += " too big " + frame.tooBigMtu() + " " + frame.errorSender() + " " + frame.stream();
    } else if (frame.isUnreachable()) {
      line += " unreachable " + frame.errorCode() + " " + frame.stream();
    }
    if (frame.fragment().isPresent()) {
      line += " " + frame.fragment().get();
    }
    lines.add(line);
    if (frame.tlsRandom() != 0) {
      tlsRandoms.add(frame.tlsRandom());
    }
  }

  private static String segment(Frame f) {
    List<Object> answers =
        new ArrayList<>(
            List.of(
                f.stream(),
                f.sourceAddress(),
                f.sourcePort(),
                f.destinationAddress(),
                f.destinationPort(),
                f.isFrom(f.sourceAddress(), f.sourcePort()),
                f.ttl(),
                f.ipId(),
                f.dsField(),
                f.dontFragment(),
                f.sequence(),
                f.hasSequence(),
                f.acknowledgment(),
                f.payloadBytes(),
                f.flags(),
                f.window(),
                f.timestamp(),
                f.optionKinds(),
                f.mssValues(),
                f.windowScale(),
                f.optionBytes(),
                f.checksum(),
                checksumState(f),
                f.optionLengthBytes(),
                f.optionSum(),
                f.sackBlocks(),
                f.payloadDigest(),
                f.tlsRandom(),
                f.ipBytes(),
                f.headerSum(),
                f.isTooBig()));
    if (f.payloadDigest() != 0) {
      answers.add(f.isHttp()); // Not used for other segments.
    }
    if (f.payloadDigest() != 0 || (f.flags() & TcpFlags.SYN) != 0) {
      answers.add("VLAN tags " + f.vlanTags());
    }
    for (int i = 0; i < f.sackBlocks(); i++) {
      answers.add(f.sackLeft(i) + "-" + f.sackRight(i));
    }
    return answers.toString();
  }

  /** What a connection table makes of it: tshark need not know of an incomplete one. */
  private static ChecksumState checksumState(Frame f) {
    long pseudo =
        words(f.sourceAddress())
            + words(f.destinationAddress())
            + TCP
            + TCP_HEADER_BYTES
            + f.optionLengthBytes()
            + f.payloadBytes();
    if (f.checksum() == ChecksumState.AMBIGUOUS) {
      return ChecksumState.UNKNOWN;
    }
    return pseudo % ONES == f.checksum() % ONES ? ChecksumState.INCOMPLETE : f.checksumState();
  }

  private static long words(String address) {
    ByteBuffer bytes = ByteBuffer.wrap(IpAddress.bytes(address));
    long sum = 0;
    while (bytes.hasRemaining()) {
      sum += Short.toUnsignedInt(bytes.getShort());
    }
    return sum;
  }
}
