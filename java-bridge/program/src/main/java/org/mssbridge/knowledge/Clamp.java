package org.mssbridge.knowledge;

import java.util.OptionalInt;
import org.mssbridge.model.IpFamily;

/**
 * A changed MSS and what else was seen on its connection; whatever was not seen stays unknown.
 *
 * @param nearMssBytes the MSS at the capture point nearer its sender
 * @param farMssBytes the MSS at the one nearer its receiver
 * @param family the IP version of the connection
 * @param isnRewritten whether the ISN differs between the points as well
 * @param otherNearMssBytes the MSS of the other direction, nearer its sender
 * @param otherFarMssBytes the same, nearer its receiver
 * @param pathMtuBytes the MTU that an ICMP message named for this path
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

  /** What the captures say to a question. */
  public enum Seen {
    /** They show that it is so. */
    YES,
    /** They show that it is not so. */
    NO,
    /** They cannot tell. */
    UNKNOWN;

    /** The answer that a capture gave. */
    public static Seen of(boolean answer) {
      return answer ? YES : NO;
    }
  }

  /** A change of which only the two values are known. */
  public static Clamp of(int nearMssBytes, int farMssBytes, IpFamily family) {
    OptionalInt unknown = OptionalInt.empty();
    return new Clamp(
        nearMssBytes, farMssBytes, family, Seen.UNKNOWN, unknown, unknown, unknown, Seen.UNKNOWN);
  }

  /** Adds whether the ISN was rewritten. */
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

  /** Adds the values of the other direction, each side named as seen from that direction. */
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

  /** Adds the MTU that an ICMP message named. */
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

  /** Adds whether the order of the SYN's options is the same at both points. */
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

  /** The least MTU that segments of the far MSS fit. */
  int impliedMtuBytes() {
    return farMssBytes + family.tcpIpBytes();
  }

  /** Whether the value went up. */
  boolean raised() {
    return farMssBytes > nearMssBytes;
  }

  /** Whether the other direction was seen, and kept its value although it was the larger one. */
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
