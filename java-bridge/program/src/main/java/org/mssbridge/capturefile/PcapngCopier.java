package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.output.OutputException;

/**
 * Copies pcapng block by block (draft-ietf-opsawg-pcapng, section 4) and touches none but packets
 * that get a comment. What a block means is asked only where frame numbers, times or options depend
 * on it.
 */
final class PcapngCopier {
  static final int SECTION_HEADER = 0x0A0D0D0A;
  static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
  static final int INTERFACE_DESCRIPTION = 1;
  static final int ENHANCED_PACKET = 6;

  private static final int PACKET = 2;
  private static final int SIMPLE_PACKET = 3;
  private static final int SYSTEMD_JOURNAL = 9;
  private static final int CUSTOM = 0x00000BAD;
  private static final int CUSTOM_NOT_COPIED = 0x40000BAD;
  // System calls, which tshark shows as frames (epan/dissectors/packet-sysdig-event.c).
  private static final int SYSDIG_EVENT = 0x204;
  private static final int SYSDIG_EVENT_2 = 0x216;
  private static final int SYSDIG_EVENT_2_LARGE = 0x221;

  private static final int MIN_BLOCK_BYTES = 12;
  private static final int SECTION_HEADER_BYTES = 28;
  private static final int PACKET_DATA = 28;
  private static final long UNSPECIFIED = -1;

  /** A hostile file can describe interfaces without end; times of those beyond are not checked. */
  private static final int MAX_INTERFACES = 1 << 16;

  private final CaptureBytes in;
  private final BlockWriter out;
  private final FrameComments frames;
  private final PacketOptions options = new PacketOptions();
  private final List<TimeResolution> interfaces = new ArrayList<>();

  private long sectionPosition;
  private long sectionBytes;
  private long addedBytes;

  PcapngCopier(CaptureBytes in, BlockWriter out, FrameComments frames) {
    this.in = in;
    this.out = out;
    this.frames = frames;
  }

  static boolean recognises(CaptureBytes in) throws OutputException {
    return in.has(Integer.BYTES) && in.view().getInt(in.position()) == SECTION_HEADER;
  }

  /** Copies all whole blocks; false if anything follows the last of them. */
  boolean copy() throws OutputException {
    boolean whole;
    do {
      whole = copyBlock();
    } while (whole && !frames.isCutHere() && !in.isAtEnd());
    endSection();
    return whole && in.isAtEnd();
  }

  private boolean copyBlock() throws OutputException {
    if (!in.has(MIN_BLOCK_BYTES)) {
      return false;
    }
    int type = in.view().getInt(in.position());
    if (type == SECTION_HEADER && !startSection()) {
      return false;
    }
    int statedBytes = in.view().getInt(in.position() + 4);
    // Some writers leave the padding out of the length, though it is there: tshark rounds up.
    long bytes = (Integer.toUnsignedLong(statedBytes) + 3) & ~3L;
    if (bytes < minBytes(type)) {
      return false;
    }
    return switch (type) {
      case INTERFACE_DESCRIPTION -> {
        addInterface(bytes);
        yield copyAsIs(statedBytes, bytes);
      }
      case ENHANCED_PACKET, PACKET -> copyPacket(type, statedBytes, bytes);
      case SIMPLE_PACKET, SYSTEMD_JOURNAL, SYSDIG_EVENT, SYSDIG_EVENT_2, SYSDIG_EVENT_2_LARGE ->
          copyFrame(statedBytes, bytes);
      case CUSTOM, CUSTOM_NOT_COPIED ->
          frames.countsCustomBlock() ? copyFrame(statedBytes, bytes) : copyAsIs(statedBytes, bytes);
      default -> copyAsIs(statedBytes, bytes);
    };
  }

  private static int minBytes(int type) {
    return switch (type) {
      case SECTION_HEADER -> SECTION_HEADER_BYTES;
      case INTERFACE_DESCRIPTION -> 20;
      case SIMPLE_PACKET -> 16;
      case ENHANCED_PACKET, PACKET -> PACKET_DATA + Integer.BYTES;
      default -> MIN_BLOCK_BYTES;
    };
  }

