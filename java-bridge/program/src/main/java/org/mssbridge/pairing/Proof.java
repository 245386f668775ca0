package org.mssbridge.pairing;

/** What the agreement of two sightings rests on, strongest first. */
enum Proof {
  /** Random numbers of both ends, or those of one end and the payload. */
  IDENTITY,
  /** The payload only, as through a proxy. Equal requests have that in common too. */
  CONTENT,
  /** Several numbers of the SYN alone, as of a connection that nobody answered. */
  MARKS,
  /** One number of the SYN, the ports or the addresses: forged and constant ones are like that. */
  MARK,
  /** Options, times and sizes only. */
  LAYOUT;

  /** Whether the pair needs what other pairs show: clock, addresses and hops. */
  boolean isDoubtful() {
    return this == MARKS || this == MARK || this == LAYOUT;
  }
}
