package org.mssbridge.script;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.mssbridge.model.Direction;
import org.mssbridge.script.ScriptSegment.IpFields;

/**
 * Encodes headers around payloads as one capture point sees them, with correct lengths and
 * checksums.
 */
record FrameEncoder(ScriptPoint point) {
  private static final int ETHERNET_MIN_BYTES = 60; // IEEE 802.3 clause 3.2.8, without the FCS
  private static final int IPV4_BYTES = 20;
  private static final int WRONG_BY = 1234;
  private static final int PROTOCOL_IPIP = 4;
  static final int PROTOCOL_UDP = 17;
  private static final int PROTOCOL_GRE = 47;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ETHERTYPE_VLAN = 0x8100;
  private static final int ETHERTYPE_MPLS = 0x8847;
  private static final int ETHERTYPE_PPPOE = 0x8864;
  private static final int PROTOCOL_ESP = 50;
  private static final int GENEVE_PORT = 6081;
  private static final int VXLAN_PORT = 4789; // RFC 7348, section 5
  private static final byte[] TUNNEL_NEAR = {(byte) 203, 0, 113, 1};
  private static final byte[] TUNNEL_FAR = {(byte) 203, 0, 113, 2};

  /** An IP packet. A packet above 65,535 bytes has length 0, as in captures of big TCP. */
  static byte[] ip(
      byte[] source, byte[] destination, int protocol, IpFields fields, byte[] content) {
    int trafficClass = fields.dscp() << 2 | fields.ecn();
    if (source.length == 16) {
      ByteBuffer packet = ByteBuffer.allocate(40 + content.length); // RFC 8200, section 3
      packet.putInt(6 << 28 | trafficClass << 20).putShort((short) content.length);
      packet.put((byte) protocol).put((byte) fields.ttl()).put(source).put(destination);
      return packet.put(content).array();
    }
    int length = IPV4_BYTES + content.length;
    ByteBuffer packet = ByteBuffer.allocate(length); // RFC 791, section 3.1
    packet
        .put((byte) 0x45)
        .put((byte) trafficClass)
        .putShort((short) (length > 65_535 ? 0 : length));
    packet.putShort((short) fields.id()).putShort((short) (fields.dontFragment() ? 0x4000 : 0));
    packet.put((byte) fields.ttl()).put((byte) protocol).putShort((short) 0);
    packet.put(source).put(destination).put(content);
    int sum = Checksum.of(packet.array(), 0, IPV4_BYTES);
    packet.putShort(
        10,
        (short)
            switch (fields.sum()) {
              case RIGHT, DAMAGED -> sum;
              case WRONG -> sum + WRONG_BY;
              case INCOMPLETE -> 0;
            });
    return packet.array();
  }

  /** Writes the checksum over transport header, content and pseudo-header into its field. */
  static void putChecksum(byte[] content, int at, byte[] source, byte[] destination, int protocol) {
    ByteBuffer.wrap(content).putShort(at, (short) 0);
    int sum = Checksum.pseudoHeader(source, destination, protocol, content.length);
    int checksum = Checksum.fold(Checksum.sum(content, 0, content.length) + sum);
    ByteBuffer.wrap(content).putShort(at, (short) ~checksum);
  }

  /** A frame around an IP packet of a connection, tunnel included. */
  byte[] frame(Direction direction, byte[] packet) {
    boolean forward = direction == Direction.C2S;
    byte[] from = forward ? TUNNEL_NEAR : TUNNEL_FAR;
    byte[] to = forward ? TUNNEL_FAR : TUNNEL_NEAR;
    boolean isIpv6 = packet[0] >> 4 == 6;
    IpFields outer = new IpFields(64, 0, false, 0, 0, 0);
    byte[] outermost =
        switch (point.tunnel()) {
          case NONE -> packet;
          case IPIP -> ip(from, to, isIpv6 ? 41 : PROTOCOL_IPIP, outer, packet);
          case GRE -> ip(from, to, PROTOCOL_GRE, outer, concat(greHeader(isIpv6), packet));
          case VXLAN ->
              ip(from, to, PROTOCOL_UDP, outer, vxlan(ethernet(direction, 0, packet), from, to));
          case MIRROR ->
              ip(
                  TUNNEL_NEAR,
                  TUNNEL_FAR,
                  PROTOCOL_UDP,
                  outer,
                  vxlan(ethernet(direction, 0, packet), TUNNEL_NEAR, TUNNEL_FAR));
          case GENEVE ->
              ip(from, to, PROTOCOL_UDP, outer, geneve(ethernet(direction, 0, packet), from, to));
          case ESP -> ip(from, to, PROTOCOL_ESP, outer, concat(new byte[8], noise(packet)));
          case WIREGUARD -> ip(from, to, PROTOCOL_UDP, outer, wireguard(packet, from, to));
          case MPLS -> concat(new byte[] {0, 1, 0, 64, 0, 1, 0x11, 64}, packet); // labels 16 and 17
          case PPPOE ->
              concat(
                  pppoe(packet.length + 2), new byte[] {0, (byte) (isIpv6 ? 0x57 : 0x21)}, packet);
        };
    return switch (point.tunnel()) {
      case MPLS -> ethernet(direction, point.vlan(), ETHERTYPE_MPLS, outermost);
      case PPPOE -> ethernet(direction, point.vlan(), ETHERTYPE_PPPOE, outermost);
      default -> framed(direction, outermost);
    };
  }

