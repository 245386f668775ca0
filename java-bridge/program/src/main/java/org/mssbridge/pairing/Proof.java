package org.mssbridge.pairing;

/** What the agreement of two sightings rests on, strongest first. */
enum Proof {
  /** Random numbers of both ends, or those of one end and the payload. */
  IDENTITY(Double.MAX_VALUE),
  /** The payload only, as through a proxy. Equal requests have that in common too. */
  CONTENT(Double.MAX_VALUE),
  /** Several numbers of the SYN alone, as of a connection that nobody answered. */
  MARKS(Double.MAX_VALUE),
  /** One number of the SYN, the ports or the addresses: forged and constant ones are like that. */
  MARK(9.5),
  /** Options, times and sizes only. */
  LAYOUT(0);

  private final double mostBitsAlone;

  Proof(double mostBitsAlone) {
    this.mostBitsAlone = mostBitsAlone;
  }

  /** Whether the pair needs what other pairs show: clock, addresses and hops. */
  boolean isDoubtful() {
    return this == MARKS || this == MARK || this == LAYOUT;
  }

  /**
   * The most bits of a pair that no other pairs speak for: enough to be ambiguous for one number,
   * and to be nothing for none.
   */
  double mostBitsAlone() {
    return mostBitsAlone;
  }
}
