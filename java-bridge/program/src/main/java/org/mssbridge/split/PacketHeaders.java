package org.mssbridge.split;

import java.util.Arrays;
import java.util.Optional;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.model.IpAddress;
import org.mssbridge.model.TunnelKind;

/**
 * The headers of one packet: where it was seen, and the innermost IP packet in it that can be read.
 * One object is reused for all packets. It never says what a packet holds, only which packets are
 * alike: what is in them is tshark's to say.
 */
final class PacketHeaders {
  /** Where a cooked capture (LINUX_SLL, LINUX_SLL2) saw a packet pass. */
  static final int IN = 1;

  static final int OUT = 2;
  static final int NO_DIRECTION = 0;

  private static final int NULL = 0;
  private static final int ETHERNET = 1;
  private static final int RAW = 101;
  private static final int LOOP = 108;
  private static final int LINUX_SLL = 113;
  private static final int IPV4 = 228;
  private static final int IPV6 = 229;
  private static final int LINUX_SLL2 = 276;

  private static final int TYPE_IPV4 = 0x0800;
  private static final int TYPE_IPV6 = 0x86dd;
  private static final int TYPE_BRIDGED = 0x6558; // RFC 1701: transparent Ethernet bridging
  private static final int TYPE_PPP = 0x880b; // RFC 2637, section 4.1
  private static final int TYPE_ERSPAN_2 = 0x88be;
  private static final int TYPE_ERSPAN_3 = 0x22eb;

  private static final int ICMP = 1;
  private static final int IP_IN_IP = 4;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int IPV6_IN_IP = 41;
  private static final int GRE = 47;
  private static final int ICMPV6 = 58;

  private static final int VXLAN_PORT = 4789; // RFC 7348, section 5
  private static final int LINUX_VXLAN_PORT = 8472;
  private static final int GENEVE_PORT = 6081; // RFC 8926, section 3.3
  private static final int GTP_PORT = 2152; // 3GPP TS 29.281, section 4.4.2

  /** A packet is not looked into deeper than this: a hostile one could have headers without end. */
  private static final int MOST_LAYERS = 8;

  private static final int PAYLOAD_BYTES = 32;

  /** Fields below this many bytes of payload say little about which packet it is. */
  private static final int TELLING_PAYLOAD_BYTES = 16;

  private final Encapsulation encapsulation = new Encapsulation();
  private byte[] bytes = {};
  private int end;
  private int layers;

  private long placeKey;
  private int placeNumber;
  private int placeIndex;
  private String placeName = "";
  private int direction;
  private long source;
  private long destination;
  private boolean hasMacs;
  private int ipAt;
  private int transportAt;
  private int protocol;
  private int packetEnd;
  private boolean isLaterFragment;

  /**
   * Reads a packet.
   *
   * @return whether an IP packet was found in it; if not, only the methods about its place are
   *     valid
   */
  boolean read(CaptureRecords records) {
    return read(
        records.linkType(),
        records.bytes(),
        records.dataAt(),
        records.capturedBytes(),
        records.interfaceNumber(),
        records.interfaceName());
  }

  private boolean read(
      int linkType, byte[] content, int at, int capturedBytes, int number, String name) {
    bytes = content;
    end = at + capturedBytes;
    layers = 0;
    placeIndex = -1;
    placeName = name;
    placeNumber = number;
    placeKey = Hash.of(number, name.hashCode());
    direction = NO_DIRECTION;
    source = 0;
    destination = 0;
    hasMacs = false;
    ipAt = -1;
    isLaterFragment = false;
    encapsulation.clear();
    switch (linkType) {
      case ETHERNET -> ethernet(at);
      case LINUX_SLL -> cooked(at);
      case LINUX_SLL2 -> cooked2(at);
      case RAW, IPV4, IPV6 -> ip(at);
      case NULL, LOOP -> ip(at + 4);
      default -> {
        // Not known: its place is its interface.
      }
    }
    return ipAt >= 0;
  }

  private boolean has(int at, int count) {
    return at + count <= end;
  }

  private void ethernet(int at) {
    if (!has(at, 14) || isTooDeep()) {
      return;
    }
    destination = Bytes.int64(bytes, at) >>> 16;
    source = (long) Bytes.uint16(bytes, at + 6) << 32 | Integer.toUnsignedLong(int32(at + 8));
    hasMacs = true;
    byEtherType(at + 12);
  }

  private int int32(int at) {
    return Bytes.int32(bytes, at);
  }

