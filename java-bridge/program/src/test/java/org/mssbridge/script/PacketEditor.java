package org.mssbridge.script;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds and rewrites the IP and TCP headers of a captured packet, including those quoted in ICMP
 * errors. Checksums are updated incrementally (RFC 1624), so a wrong one stays wrong. Supports
 * Ethernet with VLAN tags, IPv4, and IPv6 without extension headers; in other packets it finds no
 * headers.
 */
final class PacketEditor {
  private static final int TCP = 6;

  /** Of a fragment without the header of its protocol. */
  private static final int NO_PROTOCOL = -1;

  private static final int ETHERNET = 1;

  private final ByteBuffer bytes;
  private final int end;
  private final List<Ip> headers = new ArrayList<>();

  /** A checksum field and the range of the 16-bit words that it covers. */
  record Sum(int field, int base, int end) {
    boolean covers(int at) {
      return at >= base && at < end && at != field;
    }
  }

  /**
   * An IP header.
   *
   * @param quoted whether it is quoted in an ICMP error
   * @param transport position of the transport header
   * @param covers the checksums that cover the addresses, innermost first
   * @param contentCovers the checksums that cover the transport header
   */
  record Ip(
      int at,
      boolean isIpv6,
      int protocol,
      int transport,
      boolean quoted,
      List<Sum> covers,
      List<Sum> contentCovers) {
    int source() {
      return at + (isIpv6 ? 8 : 12);
    }

    int addressBytes() {
      return isIpv6 ? 16 : 4;
    }

    int destination() {
      return source() + addressBytes();
    }

    boolean isTcp() {
      return protocol == TCP;
    }
  }

  PacketEditor(ScriptCaptureBytes capture, ScriptCaptureBytes.Packet packet) {
    bytes = capture.bytes.duplicate().order(ByteOrder.BIG_ENDIAN);
    end = packet.data() + packet.captured();
    if (packet.linkType() == ETHERNET && packet.captured() >= 14) {
      int at = packet.data() + 12;
      while (at + 6 <= end && isVlanTag(bytes.getShort(at) & 0xffff)) {
        at += 4;
      }
      int etherType = bytes.getShort(at) & 0xffff;
      if (etherType == 0x0800 || etherType == 0x86dd) {
        find(at + 2, false, List.of());
      }
    }
  }

  private static boolean isVlanTag(int etherType) {
    return etherType == 0x8100 || etherType == 0x88a8;
  }

  /** The headers, outermost first: at most one, followed by one quoted in an ICMP error. */
  List<Ip> headers() {
    return headers;
  }

  boolean has(int at, int length) {
    return at + length <= end;
  }

  int u8(int at) {
    return bytes.get(at) & 0xff;
  }

  int u16(int at) {
    return bytes.getShort(at) & 0xffff;
  }

  int i32(int at) {
    return bytes.getInt(at);
  }

  String address(int at, int length) {
    byte[] address = new byte[length];
    bytes.get(at, address);
    return java.util.HexFormat.of().formatHex(address);
  }

  private void find(int at, boolean quoted, List<Sum> outer) {
    boolean isIpv6 = has(at, 1) && u8(at) >> 4 == 6;
    if (!has(at, isIpv6 ? 40 : 20)) {
      return;
    }
    int transport = at + (isIpv6 ? 40 : (u8(at) & 15) * 4);
    int protocol = isIpv6 ? u8(at + 6) : u8(at + 9);
    boolean firstFragment = isIpv6 || (u16(at + 6) & 0x1fff) == 0;
    if (!firstFragment) {
      List<Sum> own = List.of(new Sum(at + 10, at, transport));
      headers.add(new Ip(at, false, NO_PROTOCOL, transport, quoted, own, List.of()));
      return;
    }
    int field = checksumField(protocol);
    List<Sum> content = new ArrayList<>();
    if (field >= 0 && has(transport + field, 2) && !(protocol == 17 && u16(transport + 6) == 0)) {
      content.add(new Sum(transport + field, transport, end));
    }
    List<Sum> covers = new ArrayList<>(protocol == 1 ? List.of() : content);
    if (!isIpv6) {
      covers.add(new Sum(at + 10, at, transport));
    }
    covers.addAll(outer);
    content.addAll(outer);
    headers.add(new Ip(at, isIpv6, protocol, transport, quoted, covers, content));
    if (!quoted && has(transport, 8) && isIcmpError(protocol, u8(transport))) {
      find(transport + 8, true, content);
    }
  }

  private static int checksumField(int protocol) {
    return switch (protocol) {
      case TCP -> 16;
      case 17 -> 6;
      case 1, 58 -> 2;
      default -> -1;
    };
  }

  private static boolean isIcmpError(int protocol, int type) {
    return (protocol == 1 && (type == 3 || type == 11 || type == 12))
        || (protocol == 58 && type < 128);
  }

  /** Writes 32 bits at any position and updates the checksums that cover them. */
  void put32(int at, int value, List<Sum> covers) {
    byte[] replacement = ByteBuffer.allocate(4).putInt(value).array();
    put(at, replacement, covers);
  }

  private void put(int at, byte[] replacement, List<Sum> covers) {
    byte[] before = new byte[replacement.length];
    bytes.get(at, before);
    bytes.put(at, replacement);
    // Every covering sum sees these bytes; an inner sum is itself covered by the outer ones.
    for (Sum sum : covers) {
      int updated = u16(sum.field());
      for (int k = 0; k < replacement.length; k++) {
        int shift = (at + k - sum.base()) % 2 == 0 ? 8 : 0;
        updated =
            Checksum.updated(
                updated, (before[k] & 0xff) << shift, (replacement[k] & 0xff) << shift);
      }
      byte[] field = ByteBuffer.allocate(2).putShort((short) updated).array();
      put(sum.field(), field, covers.stream().filter(o -> o.covers(sum.field())).toList());
    }
  }
}
