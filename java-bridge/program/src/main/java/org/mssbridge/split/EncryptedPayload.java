package org.mssbridge.split;

import java.util.Optional;
import org.mssbridge.capturefile.Bytes;
import org.mssbridge.model.TunnelKind;

/** Recognises packets of tunnels whose content nobody can read, by the rules that tshark has. */
final class EncryptedPayload {
  private static final int UDP = 17;
  private static final int ESP = 50;
  private static final int ESP_PORT = 4500; // RFC 3948, section 2.1
  private static final int OPENVPN_PORT = 1194; // IANA
  private static final int MOST_OPENVPN_OPCODE = 11; // P_CONTROL_WKC_V1

  private EncryptedPayload() {}

  /**
   * The kind of tunnel that an IP packet belongs to; empty if it is none, or unknown.
   *
   * @param protocol what follows the IP header
   * @param at where that begins
   * @param end where the packet's captured part ends
   */
  static Optional<TunnelKind> of(int protocol, byte[] bytes, int at, int end) {
    if (protocol == ESP) {
      return Optional.of(TunnelKind.ESP);
    }
    if (protocol != UDP || at + 12 > end) {
      return Optional.empty();
    }
    int from = Bytes.uint16(bytes, at);
    int to = Bytes.uint16(bytes, at + 2);
    int payloadBytes = Bytes.uint16(bytes, at + 4) - 8;
    int first = Bytes.int32(bytes, at + 8);
    if (from == ESP_PORT || to == ESP_PORT) {
      // RFC 3948, sections 2.2 and 2.3: IKE begins with 0, and a keep-alive is one byte.
      return first != 0 && payloadBytes > 8 ? Optional.of(TunnelKind.ESP) : Optional.empty();
    }
    if (isWireGuard(first, payloadBytes)) {
      return Optional.of(TunnelKind.WIREGUARD);
    }
    int opcode = first >>> 27;
    boolean isOpenVpn =
        (from == OPENVPN_PORT || to == OPENVPN_PORT)
            && opcode >= 1
            && opcode <= MOST_OPENVPN_OPCODE;
    return isOpenVpn ? Optional.of(TunnelKind.OPENVPN) : Optional.empty();
  }

  /**
   * Messages begin with their type and three zero bytes; a handshake's have one length each, and
   * data is padded to units of 16 bytes (WireGuard: Next Generation Kernel Network Tunnel, section
   * 5.4).
   */
  private static boolean isWireGuard(int first, int payloadBytes) {
    return switch (first) {
      case 0x0100_0000 -> payloadBytes == 148;
      case 0x0200_0000 -> payloadBytes == 92;
      case 0x0300_0000 -> payloadBytes == 64;
      case 0x0400_0000 -> payloadBytes >= 32 && payloadBytes % 16 == 0;
      default -> false;
    };
  }
}
