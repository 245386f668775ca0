package org.mssbridge.knowledge;

import java.util.OptionalInt;

/**
 * A tunnel that captures show on the path of a connection.
 *
 * @param name its name, such as {@code VXLAN}
 * @param point the capture point at which packets are inside it
 * @param overheadBytes how much it adds to a packet; empty where this is not known
 */
public record TunnelOnPath(String name, String point, OptionalInt overheadBytes) {
  private static final int ETHERNET_MTU_BYTES = 1500;

  /** Whether packets of this length fill Ethernet's MTU with it. */
  public boolean fits(int packetBytes) {
    return overheadBytes.isPresent()
        && packetBytes + overheadBytes.getAsInt() == ETHERNET_MTU_BYTES;
  }

  /**
   * The tunnel as the cause of a limit.
   *
   * @param packetBytes the largest IP packet that the limit allows
   * @param prefix how that follows from the limit, empty or ending in a separator
   */
  Candidate candidate(int packetBytes, String prefix) {
    Candidate candidate =
        new Candidate("the " + name + " tunnel on the path", "RFC 4459 (MTU in tunnelling)", true);
    String where = "packets are inside " + name + " at " + point;
    if (overheadBytes.isEmpty()) {
      return candidate.supports(Candidate.STRONG, where);
    }
    candidate.supports(
        Candidate.STRONG, where + ", which adds " + overheadBytes.getAsInt() + " bytes");
    int bytes = packetBytes + overheadBytes.getAsInt();
    String sum =
        prefix + packetBytes + " + " + overheadBytes.getAsInt() + " (" + name + ") = " + bytes;
    if (bytes == ETHERNET_MTU_BYTES) {
      return candidate.supports(Candidate.FAIR, sum + ", Ethernet's MTU");
    }
    return bytes < ETHERNET_MTU_BYTES
        ? candidate.contradicts(
            Candidate.WEAK,
            String.format(
                "%s: Ethernet (%d) has room for %d more",
                sum, ETHERNET_MTU_BYTES, ETHERNET_MTU_BYTES - bytes))
        : candidate.contradicts(
            Candidate.FAIR, sum + ": more than Ethernet carries (" + ETHERNET_MTU_BYTES + ")");
  }
}
