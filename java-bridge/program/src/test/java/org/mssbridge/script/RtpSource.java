package org.mssbridge.script;

import java.nio.ByteBuffer;

/**
 * Writes RTP headers whose timestamps count bytes, as those of G.711 do (RFC 3550, section 5.1).
 */
final class RtpSource {
  static final int HEADER_BYTES = 12;
  private static final int VERSION = 2 << 6;
  private static final int SSRC = 0x5eed0000;

  private final int payloadType;
  int sequence = 1000;
  private int timestamp = 160;

  RtpSource(int payloadType) {
    this.payloadType = payloadType;
  }

  /** The content with a header in place of its first bytes. */
  byte[] next(byte[] content) {
    ByteBuffer out = ByteBuffer.wrap(content.clone());
    out.put((byte) VERSION).put((byte) payloadType).putShort((short) sequence++);
    out.putInt(timestamp).putInt(SSRC + payloadType);
    timestamp += content.length - HEADER_BYTES;
    return out.array();
  }
}