  /** LINUX_SLL: packet type, hardware type, address length, address, protocol. */
  private void cooked(int at) {
    if (!has(at, 16)) {
      return;
    }
    direction = Bytes.uint16(bytes, at) == 4 ? OUT : IN;
    source = Bytes.int64(bytes, at + 6) >>> 16;
    byEtherType(at + 14);
  }

  /** LINUX_SLL2: protocol, interface index, hardware type, packet type, address length, address. */
  private void cooked2(int at) {
    if (!has(at, 20)) {
      return;
    }
    placeIndex = int32(at + 4);
    placeKey = Hash.of(placeKey, placeIndex);
    direction = bytes[at + 10] == 4 ? OUT : IN;
    source = Bytes.int64(bytes, at + 12) >>> 16;
    int type = Bytes.uint16(bytes, at);
    if (isTag(type)) {
      tagged(at + 20);
    } else {
      network(type, at + 20);
    }
  }

  private void byEtherType(int typeAt) {
    if (!has(typeAt, 2)) {
      return;
    }
    int type = Bytes.uint16(bytes, typeAt);
    if (isTag(type)) {
      tagged(typeAt + 2);
    } else {
      network(type, typeAt + 2);
    }
  }

  private static boolean isTag(int type) {
    return type == 0x8100 || type == 0x88a8 || type == 0x9100;
  }

  /** IEEE 802.1Q, clause 9.6; {@code at} is where the tag's number is. */
  private void tagged(int at) {
    if (!has(at, 4) || isTooDeep()) {
      return;
    }
    encapsulation.add(Encapsulation.Layer.VLAN, Bytes.uint16(bytes, at) & 0xfff);
    byEtherType(at + 2);
  }

  private boolean isTooDeep() {
    return ++layers > MOST_LAYERS;
  }

  private void network(int type, int at) {
    switch (type) {
      case TYPE_IPV4, TYPE_IPV6 -> ip(at);
      case 0x8847, 0x8848 -> mpls(at);
      case 0x8864 -> pppoe(at);
      case TYPE_BRIDGED -> ethernet(at);
      case TYPE_PPP -> ppp(at);
      case TYPE_ERSPAN_2 -> ethernet(at + 8);
      case TYPE_ERSPAN_3 -> ethernet(at + 12);
      default -> {
        // Holds no IP packet that can be found.
      }
    }
  }

  /** RFC 3032, section 2.1; what follows the bottom of the stack is guessed from its first bits. */
  private void mpls(int first) {
    int at = first;
    while (has(at, 8) && !isTooDeep()) {
      int entry = int32(at);
      encapsulation.add(Encapsulation.Layer.MPLS, entry >>> 12);
      at += 4;
      if ((entry & 0x100) != 0) {
        int version = bytes[at] >> 4;
        if (version == 4 || version == 6) {
          ip(at);
        } else {
          ethernet(int32(at) >>> 28 == 0 ? at + 4 : at); // RFC 4385: a control word begins with 0
        }
        return;
      }
    }
  }

  /** RFC 2516, section 4. */
  private void pppoe(int at) {
    if (has(at, 8)) {
      encapsulation.add(Encapsulation.Layer.PPPOE, Bytes.uint16(bytes, at + 2));
      ppp(at + 6);
    }
  }

  private void ppp(int first) {
    int at = first;
    if (has(at, 2) && Bytes.uint16(bytes, at) == 0xff03) { // RFC 1662, section 3.1
      at += 2;
    }
    if (!has(at, 2)) {
      return;
    }
    int type = Bytes.uint16(bytes, at);
    if (type == 0x0021 || type == 0x0057) {
      ip(at + 2);
    }
  }

  private void ip(int at) {
    if (!has(at, 20) || isTooDeep()) {
      return;
    }
    int version = bytes[at] >> 4 & 0xf;
    if (version == 4) {
      ipv4(at);
    } else if (version == 6 && has(at, 40)) {
      ipv6(at);
    }
  }

  private void ipv4(int at) {
    int fragment = Bytes.uint16(bytes, at + 6);
    int headerBytes = (bytes[at] & 0xf) * 4;
    if (headerBytes < 20) {
      return;
    }
    found(at, at + headerBytes, bytes[at + 9] & 0xff, Bytes.uint16(bytes, at + 2));
    isLaterFragment = (fragment & 0x1fff) != 0;
    if (!isLaterFragment) {
      tunnel();
    }
  }