  /** RFC 2516, section 4: version, type, code, session 3, length. */
  private static byte[] pppoe(int length) {
    return new byte[] {0x11, 0, 0, 3, (byte) (length >> 8), (byte) length};
  }

  /** RFC 8926, section 3.4: no options, an Ethernet frame, VNI 7. */
  private static byte[] geneve(byte[] inner, byte[] from, byte[] to) {
    byte[] header = {0, 0, 0x65, 0x58, 0, 0, 7, 0};
    return udp(49_152, GENEVE_PORT, concat(header, inner), from, to);
  }

  /** Transport data: type 4, receiver, counter, then what is encrypted, in units of 16 bytes. */
  private static byte[] wireguard(byte[] packet, byte[] from, byte[] to) {
    byte[] padded = java.util.Arrays.copyOf(packet, (packet.length + 15) / 16 * 16 + 16);
    byte[] header = {4, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0};
    return udp(51_820, 51_820, concat(header, noise(padded)), from, to);
  }

  /** Content that nobody can read. */
  private static byte[] noise(byte[] content) {
    byte[] noise = content.clone();
    new java.util.Random(content.length).nextBytes(noise);
    return noise;
  }

  private static byte[] greHeader(boolean isIpv6) {
    int etherType = isIpv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
    return new byte[] {0, 0, (byte) (etherType >> 8), (byte) etherType}; // RFC 2784, section 2
  }

  private static byte[] vxlan(byte[] inner, byte[] from, byte[] to) {
    byte[] header = {8, 0, 0, 0, 0, 0, 7, 0}; // RFC 7348, section 5: the I flag, VNI 7
    return udp(49_152, VXLAN_PORT, concat(header, inner), from, to);
  }

  static byte[] udp(int sourcePort, int destinationPort, byte[] content, byte[] from, byte[] to) {
    ByteBuffer datagram = ByteBuffer.allocate(8 + content.length); // RFC 768
    datagram.putShort((short) sourcePort).putShort((short) destinationPort);
    datagram.putShort((short) datagram.capacity()).putShort((short) 0).put(content);
    putChecksum(datagram.array(), 6, from, to, PROTOCOL_UDP);
    return datagram.array();
  }

  private byte[] ethernet(Direction direction, int vlan, byte[] packet) {
    int etherType = packet[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
    return ethernet(direction, vlan, etherType, packet);
  }

  /** The frame that the capturing host writes. */
  private byte[] framed(Direction direction, byte[] packet) {
    return switch (point.link()) {
      case ETHERNET -> ethernet(direction, point.vlan(), packet);
      case RAW -> packet;
      case SLL -> concat(cooked(direction, packet), packet);
      case SLL2 -> concat(cooked2(direction, packet), packet);
    };
  }

  /**
   * Packet type as the host between the points has it: what comes from the client enters it at the
   * first point and leaves it at the second.
   */
  private byte packetType(Direction direction) {
    boolean comesIn = (direction == Direction.C2S) == (point.position() == 0);
    return (byte) (comesIn ? 0 : 4);
  }

  private static short etherType(byte[] packet) {
    return (short) (packet[0] >> 4 == 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
  }

  /** LINKTYPE_LINUX_SLL. */
  private byte[] cooked(Direction direction, byte[] packet) {
    ByteBuffer header = ByteBuffer.allocate(16).putShort(packetType(direction)).putShort((short) 1);
    header.putShort((short) 6).put(mac(direction == Direction.C2S ? 1 : 2));
    return header.putShort(14, etherType(packet)).array();
  }

  /** LINKTYPE_LINUX_SLL2. */
  private byte[] cooked2(Direction direction, byte[] packet) {
    ByteBuffer header = ByteBuffer.allocate(20).putShort(etherType(packet)).putShort((short) 0);
    header.putInt(point.position() + 2).putShort((short) 1).put(packetType(direction));
    return header.put((byte) 6).put(mac(direction == Direction.C2S ? 1 : 2)).array();
  }

  byte[] ethernet(Direction direction, int vlan, int etherType, byte[] content) {
    int sender = direction == Direction.C2S ? 1 : 2;
    ByteBuffer header = ByteBuffer.allocate(vlan == 0 ? 14 : 18);
    header.put(mac(3 - sender)).put(mac(sender));
    if (vlan != 0) {
      header.putShort((short) ETHERTYPE_VLAN).putShort((short) vlan);
    }
    header.putShort((short) etherType);
    byte[] frame = concat(header.array(), content);
    return point.padded() && frame.length < ETHERNET_MIN_BYTES
        ? java.util.Arrays.copyOf(frame, ETHERNET_MIN_BYTES)
        : frame;
  }

  /** A locally administered address with the point's position and the side: 02:00:00:00:PP:SS. */
  byte[] mac(int side) {
    return new byte[] {2, 0, 0, 0, (byte) (point.position() + 1), (byte) side};
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  static byte[] bytes(InetAddress address) {
    return address.getAddress();
  }
}
