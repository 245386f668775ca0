package org.mssbridge.pairing;

/**
 * A value that a capture has, and that few others have by chance: a number with its kind in the
 * upper {@link #KIND_BITS} bits.
 */
public final class CaptureKey {
  /** Bits of the kind. */
  public static final int KIND_BITS = Long.SIZE - Fingerprints.VALUE_BITS - 1;

  private CaptureKey() {}

  /** Whether a feature makes a key. */
  static boolean isOf(long feature) {
    return switch (FeatureKind.at(Fingerprints.kind(feature))) {
      case TUPLE, ISN, TIMESTAMP, DATA_TIMESTAMP, TLS_RANDOM, PAYLOAD -> true;
      // Sums, sizes, ports and options are so short that any two large captures share some.
      default -> false;
    };
  }

  /** The key of a feature, whichever end it is from. */
  static long of(long feature) {
    return feature & ~(1L << Fingerprints.VALUE_BITS);
  }

  /** How many bits two captures with the key agree in, at most. */
  public static int bits(long key) {
    return kind(key).bits;
  }

  /**
   * Whether it is of the addresses and ports, which stay the same for as long as a connection
   * lives.
   */
  public static boolean isTuple(long key) {
    return kind(key) == FeatureKind.TUPLE;
  }

  /** Whether so few numbers are possible that among very many connections some are equal. */
  public static boolean isShort(long key) {
    return switch (kind(key)) {
      case ISN, TIMESTAMP, DATA_TIMESTAMP -> true;
      default -> false;
    };
  }

  private static FeatureKind kind(long key) {
    return FeatureKind.at(Fingerprints.kind(key));
  }
}
