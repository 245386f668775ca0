package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;

/**
 * Whether the data of a UDP packet may hold another packet that tshark would read: then it is
 * tshark's. Whatever carries packets holds their IP headers as they are, unless it compresses,
 * encrypts or reassembles them: what does so is told by its ports or its first bytes.
 */
final class EmbeddedPackets {
  /**
   * Ports of tunnels and mirrors (IANA, Service Name and Transport Protocol Port Number Registry),
   * and those that implementations use: Mobile IP, ISAKMP, OpenVPN, L2TP, WCCP, GTP, Teredo,
   * B.A.T.M.A.N., LISP, GSMTAP, GRE in UDP, VXLAN, RoCE, AYIYA, CAPWAP, Geneve, MPLS in UDP, SCTP
   * in UDP, HIP, LWAPP, ZEP, jMirror, TZSP, WireGuard.
   */
  private static final int[] CARRIERS = {
    434, 500, 699, 1194, 1701, 2048, 2123, 2152, 3386, 3544, 4305, 4306, 4307, 4341, 4342, 4500,
    4729, 4754, 4755, 4789, 4790, 4791, 5072, 5246, 5247, 6081, 6635, 8472, 9899, 10500, 12220,
    12221, 12222, 12223, 17754, 17755, 30030, 37008, 48879, 51820
  };

  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;

  /** An MPEG transport stream, whose cells tshark joins (ISO/IEC 13818-1, 2.4.3.2). */
  private static final int CELL_BYTES = 188;

  private static final byte CELL_SYNC = 0x47;

  private final boolean[] carriers = new boolean[1 << 16];

  EmbeddedPackets() {
    for (int port : CARRIERS) {
      carriers[port] = true;
    }
  }

  /**
   * Whether there may be one.
   *
   * @param at where the data begins
   * @param end where it ends on the wire
   * @param capturedEnd where the capture ends
   */
  boolean mayBeIn(
      byte[] bytes, int at, int end, int capturedEnd, int sourcePort, int destinationPort) {
    if (carriers[sourcePort] || carriers[destinationPort]) {
      return true;
    }
    int last = Math.min(end, capturedEnd);
    if (last - at >= 4 && (isWireGuard(bytes, at) || isTransportStream(bytes, at, end))) {
      return true;
    }
    for (int i = at; i <= last - IPV4_BYTES; i++) {
      int version = bytes[i] & 0xf0;
      if ((version == 0x40 && isIpv4(bytes, i, end))
          || (version == 0x60 && isIpv6(bytes, i, end))) {
        return true;
      }
    }
    return false;
  }

  /** Types 1 to 4 and three zeros (WireGuard, "Protocol and Cryptography"). */
  private static boolean isWireGuard(byte[] bytes, int at) {
    int start = Integer.reverseBytes(Bytes.int32(bytes, at));
    return start >= 1 && start <= 4;
  }

  private static boolean isTransportStream(byte[] bytes, int at, int end) {
    return bytes[at] == CELL_SYNC && end - at >= CELL_BYTES;
  }

  private static boolean isIpv4(byte[] bytes, int at, int end) {
    int totalBytes = Bytes.uint16(bytes, at + 2);
    return (bytes[at] & 0xf) >= 5
        && (totalBytes == 0 || (totalBytes >= IPV4_BYTES && totalBytes <= end - at))
        && isCarried(bytes[at + 9]);
  }

  private static boolean isIpv6(byte[] bytes, int at, int end) {
    int next = bytes[at + 6] & 0xff;
    boolean isExtension = next == 0 || next == 43 || next == 44 || next == 60;
    return (isExtension || isCarried((byte) next))
        && Bytes.uint16(bytes, at + 4) <= end - at - IPV6_BYTES;
  }

  /** IPv4, TCP, UDP, IPv6, GRE, ESP, AH. */
  private static boolean isCarried(byte protocol) {
    return switch (protocol) {
      case 4, 6, 17, 41, 47, 50, 51 -> true;
      default -> false;
    };
  }
}
