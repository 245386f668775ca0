package org.mssbridge.model;

/** Arithmetic on TCP sequence numbers, which count modulo 2³² (RFC 9293, section 3.4). */
public final class SequenceNumber {
  private static final long MASK = 0xffff_ffffL;

  private SequenceNumber() {}

  /** How far {@code to} lies after {@code from}, modulo 2³². */
  public static long delta(int from, int to) {
    return (to - from) & MASK;
  }

  /**
   * The position that is congruent to {@code raw} and nearest to {@code reference}, so that a
   * stream of more than 4 GiB keeps growing.
   *
   * @param raw the 32 bits of the header
   * @param reference a position near it, counted without wrapping
   */
  public static long unwrap(int raw, long reference) {
    return reference + (raw - (int) reference);
  }
}
