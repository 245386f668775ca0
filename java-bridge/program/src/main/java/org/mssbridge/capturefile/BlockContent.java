package org.mssbridge.capturefile;

/**
 * What stands in blocks of which no packet is made, but that tshark reads: where a length in one
 * leads out of it, tshark takes it for the end of the file.
 */
final class BlockContent {
  private static final int TRAILER_BYTES = 4;
  private static final int SECRETS_AT = 16;
  private static final int RECORDS_AT = 8;
  private static final int RECORD_HEADER_BYTES = 4;
  private static final int NAME_OF_IPV4 = 1;
  private static final int NAME_OF_IPV6 = 2;

  private BlockContent() {}

  /**
   * Whether the lengths in a block fit it.
   *
   * @param at index of its first byte, in a buffer that has all of it
   */
  static boolean fits(byte[] bytes, int at, int blockBytes, boolean isLittle) {
    return switch (Bytes.int32(bytes, at, isLittle)) {
      case BlockType.NAME_RESOLUTION -> areRecords(bytes, at, blockBytes, isLittle);
      case BlockType.DECRYPTION_SECRETS ->
          blockBytes >= SECRETS_AT + TRAILER_BYTES
              && Integer.toUnsignedLong(Bytes.int32(bytes, at + SECRETS_AT - 4, isLittle))
                  <= blockBytes - SECRETS_AT - TRAILER_BYTES;
      default -> true;
    };
  }

  /** draft-ietf-opsawg-pcapng, section 4.5. */
  private static boolean areRecords(byte[] bytes, int at, int blockBytes, boolean isLittle) {
    int end = at + blockBytes - TRAILER_BYTES;
    int record = at + RECORDS_AT;
    while (record + RECORD_HEADER_BYTES <= end) {
      int type = Bytes.uint16(bytes, record, isLittle);
      int length = Bytes.uint16(bytes, record + 2, isLittle);
      if (type == 0) {
        return true;
      }
      int least = type == NAME_OF_IPV4 ? 4 : type == NAME_OF_IPV6 ? 16 : 0;
      record += RECORD_HEADER_BYTES + Bytes.padded(length);
      if (length < least || record > end) {
        return false;
      }
    }
    return false;
  }
}