  private void ipv6(int at) {
    int next = bytes[at + 6] & 0xff;
    int transport = at + 40;
    int bytesInAll = 40 + Bytes.uint16(bytes, at + 4);
    boolean isLater = false;
    // RFC 8200, section 4: hop-by-hop, routing, fragment and destination options.
    while ((next == 0 || next == 43 || next == 44 || next == 60)
        && has(transport, 8)
        && !isTooDeep()) {
      isLater |= next == 44 && (Bytes.uint16(bytes, transport + 2) & 0xfff8) != 0;
      int extensionBytes = next == 44 ? 8 : 8 + (bytes[transport + 1] & 0xff) * 8;
      next = bytes[transport] & 0xff;
      transport += extensionBytes;
    }
    found(at, transport, next, bytesInAll);
    isLaterFragment = isLater;
    if (!isLater) {
      tunnel();
    }
  }

  private void found(int at, int transport, int next, int bytesInAll) {
    ipAt = at;
    transportAt = transport;
    protocol = next;
    // An IP length of 0 means that the host leaves it to its network card.
    packetEnd = Math.min(end, bytesInAll == 0 ? end : at + bytesInAll);
  }

  /** Looks into the packet if it is a tunnel's. */
  private void tunnel() {
    int at = transportAt;
    switch (protocol) {
      case IP_IN_IP, IPV6_IN_IP -> {
        encapsulation.add(Encapsulation.Layer.IP, 0);
        ip(at);
      }
      case GRE -> gre(at);
      case UDP -> {
        if (has(at, 16)) {
          overUdp(at);
        }
      }
      default -> {
        // No tunnel.
      }
    }
  }

  /** RFC 2784 and RFC 2890, section 2: checksum, key and sequence number are optional. */
  private void gre(int at) {
    if (!has(at, 8)) {
      return;
    }
    int flags = Bytes.uint16(bytes, at);
    int type = Bytes.uint16(bytes, at + 2);
    int next = at + 4 + ((flags & 0xc000) != 0 ? 4 : 0);
    boolean isErspan = type == TYPE_ERSPAN_2 || type == TYPE_ERSPAN_3;
    int key = 0;
    if ((flags & 0x2000) != 0 && has(next, 4)) {
      key = int32(next);
      next += 4;
    }
    if ((flags & 0x1000) != 0) {
      next += 4;
    }
    if ((flags & 7) == 1 && (flags & 0x80) != 0) {
      next += 4; // RFC 2637, section 4.1: an acknowledgment number
      key = 0; // Half of it is the length of this packet.
    }
    if (isErspan && has(next, 4)) {
      encapsulation.add(Encapsulation.Layer.ERSPAN, int32(next) & 0x3ff);
    } else {
      encapsulation.add(Encapsulation.Layer.GRE, key);
    }
    network(type, next);
  }

  private void overUdp(int at) {
    int next = at + 8;
    switch (Bytes.uint16(bytes, at + 2)) {
      case VXLAN_PORT, LINUX_VXLAN_PORT -> {
        if ((bytes[next] & 0x08) != 0) {
          encapsulation.add(Encapsulation.Layer.VXLAN, int32(next + 4) >>> 8);
          ethernet(next + 8);
        }
      }
      case GENEVE_PORT -> {
        if (bytes[next] >> 6 == 0) {
          encapsulation.add(Encapsulation.Layer.GENEVE, int32(next + 4) >>> 8);
          network(Bytes.uint16(bytes, next + 2), next + 8 + (bytes[next] & 0x3f) * 4);
        }
      }
      case GTP_PORT -> {
        if ((bytes[next] & 0xf0) == 0x30 && (bytes[next + 1] & 0xff) == 255) {
          encapsulation.add(Encapsulation.Layer.GTP, int32(next + 4));
          gtp(next);
        }
      }
      default -> {
        // No tunnel, or one whose content is encrypted.
      }
    }
  }

  /** 3GPP TS 29.281, section 5: four more bytes with any flag, then a chain of extensions. */
  private void gtp(int at) {
    int next = at + 8;
    if ((bytes[at] & 7) != 0) {
      next += 4;
      int extension = has(next, 0) && (bytes[at] & 4) != 0 ? bytes[next - 1] : 0;
      while (extension != 0 && has(next, 4) && !isTooDeep()) {
        int extensionBytes = (bytes[next] & 0xff) * 4;
        if (extensionBytes == 0 || !has(next, extensionBytes)) {
          return;
        }
        next += extensionBytes;
        extension = bytes[next - 1];
      }
    }
    ip(next);
  }

  // Where it was seen.

  /** The interface, as a number that others do not have. */
  long interfaceKey() {
    return placeKey;
  }

