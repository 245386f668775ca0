package org.mssbridge.sieve;

/** Source and destination of a segment. */
interface Ends {
  boolean isIpv6();

  /** First half of the source address; 0 for IPv4. */
  long sourceHigh();

  /** Second half of the source address; all of it, sign-extended, for IPv4. */
  long sourceLow();

  /** First half of the destination address; 0 for IPv4. */
  long destinationHigh();

  /** Second half of the destination address; all of it, sign-extended, for IPv4. */
  long destinationLow();

  int sourcePort();

  int destinationPort();
}
