package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.mssbridge.output.OutputException;

/** Copies pcapng block by block and changes only the packets that get a comment. */
final class PcapngCopier {
  private static final int BLOCK_LENGTH_END = 8;
  private static final int SECTION_LENGTH_AT = 16;
  private static final long UNSPECIFIED = -1;

  private final PcapngRecords blocks;
  private final BlockWriter out;
  private final FrameComments frames;
  private final PacketOptions options = new PacketOptions();

  private long sectionPosition;
  private long sectionBytes;
  private long addedBytes;

  PcapngCopier(PcapngRecords blocks, BlockWriter out, FrameComments frames) {
    this.blocks = blocks;
    this.out = out;
    this.frames = frames;
  }

  /** Copies all whole blocks; false if anything follows the last of them. */
  boolean copy() throws IOException {
    boolean whole;
    do {
      whole = blocks.next() && copyBlock();
    } while (whole && !frames.hasTsharkStopped() && !blocks.isAtEnd());
    endSection();
    return whole && blocks.isAtEnd();
  }

  private boolean copyBlock() throws IOException {
    int type = blocks.type();
    if (type == BlockType.SECTION_HEADER) {
      startSection();
    }
    if (BlockType.isPacket(type) && blocks.isHeld()) {
      copyPacket();
      return true;
    }
    if (!copyAsIs()) {
      return false;
    }
    if (blocks.isFrame() && (!BlockType.isCustom(type) || frames.countsCustomBlock())) {
      frames.next();
      frames.dropped();
    }
    return true;
  }

  private void startSection() throws OutputException {
    endSection();
    out.order(blocks.order());
    sectionPosition = out.position();
    sectionBytes = blocks.int64(SECTION_LENGTH_AT);
  }

  /**
   * Updates the stated length of the section, because a reader may jump from section to section.
   */
  private void endSection() throws OutputException {
    if (addedBytes != 0 && sectionBytes != UNSPECIFIED) {
      out.addToLong(sectionPosition + SECTION_LENGTH_AT, addedBytes);
    }
    addedBytes = 0;
  }

  private boolean copyAsIs() throws IOException {
    if (blocks.isHeld()) {
      blocks.copyTo(out);
      return true;
    }
    long mark = out.position();
    if (blocks.copyInPieces(out)) {
      return true;
    }
    out.truncate(mark);
    return false;
  }

  private void copyPacket() throws IOException {
    frames.next();
    if (!frames.isKept()) {
      addedBytes -= blocks.recordBytes;
      return;
    }
    if (!blocks.hasRoom() || !options.scan(blocks.packetOptions())) {
      frames.dropped();
      blocks.copyTo(out);
      return;
    }
    if (blocks.isPacket()) {
      frames.checkTime(blocks.seenOn.resolution(), blocks.ticks);
    }
    ByteBuffer added = frames.options(options.lookalikes(), blocks.order());
    if (added.hasRemaining()) {
      copyWith(added);
    } else {
      blocks.copyTo(out);
    }
  }

  /** Copies the packet with {@code added} options after its own. */
  private void copyWith(ByteBuffer added) throws OutputException {
    int endMarkBytes = options.isTerminated() ? 0 : OptionList.HEADER_BYTES;
    int moreBytes = added.remaining() + endMarkBytes;
    int bytes = blocks.recordBytes;
    int start = blocks.dataAt() - PcapngRecords.PACKET_DATA_OFFSET;
    int end = start + bytes - Integer.BYTES;
    out.putInt(blocks.type());
    out.putInt(bytes + moreBytes);
    out.write(blocks.bytes(), start + BLOCK_LENGTH_END, options.end() - start - BLOCK_LENGTH_END);
    out.put(added);
    out.putZeros(endMarkBytes);
    out.write(blocks.bytes(), options.end(), end - options.end());
    out.putInt(bytes + moreBytes);
    addedBytes += moreBytes;
  }
}
