package org.mssbridge.capturefile;

/** Codes of pcapng options (draft-ietf-opsawg-pcapng, sections 3.5, 4.2, 4.3 and appendix A). */
final class OptionCode {
  static final int END = 0;
  static final int COMMENT = 1;

  static final int INTERFACE_NAME = 2;
  static final int INTERFACE_DESCRIPTION = 3;
  static final int INTERFACE_TIME_RESOLUTION = 9;
  static final int INTERFACE_FCS_LENGTH = 13;
  static final int INTERFACE_TIME_OFFSET = 14;

  static final int STATISTICS_START = 2;
  static final int STATISTICS_END = 3;
  static final int STATISTICS_INTERFACE_DROPS = 5;
  static final int STATISTICS_SYSTEM_DROPS = 7;

  static final int PACKET_FLAGS = 2;
  static final int PACKET_HASH = 3;
  static final int PACKET_DROP_COUNT = 4;
  static final int PACKET_ID = 5;
  static final int PACKET_QUEUE = 6;

  private OptionCode() {}

  /** Whether it is a custom option, whose value starts with a Private Enterprise Number. */
  static boolean isCustom(int code) {
    return code == 2988 || code == 2989 || code == 19372 || code == 19373;
  }
}