  /** The interface as people know it. */
  String interfaceText() {
    if (placeIndex >= 0) {
      return "ifindex " + placeIndex;
    }
    return placeName.isEmpty() ? "interface " + placeNumber : placeName;
  }

  Encapsulation encapsulation() {
    return encapsulation;
  }

  /** {@link #IN} or {@link #OUT} of the capturing host; {@link #NO_DIRECTION} if unknown. */
  int direction() {
    return direction;
  }

  /** Whether a host captured it on all its interfaces at once. */
  boolean isCooked() {
    return direction != NO_DIRECTION;
  }

  /** Whether both Ethernet addresses are known. */
  boolean hasMacs() {
    return hasMacs;
  }

  /** The address of the sender on this link, 48 bits; 0 if it has none. */
  long sourceMac() {
    return source;
  }

  long destinationMac() {
    return destination;
  }

  // What it is.

  /** Whether an IP packet was found. */
  boolean hasIp() {
    return ipAt >= 0;
  }

  int ttl() {
    return bytes[ipAt + (isIpv6() ? 7 : 8)] & 0xff;
  }

  private boolean isIpv6() {
    return bytes[ipAt] >> 4 == 6;
  }

  /** IPv4 identification; 0 for IPv6. */
  int ipId() {
    return isIpv6() ? 0 : Bytes.uint16(bytes, ipAt + 4);
  }

  /** Whether it is a TCP segment with a whole header. */
  boolean isTcp() {
    return protocol == TCP && !isLaterFragment && has(transportAt, 20);
  }

  private int flags() {
    return bytes[transportAt + 13] & 0x3f;
  }

  /** Whether it is a TCP segment with SYN and without ACK. */
  boolean isSyn() {
    return isTcp() && (flags() & 0x12) == 0x02;
  }

  boolean isSynAck() {
    return isTcp() && (flags() & 0x12) == 0x12;
  }

  boolean hasTimestamps() {
    return isTcp() && timestampAt() >= 0;
  }

  private int payloadAt() {
    return transportAt + ((bytes[transportAt + 12] >> 4) & 0xf) * 4;
  }

  private int timestampAt() {
    int at = transportAt + 20;
    int stop = Math.min(payloadAt(), end);
    while (at + 10 <= stop && bytes[at] != 0) {
      if (bytes[at] == 8) {
        return at + 2;
      }
      int length = bytes[at] == 1 ? 1 : bytes[at + 1] & 0xff;
      at += Math.max(1, length);
    }
    return -1;
  }

  /**
   * A hash of what a router, NAT or MSS clamp leaves as it is: for TCP, numbers, flags, window,
   * timestamps, payload; else IP ID and payload. 0 where too little is known.
   */
  long identity() {
    if (ipAt < 0) {
      return 0;
    }
    if (isTcp()) {
      int at = timestampAt();
      // Without the header's length, which changes where an option is removed.
      long numbers =
          Hash.of(Bytes.int64(bytes, transportAt + 4), int32(transportAt + 12) & 0xfffffff);
      return payloadHash(at < 0 ? numbers : Hash.of(numbers, Bytes.int64(bytes, at)));
    }
    if (isIcmpError()) {
      // The quote and its checksum may be translated: only what the sender chose is left.
      return ipId() == 0
          ? Hash.of(Bytes.uint16(bytes, transportAt) + ((long) int32(transportAt + 4) << 16), 7)
          : Hash.of(ipId(), Bytes.uint16(bytes, transportAt));
    }
    int from = protocol == UDP ? transportAt + 8 : transportAt;
    boolean isTelling = packetEnd - from >= TELLING_PAYLOAD_BYTES;
    return isTelling || ipId() != 0
        ? contentHash(Hash.of(ipId(), protocol + ((long) (packetEnd - ipAt) << 8)), from)
        : 0;
  }

  /**
   * A hash of what a device leaves that rewrites sequence numbers; 0 where too little is known:
   * without an IP ID and timestamps, or ports and a payload, others may be alike.
   */
  long identityWithoutNumbers() {
    if (!isTcp() || ipId() == 0) {
      return 0;
    }
    int at = timestampAt();
    long hash = Hash.of(ipId(), flags());
    if (at >= 0) {
      return payloadHash(Hash.of(hash, Bytes.int64(bytes, at)));
    }
    return packetEnd - payloadAt() < TELLING_PAYLOAD_BYTES
        ? 0
        : payloadHash(Hash.of(hash, int32(transportAt)));
  }

