package org.mssbridge.pairing;

/** The unit of evidence here: a bit makes a pair twice as likely as it was. */
final class Bits {
  private Bits() {}

  /** The evidence in something that happens by accident once in that many times. */
  static double of(double ratio) {
    return Math.log(ratio) / Math.log(2);
  }
}
