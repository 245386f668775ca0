package org.mssbridge.model;

/**
 * Whether the TCP checksum in a packet fits the packet (RFC 9293, section 3.1; RFC 1071), as far as
 * the capture holds all that it covers.
 */
public enum ChecksumState {
  /** It could not be verified: the packet was cut, or is a fragment of one that was not joined. */
  UNKNOWN,

  /** It fits. */
  RIGHT,

  /** It does not fit. */
  WRONG,

  /**
   * It is the sum of the pseudo header alone: the network card was to fill in the rest after the
   * capture (TX checksum offload).
   */
  INCOMPLETE;

  /**
   * A checksum field that hides whether it is right: it stands for a sum of 0, which readers judge
   * differently (RFC 1624, section 3).
   */
  public static final int AMBIGUOUS = 0xffff;

  private static final ChecksumState[] BY_CODE = values();

  /** A number from 0 to 3. */
  @SuppressWarnings("EnumOrdinal") // Two bits in tables of a million segments.
  public int code() {
    return ordinal();
  }

  /** The state with a code. */
  public static ChecksumState of(int code) {
    return BY_CODE[code];
  }
}