  /**
   * A hash of the ends of a connection, of a SYN or SYN/ACK, which a transparent proxy leaves as
   * they are; 0 of other packets.
   */
  long identityOfHandshake() {
    return isSyn() || isSynAck()
        ? Hash.of(
                Hash.of(end(ipAt, true, 0), end(ipAt, false, 0)),
                ports() + (isSyn() ? 0L : 1L << 40))
            | 1
        : 0;
  }

  private long payloadHash(long hash) {
    int from = payloadAt();
    return contentHash(Hash.of(hash, Math.max(0, packetEnd - from)), from);
  }

  private long contentHash(long start, int from) {
    long hash = start;
    int to = Math.min(packetEnd, from + PAYLOAD_BYTES);
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = Hash.of(hash, Bytes.int64(bytes, at));
    }
    for (; at < to; at++) {
      hash = Hash.of(hash, bytes[at]);
    }
    return hash == 0 ? 1 : hash;
  }

  // Whose it is. Of an ICMP error, these are about the packet that it quotes.

  /** Whether it is an ICMP error, which quotes another packet. */
  boolean isIcmpError() {
    if (isLaterFragment || !has(transportAt, 8)) {
      return false;
    }
    int type = bytes[transportAt] & 0xff;
    return protocol == ICMP
        ? type == 3 || type == 11 || type == 12
        : protocol == ICMPV6 && type >= 1 && type <= 4;
  }

  /** The two ports, or 0 where the packet has none. */
  int ports() {
    boolean hasPorts = (protocol == TCP || protocol == UDP) && !isLaterFragment;
    return hasPorts && has(transportAt, 4) ? int32(transportAt) : 0;
  }

  /**
   * A hash of addresses and ports that is the same for both directions, and for an ICMP error about
   * one of its packets; 0 where there are none.
   */
  long conversation() {
    int quoted = quotedAt();
    if (quoted >= 0) {
      boolean isQuoteIpv6 = bytes[quoted] >> 4 == 6;
      int at = quoted + (isQuoteIpv6 ? 40 : (bytes[quoted] & 0xf) * 4);
      return has(at, 4) ? hashOfEnds(quoted, int32(at)) : 0;
    }
    return ipAt < 0 ? 0 : hashOfEnds(ipAt, ports());
  }

  /** The offset of the packet that an ICMP error quotes; -1 if it is none. */
  private int quotedAt() {
    return ipAt >= 0 && isIcmpError() && has(transportAt + 8, 20) ? transportAt + 8 : -1;
  }

  private long hashOfEnds(int at, int ports) {
    long from = end(at, true, ports >>> 16);
    long to = end(at, false, ports & 0xffff);
    return Hash.of(from + to, 0) | 1;
  }

  private long end(int at, boolean isSource, int port) {
    if (bytes[at] >> 4 == 6) {
      if (!has(at, 40)) {
        return port;
      }
      int address = at + (isSource ? 8 : 24);
      return Hash.of(Hash.of(Bytes.int64(bytes, address), Bytes.int64(bytes, address + 8)), port);
    }
    return Hash.of(int32(at + (isSource ? 12 : 16)), port);
  }

  /** A number for the address of the sender of the packet itself. */
  long senderAddress() {
    return end(ipAt, true, 0);
  }

  /** A number for the address of the receiver of the packet itself. */
  long receiverAddress() {
    return end(ipAt, false, 0);
  }

  /** The address of the sender as text. */
  String senderText() {
    return addressText(isIpv6() ? 8 : 12);
  }

  /** The address of the receiver as text. */
  String receiverText() {
    return addressText(isIpv6() ? 24 : 16);
  }

  private String addressText(int offset) {
    int at = ipAt + offset;
    return IpAddress.text(Arrays.copyOfRange(bytes, at, at + (isIpv6() ? 16 : 4)));
  }

  /** The kind of encrypted tunnel that it belongs to; empty if it is none, or unknown. */
  Optional<TunnelKind> encrypted() {
    return ipAt < 0 || (isLaterFragment && protocol == UDP)
        ? Optional.empty()
        : EncryptedPayload.of(protocol, bytes, transportAt, end);
  }

  /**
   * A number for the address on whose side the packet comes from: its sender, or of an ICMP error
   * the receiver of the quoted packet.
   */
  long travellingFrom() {
    int quoted = quotedAt();
    return quoted >= 0 ? end(quoted, false, 0) : senderAddress();
  }

  /** Whether the sender looks like the client: it has the higher port. */
  boolean isFromHigherPort() {
    int ports = ports();
    return ports >>> 16 > (ports & 0xffff);
  }
}
