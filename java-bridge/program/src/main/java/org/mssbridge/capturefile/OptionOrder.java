package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Converts the options of a packet to little-endian order (draft-ietf-opsawg-pcapng, sections 3.5
 * and 4.3).
 */
final class OptionOrder {
  private OptionOrder() {}

  /**
   * The options with an end mark; empty if there are none. In a damaged list, the options from the
   * damage on are left out.
   */
  static ByteBuffer littleEndian(PcapngRecords packet) {
    OptionList list = packet.packetOptions();
    boolean isEnhanced = packet.type() == BlockType.ENHANCED_PACKET;
    int bytes = list.limit() - list.end();
    if (packet.order() == ByteOrder.LITTLE_ENDIAN && isEnhanced) {
      return ByteBuffer.wrap(list.bytes(), list.end(), bytes);
    }
    ByteBuffer out =
        ByteBuffer.allocate(bytes + OptionList.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (list.next()) {
      // The obsolete Packet Block defines no options above the hash.
      if (isEnhanced || list.code() <= OptionCode.PACKET_HASH) {
        out.putShort((short) list.code()).putShort((short) list.length());
        putValue(list, out);
      }
    }
    if (out.position() > 0) {
      out.putInt(OptionCode.END);
    }
    return out.flip();
  }

  private static void putValue(OptionList option, ByteBuffer out) {
    int code = option.code();
    int length = option.length();
    int done = 0;
    if (startsWithInt32(code) && length >= Integer.BYTES) {
      out.putInt(option.int32());
      done = Integer.BYTES;
    } else if (isInt64(code) && length == Long.BYTES) {
      out.putLong(option.int64());
      done = Long.BYTES;
    }
    out.put(option.bytes(), option.valueAt() + done, Bytes.padded(length) - done);
  }

  private static boolean startsWithInt32(int code) {
    return code == OptionCode.PACKET_FLAGS
        || code == OptionCode.PACKET_QUEUE
        || OptionCode.isCustom(code);
  }

  private static boolean isInt64(int code) {
    return code == OptionCode.PACKET_DROP_COUNT || code == OptionCode.PACKET_ID;
  }
}
