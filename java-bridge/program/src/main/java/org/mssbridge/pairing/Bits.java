package org.mssbridge.pairing;

/** The unit of evidence: each bit makes a pair twice as likely. */
final class Bits {
  private static final double LOG_2 = Math.log(2);

  private Bits() {}

  /** The evidence of a coincidence that happens by chance once in that many times. */
  static double of(double ratio) {
    return Math.log(ratio) / LOG_2;
  }
}
