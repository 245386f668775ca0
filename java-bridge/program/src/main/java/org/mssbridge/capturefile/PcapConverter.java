package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import org.mssbridge.output.OutputException;

/**
 * Makes pcapng of classic pcap, in the same byte order: one section, one interface, an Enhanced
 * Packet per record.
 */
final class PcapConverter {
  private static final int IF_TSRESOL = 9;
  private static final int IF_FCSLEN = 13;
  private static final int OPTION_BYTES = 8;
  private static final int END_MARK_BYTES = 4;
  private static final int PACKET_BYTES = 32;

  private final CaptureBytes in;
  private final BlockWriter out;
  private final FrameComments frames;
  private final PcapHeader header;

  PcapConverter(CaptureBytes in, BlockWriter out, FrameComments frames, PcapHeader header) {
    this.in = in;
    this.out = out;
    this.frames = frames;
    this.header = header;
    out.order(header.order());
  }

  /** Copies all whole packets; false if anything follows the last of them. */
  boolean copy() throws OutputException {
    putSectionHeader();
    putInterface();
    boolean whole = true;
    while (whole && !frames.isCutHere() && !in.isAtEnd()) {
      whole = copyRecord();
    }
    return whole && in.isAtEnd();
  }

  private void putSectionHeader() throws OutputException {
    int bytes = 28;
    out.putInt(PcapngCopier.SECTION_HEADER);
    out.putInt(bytes);
    out.putInt(PcapngCopier.BYTE_ORDER_MAGIC);
    out.putShort(1);
    out.putShort(0);
    out.putLong(-1);
    out.putInt(bytes);
  }

  private void putInterface() throws OutputException {
    boolean hasFcs = header.fcsBits() >= 0;
    int bytes = 20 + OPTION_BYTES + (hasFcs ? OPTION_BYTES : 0) + END_MARK_BYTES;
    out.putInt(PcapngCopier.INTERFACE_DESCRIPTION);
    out.putInt(bytes);
    out.putShort(header.linkTypeNumber());
    out.putShort(0);
    out.putInt(header.snapLen());
    putByteOption(IF_TSRESOL, header.resolution().code());
    if (hasFcs) {
      putByteOption(IF_FCSLEN, header.fcsBits());
    }
    out.putZeros(END_MARK_BYTES);
    out.putInt(bytes);
  }

  private void putByteOption(int code, int value) throws OutputException {
    out.putShort(code);
    out.putShort(1);
    out.putByte(value);
    out.putZeros(3);
  }

  private boolean copyRecord() throws OutputException {
    if (!in.has(header.recordHeaderBytes())) {
      return false;
    }
    int capturedBytes = in.view().getInt(in.position() + 8);
    int maxBytes = CaptureBytes.MAX_WINDOW_BYTES - header.recordHeaderBytes();
    if (capturedBytes < 0
        || capturedBytes > maxBytes
        || !in.has(header.recordHeaderBytes() + capturedBytes)) {
      return false;
    }
    ByteBuffer view = in.view();
    int at = in.position();
    frames.next();
    long fraction = Integer.toUnsignedLong(view.getInt(at + 4));
    long ticks = Integer.toUnsignedLong(view.getInt(at)) * header.unitsPerSecond() + fraction;
    // From a second on tshark's own time is malformed; pcapng can hold only the sum.
    if (fraction < header.unitsPerSecond()) {
      frames.checkTime(header.resolution(), ticks);
    }
    int originalBytes = view.getInt(at + 12);
    in.skip(header.recordHeaderBytes());
    putPacket(ticks, capturedBytes, originalBytes);
    return true;
  }

  private void putPacket(long ticks, int capturedBytes, int originalBytes) throws OutputException {
    ByteBuffer added = frames.options(0, header.order());
    int paddingBytes = -capturedBytes & 3;
    int optionBytes = added.hasRemaining() ? added.remaining() + END_MARK_BYTES : 0;
    int bytes = PACKET_BYTES + capturedBytes + paddingBytes + optionBytes;
    out.putInt(PcapngCopier.ENHANCED_PACKET);
    out.putInt(bytes);
    out.putInt(0);
    out.putInt((int) (ticks >>> 32));
    out.putInt((int) ticks);
    out.putInt(capturedBytes);
    out.putInt(originalBytes);
    in.copy(capturedBytes, out);
    out.putZeros(paddingBytes);
    if (optionBytes > 0) {
      out.put(added);
      out.putZeros(END_MARK_BYTES);
    }
    out.putInt(bytes);
  }
}
