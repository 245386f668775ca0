package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.mssbridge.output.OutputException;

/**
 * Converts classic pcap to pcapng in the same byte order: one section, one interface, one Enhanced
 * Packet Block per record.
 */
final class PcapConverter {
  private static final int OPTION_BYTES = 8;
  private static final int END_MARK_BYTES = 4;
  private static final int PACKET_BYTES = 32;

  private final PcapRecords records;
  private final BlockWriter out;
  private final FrameComments frames;
  private final PcapHeader header;

  PcapConverter(PcapRecords records, BlockWriter out, FrameComments frames) {
    this.records = records;
    this.out = out;
    this.frames = frames;
    header = records.header();
    out.order(header.order());
  }

  /** Copies all whole packets; false if anything follows the last of them. */
  boolean copy() throws IOException {
    putSectionHeader();
    putInterface();
    while (!frames.hasTsharkStopped() && records.next()) {
      if (records.isFrame()) {
        copyPacket();
      }
    }
    return records.isAtEnd();
  }

  private void putSectionHeader() throws OutputException {
    int bytes = 28;
    out.putInt(BlockType.SECTION_HEADER);
    out.putInt(bytes);
    out.putInt(Magic.PCAPNG_BYTE_ORDER);
    out.putShort(1);
    out.putShort(0);
    out.putLong(-1);
    out.putInt(bytes);
  }

  private void putInterface() throws OutputException {
    boolean hasFcs = header.seenOn().fcsBits() >= 0;
    int bytes = 20 + OPTION_BYTES + (hasFcs ? OPTION_BYTES : 0) + END_MARK_BYTES;
    out.putInt(BlockType.INTERFACE_DESCRIPTION);
    out.putInt(bytes);
    out.putShort(header.seenOn().linkType());
    out.putShort(0);
    out.putInt(header.seenOn().snapLen());
    putByteOption(OptionCode.INTERFACE_TIME_RESOLUTION, header.seenOn().resolution().code());
    if (hasFcs) {
      putByteOption(OptionCode.INTERFACE_FCS_LENGTH, header.seenOn().fcsBits());
    }
    out.putZeros(END_MARK_BYTES);
    out.putInt(bytes);
  }

  private void putByteOption(int code, int value) throws OutputException {
    out.putShort(code);
    out.putShort(1);
    out.write(value);
    out.putZeros(3);
  }

  private void copyPacket() throws IOException {
    frames.next();
    if (!frames.isKept()) {
      return;
    }
    // With a fraction of a second or more, tshark prints a malformed time; pcapng has only the sum.
    if (records.isWithinSecond()) {
      frames.checkTime(records.seenOn.resolution(), records.ticks);
    }
    putPacket(records.ticks, records.capturedBytes());
  }

  private void putPacket(long ticks, int capturedBytes) throws OutputException {
    ByteBuffer added = frames.options(0, header.order());
    int paddingBytes = -capturedBytes & 3;
    int optionBytes = added.hasRemaining() ? added.remaining() + END_MARK_BYTES : 0;
    int bytes = PACKET_BYTES + capturedBytes + paddingBytes + optionBytes;
    out.putInt(BlockType.ENHANCED_PACKET);
    out.putInt(bytes);
    out.putInt(0);
    out.putInt((int) (ticks >>> 32));
    out.putInt((int) ticks);
    out.putInt(capturedBytes);
    out.putInt(records.frameBytes());
    out.write(records.bytes(), records.dataAt(), capturedBytes);
    out.putZeros(paddingBytes);
    if (optionBytes > 0) {
      out.put(added);
      out.putZeros(END_MARK_BYTES);
    }
    out.putInt(bytes);
  }
}
