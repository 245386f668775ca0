package org.mssbridge.capturefile;

/**
 * The types of pcapng blocks (draft-ietf-opsawg-pcapng, section 4), and which of them tshark counts
 * as frames.
 */
final class BlockType {
  static final int SECTION_HEADER = 0x0a0d0d0a;
  static final int INTERFACE_DESCRIPTION = 1;
  static final int OBSOLETE_PACKET = 2;
  static final int SIMPLE_PACKET = 3;
  static final int NAME_RESOLUTION = 4;
  static final int INTERFACE_STATISTICS = 5;
  static final int ENHANCED_PACKET = 6;
  static final int DECRYPTION_SECRETS = 10;

  private static final int SYSTEMD_JOURNAL = 9;
  private static final int CUSTOM = 0x00000bad;
  private static final int CUSTOM_NOT_COPIED = 0x40000bad;
  // System calls, which tshark shows as frames (epan/dissectors/packet-sysdig-event.c).
  private static final int SYSDIG_EVENT = 0x204;
  private static final int SYSDIG_EVENT_2 = 0x216;
  private static final int SYSDIG_EVENT_2_LARGE = 0x221;

  private BlockType() {}

  /** Whether tshark counts a block as a frame; for a custom block, since tshark 4.0. */
  static boolean isFrame(int type) {
    return switch (type) {
      case ENHANCED_PACKET,
          OBSOLETE_PACKET,
          SIMPLE_PACKET,
          SYSTEMD_JOURNAL,
          SYSDIG_EVENT,
          SYSDIG_EVENT_2,
          SYSDIG_EVENT_2_LARGE ->
          true;
      default -> isCustom(type);
    };
  }

  static boolean isCustom(int type) {
    return type == CUSTOM || type == CUSTOM_NOT_COPIED;
  }

  /** Whether a block contains a packet with its interface and time. */
  static boolean isPacket(int type) {
    return type == ENHANCED_PACKET || type == OBSOLETE_PACKET;
  }

  /** The minimum length of a block of a type. */
  static int leastBytes(int type) {
    return switch (type) {
      case SECTION_HEADER -> 28;
      case INTERFACE_DESCRIPTION -> 20;
      case SIMPLE_PACKET -> 16;
      case ENHANCED_PACKET, OBSOLETE_PACKET -> 32;
      default -> 12;
    };
  }
}
