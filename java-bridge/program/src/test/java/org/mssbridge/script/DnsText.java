package org.mssbridge.script;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** DNS messages with one question for an IPv4 address (RFC 1035, section 4.1). */
final class DnsText {
  private static final int MOST_BYTES = 512;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int ANSWER = 0x8080;

  private DnsText() {}

  /** A query, or its answer with one address. */
  static byte[] message(int id, boolean isAnswer, String name) {
    ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
    out.putShort((short) id);
    out.putShort((short) (RECURSION_DESIRED | (isAnswer ? ANSWER : 0)));
    out.putShort((short) 1).putShort((short) (isAnswer ? 1 : 0)).putShort((short) 0);
    out.putShort((short) 0);
    for (String label : name.split("[.]", -1)) {
      out.put((byte) label.length()).put(label.getBytes(US_ASCII));
    }
    out.put((byte) 0).putShort((short) 1).putShort((short) 1);
    if (isAnswer) {
      out.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60);
      out.putShort((short) 4).putInt(0xc0000201);
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
