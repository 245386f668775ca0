package org.mssbridge.lua;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Packets, byte by byte, between one client and one server. Checksums are 0, because tshark does
 * not verify them.
 */
final class LuaPacket {
  static final int SYN = 0x02;
  static final int SYN_ACK = 0x12;
  static final int ACK = 0x10;
  static final int CLIENT_PORT = 50000;
  static final int SERVER_PORT = 9999;

  private static final int TCP = 6;
  private static final int IPV6_IN_IPV4 = 41;
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private LuaPacket() {}

  /** A segment from the client; the options are hexadecimal, such as {@code 02 04 05 b4}. */
  static byte[] fromClient(int flags, long sequence, String options, byte[] data) {
    return tcp(CLIENT_PORT, SERVER_PORT, flags, sequence, options, data);
  }

  /** A segment from the server. */
  static byte[] fromServer(int flags, long sequence, String options, byte[] data) {
    return tcp(SERVER_PORT, CLIENT_PORT, flags, sequence, options, data);
  }

  static byte[] tcp(int from, int to, int flags, long sequence, String options, byte[] data) {
    byte[] given = options.isEmpty() ? new byte[0] : HEX.parseHex(options);
    int optionBytes = (given.length + 3) / 4 * 4;
    ByteBuffer segment = ByteBuffer.allocate(20 + optionBytes + data.length);
    segment.putShort((short) from).putShort((short) to).putInt((int) sequence).putInt(0);
    segment.put((byte) (((20 + optionBytes) / 4) << 4)).put((byte) flags).putShort((short) 512);
    segment.position(20).put(given).position(20 + optionBytes).put(data);
    return segment.array();
  }

  /** An IP packet from the client or the server, chosen by the source port of its segment. */
  static byte[] ipv4(byte[] segment) {
    boolean fromClient = ByteBuffer.wrap(segment).getShort(0) == (short) CLIENT_PORT;
    return ipv4(TCP, fromClient ? 1 : 2, fromClient ? 2 : 1, segment);
  }

  static byte[] ipv4(int protocol, int fromHost, int toHost, byte[] payload) {
    ByteBuffer packet = ByteBuffer.allocate(20 + payload.length);
    packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
    packet.putShort((short) 1).putShort((short) 0x4000).put((byte) 64).put((byte) protocol);
    packet.putShort((short) 0).put(new byte[] {10, 0, 0, (byte) fromHost});
    return packet.put(new byte[] {10, 0, 0, (byte) toHost}).put(payload).array();
  }

  static byte[] ipv6(byte[] segment) {
    return ipv6(TCP, segment);
  }

  private static byte[] ipv6(int nextHeader, byte[] payload) {
    ByteBuffer packet = ByteBuffer.allocate(40 + payload.length);
    packet.putInt(0x60000000).putShort((short) payload.length).put((byte) nextHeader);
    packet.put((byte) 64).put(HEX.parseHex("20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"));
    packet.put(HEX.parseHex("20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02"));
    return packet.put(payload).array();
  }

  /** 6in4 (RFC 4213). */
  static byte[] ipv6InIpv4(byte[] segment) {
    return ipv4(IPV6_IN_IPV4, 1, 2, ipv6(segment));
  }

  /** An ICMP destination unreachable message; only code 4 has an MTU (RFC 1191). */
  static byte[] icmpUnreachable(int code, int mtuBytes, byte[] quoted) {
    ByteBuffer message = ByteBuffer.allocate(8 + quoted.length);
    message.put((byte) 3).put((byte) code).putShort((short) 0);
    message.putShort((short) 0).putShort((short) mtuBytes).put(quoted);
    return ipv4(1, 254, 1, message.array());
  }

  /** An ICMPv6 packet too big message (RFC 4443, section 3.2). */
  static byte[] icmpv6TooBig(int mtuBytes, byte[] quoted) {
    ByteBuffer message = ByteBuffer.allocate(8 + quoted.length);
    message.putInt(0x02000000).putInt(mtuBytes).put(quoted);
    return ipv6(58, message.array());
  }

  /** Text without a short period, so that no two parts of it are the same. */
  static byte[] data(int lengthBytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < lengthBytes; i++) {
      text.append(i).append(' ');
    }
    return text.substring(0, lengthBytes).getBytes(StandardCharsets.US_ASCII);
  }
}
