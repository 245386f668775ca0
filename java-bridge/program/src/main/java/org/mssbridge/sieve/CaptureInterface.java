package org.mssbridge.sieve;

/**
 * What an interface description of pcapng says (draft-ietf-opsawg-pcapng, section 4.2).
 *
 * @param linkType number in pcap's LINKTYPE registry
 * @param unitsPerSecond of its time stamps; 0 where they are not exactly nanoseconds or coarser
 *     powers of ten
 */
record CaptureInterface(int linkType, int unitsPerSecond) {
  private static final int OPTIONS_AT = 16;
  private static final int OPTION_RESOLUTION = 9;
  private static final int OPTION_FCS_LENGTH = 13;
  private static final int OPTION_OFFSET = 14;
  private static final int MICROSECONDS = 1_000_000;
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final long MOST_SECONDS = 1L << 32;

  /** Reads an interface description block. */
  static CaptureInterface of(byte[] bytes, int block, int blockBytes, boolean isLittle) {
    if (blockBytes < OPTIONS_AT + 4) {
      throw new NotSiftedException("an interface description is too short");
    }
    int linkType = Window.uint16(bytes, block + 8, isLittle);
    int units = MICROSECONDS;
    int at = block + OPTIONS_AT;
    int end = block + blockBytes - 4;
    while (at + 4 <= end) {
      int code = Window.uint16(bytes, at, isLittle);
      int length = Window.uint16(bytes, at + 2, isLittle);
      if (code == 0) {
        break;
      }
      if (at + 4 + length > end) {
        throw new NotSiftedException("an option reaches beyond its block");
      }
      units =
          switch (code) {
            case OPTION_RESOLUTION -> length == 1 ? unitsPerSecond(bytes[at + 4]) : 0;
            case OPTION_FCS_LENGTH, OPTION_OFFSET -> 0;
            default -> units;
          };
      at += 4 + ((length + 3) & ~3);
    }
    return new CaptureInterface(linkType, units);
  }

  private static int unitsPerSecond(byte exponent) {
    if (exponent < 0 || exponent > 9) {
      return 0;
    }
    int units = 1;
    for (int i = 0; i < exponent; i++) {
      units *= 10;
    }
    return units;
  }

  /** Whether its frames can be looked into. */
  boolean isKnown() {
    return unitsPerSecond > 0 && LinkLayer.knows(linkType);
  }

  /** Nanoseconds since 1970; {@link Ledger#NO_TIME} where they are not known for sure. */
  long timeNanos(long units) {
    if (unitsPerSecond == 0 || units < 0 || units / unitsPerSecond >= MOST_SECONDS) {
      return Ledger.NO_TIME;
    }
    return units / unitsPerSecond * NANOS_PER_SECOND
        + units % unitsPerSecond * (NANOS_PER_SECOND / unitsPerSecond);
  }
}
