package org.mssbridge.flow;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalInt;
import org.mssbridge.model.Datagram;

/**
 * The connection IDs of one flow that may be QUIC, as far as the path can read them: an end says in
 * packets with long headers by which ID it wants to be called, and packets with short headers begin
 * with that of their receiver (RFC 9000, section 17; RFC 9369 for version 2).
 */
final class QuicConnectionIds {
  /** RFC 9000, section 17.2, for versions 1 and 2. */
  private static final int LONGEST = 20;

  /** Shorter ones might be equal by chance. */
  private static final int SHORTEST = 8;

  private static final int LONG_HEADER = 0xc0;
  private static final int SHORT_HEADER = 0x40;
  private static final int FORM = 0xc0;

  /** What follows the first byte of the first and last packet with a short header, by sender. */
  private final byte[][] first = new byte[2][];

  private final byte[][] last = new byte[2][];

  /** How long the IDs are by which a sender calls the other end; 0 where that is unknown. */
  private final int[] idBytes = new int[2];

  /** Whether a packet of UDP may be one of QUIC whose header is worth noting. */
  static boolean isLikely(Datagram packet) {
    int start = packet.contentByte(0);
    return start >= 0 && ((start & FORM) == SHORT_HEADER || isLong(packet, start));
  }

  private static boolean isLong(Datagram packet, int start) {
    if ((start & FORM) != LONG_HEADER) {
      return false;
    }
    int version = 0;
    for (int i = 1; i <= 4; i++) {
      version = version << 8 | packet.contentByte(i);
    }
    return (version == 1 || version == 0x6b3343cf) && packet.contentByte(5) <= LONGEST;
  }

  /**
   * Notes the header of a packet.
   *
   * @param sender 0 for the client, 1 for the server
   */
  void note(Datagram packet, int sender) {
    int start = packet.contentByte(0);
    if (start >= 0 && (start & FORM) == SHORT_HEADER) {
      last[sender] = ids(packet);
      first[sender] = first[sender] == null ? last[sender] : first[sender];
    } else if (start >= 0 && isLong(packet, start)) {
      int ownBytes = packet.contentByte(6 + packet.contentByte(5));
      if (ownBytes >= SHORTEST && ownBytes <= LONGEST) {
        idBytes[1 - sender] = ownBytes;
      }
    }
  }

  private static byte[] ids(Datagram packet) {
    byte[] bytes = new byte[LONGEST];
    int count = 0;
    while (count < LONGEST && packet.contentByte(1 + count) >= 0) {
      bytes[count] = (byte) packet.contentByte(1 + count);
      count++;
    }
    return Arrays.copyOf(bytes, count);
  }

  /** How long the IDs are by which a sender calls the other end, if its packets showed that. */
  OptionalInt idBytes(int sender) {
    return idBytes[sender] == 0 ? OptionalInt.empty() : OptionalInt.of(idBytes[sender]);
  }

  /** What the flow that this one goes on with has shown. */
  void learn(int sender, int bytes) {
    idBytes[sender] = idBytes[sender] == 0 ? bytes : idBytes[sender];
  }

  /** By what ID a sender first calls the other end, if IDs have that length; or an empty buffer. */
  ByteBuffer first(int sender, int bytes) {
    return start(first[sender], bytes);
  }

  /** By what ID a sender calls the other end in its last packet; or an empty buffer. */
  ByteBuffer last(int sender) {
    return start(last[sender], idBytes[sender]);
  }

  private static ByteBuffer start(byte[] header, int bytes) {
    return header == null || header.length < bytes
        ? ByteBuffer.allocate(0)
        : ByteBuffer.wrap(header, 0, bytes);
  }
}
