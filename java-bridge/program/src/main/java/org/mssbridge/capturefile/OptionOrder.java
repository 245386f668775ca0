package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns the options of a packet into little-endian order (draft-ietf-opsawg-pcapng, 3.5, 4.3). */
final class OptionOrder {
  private static final int OPT_ENDOFOPT = 0;
  private static final int FLAGS = 2;
  private static final int HASH = 3;
  private static final int DROP_COUNT = 4;
  private static final int PACKET_ID = 5;
  private static final int QUEUE = 6;
  private static final int HEADER_BYTES = 4;

  private OptionOrder() {}

  /**
   * The options with the end of their list; nothing if there are none. Those of a list that is
   * damaged are left out from the damage on.
   *
   * @param enhanced false for the obsolete Packet Block, which has none above the hash
   */
  static ByteBuffer littleEndian(ByteBuffer block, int from, int end, boolean enhanced) {
    if (block.order() == ByteOrder.LITTLE_ENDIAN && enhanced) {
      return block.slice(from, end - from).order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer out = ByteBuffer.allocate(end - from + HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int at = from;
    while (end - at >= HEADER_BYTES && block.getShort(at) != OPT_ENDOFOPT) {
      int code = block.getShort(at) & 0xFFFF;
      int length = block.getShort(at + 2) & 0xFFFF;
      int padded = (length + 3) & ~3;
      if (at + HEADER_BYTES + padded > end) {
        break;
      }
      if (enhanced || code <= HASH) {
        out.putShort((short) code).putShort((short) length);
        putValue(block, at + HEADER_BYTES, code, length, padded, out);
      }
      at += HEADER_BYTES + padded;
    }
    if (out.position() > 0) {
      out.putInt(OPT_ENDOFOPT);
    }
    return out.flip();
  }

  private static void putValue(
      ByteBuffer block, int at, int code, int length, int padded, ByteBuffer out) {
    int done = 0;
    if ((code == FLAGS || code == QUEUE || isCustom(code)) && length >= Integer.BYTES) {
      out.putInt(block.getInt(at));
      done = Integer.BYTES;
    } else if ((code == DROP_COUNT || code == PACKET_ID) && length == Long.BYTES) {
      out.putLong(block.getLong(at));
      done = Long.BYTES;
    }
    out.put(block.slice(at + done, padded - done));
  }

  /** Their value begins with a number, the enterprise's. */
  private static boolean isCustom(int code) {
    return code == 2988 || code == 2989 || code == 19372 || code == 19373;
  }
}
