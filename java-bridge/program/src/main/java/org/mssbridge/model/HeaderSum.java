package org.mssbridge.model;

/** What is in the checksum field of an IPv4 header (RFC 791, section 3.1). */
public enum HeaderSum {
  /** IPv6 has none; or the header has options, or was not read whole. */
  UNKNOWN,
  RIGHT,
  WRONG,
  /** 0, as hosts leave it to the network card to fill in. */
  ABSENT;

  private static final int ONES = 0xffff;
  private static final HeaderSum[] ALL = values();

  /**
   * Judges a header by the sum of its 16-bit words, checksum included (RFC 1071).
   *
   * @param words the sum, not folded
   * @param field the checksum
   */
  public static HeaderSum of(int words, int field) {
    int folded = (words & ONES) + (words >>> Short.SIZE);
    folded = (folded & ONES) + (folded >>> Short.SIZE);
    return folded == ONES ? RIGHT : field == 0 ? ABSENT : WRONG;
  }

  /** The value with a code of two bits. */
  public static HeaderSum ofCode(int code) {
    return ALL[code];
  }

  /** Its code, 0 to 3. */
  @SuppressWarnings("EnumOrdinal") // It is in no file.
  public int code() {
    return ordinal();
  }
}
