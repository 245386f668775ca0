package org.mssbridge.script;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts an IP packet into fragments (RFC 791, section 3.2; RFC 8200, section 4.5). */
final class IpFragments {
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int HEADER_BYTES = 8;
  private static final int FRAGMENT_HEADER = 44;
  private static final int MORE = 0x2000;

  private IpFragments() {}

  /**
   * The packets in which a packet crosses a link.
   *
   * @param mtuBytes the largest packet that the link takes, 0 for any
   * @param id identification of an IPv6 packet
   * @param overlapBytes what each fragment holds of the next one
   */
  static List<byte[]> of(byte[] packet, int mtuBytes, int id, int overlapBytes) {
    if (mtuBytes == 0 || packet.length <= mtuBytes) {
      return List.of(packet);
    }
    boolean isIpv6 = packet[0] >> 4 == 6;
    int headers = isIpv6 ? IPV6_BYTES : IPV4_BYTES;
    int most = (mtuBytes - headers - (isIpv6 ? HEADER_BYTES : 0)) / 8 * 8;
    List<byte[]> fragments = new ArrayList<>();
    for (int at = 0; headers + at < packet.length; at += most) {
      boolean more = headers + at + most < packet.length;
      int end = Math.min(packet.length, headers + at + most + (more ? overlapBytes : 0));
      byte[] content = Arrays.copyOfRange(packet, headers + at, end);
      fragments.add(isIpv6 ? ipv6(packet, content, at, more, id) : ipv4(packet, content, at, more));
    }
    return fragments;
  }

  private static byte[] ipv4(byte[] packet, byte[] content, int at, boolean more) {
    byte[] bytes = FrameEncoder.concat(Arrays.copyOf(packet, IPV4_BYTES), content);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putShort(2, (short) bytes.length);
    header.putShort(6, (short) ((header.getShort(6) & 0x4000) | (more ? MORE : 0) | (at / 8)));
    header.putShort(10, (short) 0).putShort(10, (short) Checksum.of(bytes, 0, IPV4_BYTES));
    return bytes;
  }

  private static byte[] ipv6(byte[] packet, byte[] content, int at, boolean more, int id) {
    ByteBuffer fragment = ByteBuffer.allocate(HEADER_BYTES);
    fragment.put(packet[6]).put((byte) 0).putShort((short) (at | (more ? 1 : 0))).putInt(id);
    byte[] bytes =
        FrameEncoder.concat(Arrays.copyOf(packet, IPV6_BYTES), fragment.array(), content);
    ByteBuffer.wrap(bytes)
        .putShort(4, (short) (HEADER_BYTES + content.length))
        .put(6, (byte) FRAGMENT_HEADER);
    return bytes;
  }
}