  private boolean startSection() throws OutputException {
    if (!in.has(SECTION_HEADER_BYTES)) {
      return false;
    }
    int magic = in.view().order(ByteOrder.BIG_ENDIAN).getInt(in.position() + 8);
    if (magic != BYTE_ORDER_MAGIC && magic != Integer.reverseBytes(BYTE_ORDER_MAGIC)) {
      return false;
    }
    endSection();
    ByteOrder order = magic == BYTE_ORDER_MAGIC ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    in.view().order(order);
    out.order(order);
    sectionPosition = out.position();
    sectionBytes = in.view().getLong(in.position() + 16);
    interfaces.clear();
    return true;
  }

  /** A reader may jump from section to section, so its stated length has to grow with it. */
  private void endSection() throws OutputException {
    if (addedBytes > 0 && sectionBytes != UNSPECIFIED) {
      out.addToLong(sectionPosition + 16, addedBytes);
    }
    addedBytes = 0;
  }

  private void addInterface(long bytes) throws OutputException {
    if (interfaces.size() < MAX_INTERFACES) {
      boolean readable = bytes <= CaptureBytes.MAX_WINDOW_BYTES && in.has((int) bytes);
      interfaces.add(
          readable
              ? TimeResolution.of(in.view(), in.position() + 16, in.position() + (int) bytes - 4)
              : TimeResolution.UNKNOWN);
    }
  }

  private boolean copyFrame(int statedBytes, long bytes) throws OutputException {
    if (!copyAsIs(statedBytes, bytes)) {
      return false;
    }
    frames.next();
    frames.dropped();
    return true;
  }

  /** Copies a block of any length without holding it. */
  private boolean copyAsIs(int statedBytes, long bytes) throws OutputException {
    long mark = out.position();
    if (in.copy(bytes - Integer.BYTES, out)
        && in.has(Integer.BYTES)
        && in.view().getInt(in.position()) == statedBytes) {
      return in.copy(Integer.BYTES, out);
    }
    out.truncate(mark);
    return false;
  }

  private boolean copyPacket(int type, int statedBytes, long longBytes) throws OutputException {
    if (longBytes > CaptureBytes.MAX_WINDOW_BYTES) {
      return copyFrame(statedBytes, longBytes);
    }
    int bytes = (int) longBytes;
    if (!in.has(bytes)) {
      return false;
    }
    ByteBuffer view = in.view();
    int start = in.position();
    int end = start + bytes - Integer.BYTES;
    if (view.getInt(end) != statedBytes) {
      return false;
    }
    frames.next();
    long optionsStart =
        start + PACKET_DATA + padded(Integer.toUnsignedLong(view.getInt(start + 20)));
    if (optionsStart > end || !options.scan(view, (int) optionsStart, end)) {
      frames.dropped();
      return in.copy(bytes, out);
    }
    checkTime(view, type, start);
    ByteBuffer added = frames.options(options.lookalikes(), view.order());
    return added.hasRemaining() ? copyWith(added, bytes) : in.copy(bytes, out);
  }

  private void checkTime(ByteBuffer view, int type, int start) throws OutputException {
    int id = type == ENHANCED_PACKET ? view.getInt(start + 8) : view.getShort(start + 8) & 0xFFFF;
    if (id >= 0 && id < interfaces.size()) {
      long high = Integer.toUnsignedLong(view.getInt(start + 12)) << 32;
      frames.checkTime(interfaces.get(id), high | Integer.toUnsignedLong(view.getInt(start + 16)));
    }
  }

  /** Copies the packet in the window, with more options behind its own. */
  private boolean copyWith(ByteBuffer added, int bytes) throws OutputException {
    int endMarkBytes = options.isTerminated() ? 0 : Integer.BYTES;
    int moreBytes = added.remaining() + endMarkBytes;
    int type = in.view().getInt(in.position());
    int before = options.end() - in.position() - 8;
    in.skip(8);
    out.putInt(type);
    out.putInt(bytes + moreBytes);
    in.copy(before, out);
    out.put(added);
    out.putZeros(endMarkBytes);
    in.copy(bytes - 8 - before - Integer.BYTES, out);
    in.skip(Integer.BYTES);
    out.putInt(bytes + moreBytes);
    addedBytes += moreBytes;
    return true;
  }

  private static long padded(long bytes) {
    return (bytes + 3) & ~3L;
  }
}
