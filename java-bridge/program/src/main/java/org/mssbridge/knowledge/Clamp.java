package org.mssbridge.knowledge;

import java.util.OptionalInt;
import org.mssbridge.model.IpFamily;

/**
 * A changed MSS and other observations on its connection; what was not observed is unknown.
 *
 * @param nearMssBytes the MSS at the point nearer its sender
 * @param farMssBytes the MSS at the point nearer its receiver
 * @param family the IP version of the connection
 * @param isnRewritten whether the ISN differs between the points as well
 * @param otherNearMssBytes the MSS of the other direction, nearer its sender
 * @param otherFarMssBytes the same, nearer its receiver
 * @param pathMtuBytes the MTU that an ICMP message reported for this path
 * @param sameOptionOrder whether the SYN's options come in the same order at both points
 */
public record Clamp(
    int nearMssBytes,
    int farMssBytes,
    IpFamily family,
    Seen isnRewritten,
    OptionalInt otherNearMssBytes,
    OptionalInt otherFarMssBytes,
    OptionalInt pathMtuBytes,
    Seen sameOptionOrder) {

  /** The answer of the captures to a question. */
  public enum Seen {
    /** The captures show that it is so. */
    YES,
    /** The captures show that it is not so. */
    NO,
    /** The captures do not show it. */
    UNKNOWN;

    /** A known answer. */
    public static Seen of(boolean answer) {
      return answer ? YES : NO;
    }
  }

  /** A change with only its two values known. */
  public static Clamp of(int nearMssBytes, int farMssBytes, IpFamily family) {
    OptionalInt unknown = OptionalInt.empty();
    return new Clamp(
        nearMssBytes, farMssBytes, family, Seen.UNKNOWN, unknown, unknown, unknown, Seen.UNKNOWN);
  }

  /** A copy that records whether the ISN was rewritten. */
  public Clamp withIsnRewritten(boolean rewritten) {
    return new Clamp(
        nearMssBytes,
        farMssBytes,
        family,
        Seen.of(rewritten),
        otherNearMssBytes,
        otherFarMssBytes,
        pathMtuBytes,
        sameOptionOrder);
  }

  /**
   * A copy with the MSS of the other direction; near and far are named as seen from that direction.
   */
  public Clamp withOtherDirection(int otherNear, int otherFar) {
    return new Clamp(
        nearMssBytes,
        farMssBytes,
        family,
        isnRewritten,
        OptionalInt.of(otherNear),
        OptionalInt.of(otherFar),
        pathMtuBytes,
        sameOptionOrder);
  }

  /** A copy with the MTU that an ICMP message reported. */
  public Clamp withPathMtu(int mtuBytes) {
    return new Clamp(
        nearMssBytes,
        farMssBytes,
        family,
        isnRewritten,
        otherNearMssBytes,
        otherFarMssBytes,
        OptionalInt.of(mtuBytes),
        sameOptionOrder);
  }

  /** A copy that records whether the SYN's options have the same order at both points. */
  public Clamp withSameOptionOrder(boolean same) {
    return new Clamp(
        nearMssBytes,
        farMssBytes,
        family,
        isnRewritten,
        otherNearMssBytes,
        otherFarMssBytes,
        pathMtuBytes,
        Seen.of(same));
  }

  /** The smallest MTU that fits segments of the far MSS. */
  int impliedMtuBytes() {
    return farMssBytes + family.tcpIpBytes();
  }

  /** Whether the MSS was raised. */
  boolean raised() {
    return farMssBytes > nearMssBytes;
  }

  /** Whether the other direction was seen and kept an MSS above this clamp. */
  boolean otherUntouched() {
    return otherNearMssBytes.isPresent()
        && otherNearMssBytes.equals(otherFarMssBytes)
        && otherFarMssBytes.getAsInt() > farMssBytes;
  }

  /** Whether the other direction was lowered to the same value. */
  boolean otherAlike() {
    return otherNearMssBytes.isPresent()
        && otherFarMssBytes.equals(OptionalInt.of(farMssBytes))
        && otherNearMssBytes.getAsInt() > farMssBytes;
  }
}
