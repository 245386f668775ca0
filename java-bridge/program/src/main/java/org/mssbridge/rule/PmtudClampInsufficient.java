package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/** An MSS clamp that is too large: full segments still do not fit the path. */
final class PmtudClampInsufficient implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.clamp-insufficient",
          Severity.ERROR,
          Group.PROTOCOL,
          "the clamped MSS is still too large for the path");

  record Insufficient(
      Leg across, int clampedMssBytes, int headerBytes, int mtuBytes, boolean fromIcmp)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    private int excessBytes() {
      return clampedMssBytes + headerBytes - mtuBytes;
    }

    @Override
    public String message() {
      return String.format(
          "the clamp of %d is %s too large for the path: %d + %d = %d, and %s %d",
          clampedMssBytes,
          Words.count(excessBytes(), "byte"),
          clampedMssBytes,
          headerBytes,
          clampedMssBytes + headerBytes,
          fromIcmp
              ? "a router reports an MTU of"
              : "the largest packet that ever crossed has a size of",
          mtuBytes);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("clamped_mss_bytes", clampedMssBytes)
          .and("implied_mtu_bytes", clampedMssBytes + headerBytes)
          .and(fromIcmp ? "icmp_mtu_bytes" : "largest_crossed_bytes", mtuBytes)
          .and("fitting_mss_bytes", mtuBytes - headerBytes)
          .and("excess_bytes", excessBytes());
    }

    @Override
    public String nextStep() {
      int mssBytes = mtuBytes - headerBytes;
      IpFamily family = IpFamily.of(headerBytes == IpFamily.IPV6.tcpIpBytes());
      return (fromIcmp || mssBytes >= family.defaultMssBytes()
              ? "clamp to " + mssBytes + " or less"
              : "find the true limit between "
                  + mtuBytes
                  + " and "
                  + (clampedMssBytes + headerBytes)
                  + " with pings that set DF, and clamp the MSS to it")
          + "; look where the crypto map or tunnel is applied: on a tunnel interface the"
          + " room is counted from its MTU (1476 for GRE), not from 1500";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        check(pair, direction, evidence, findings);
      }
    }
  }

  /** How far the clamp of a connection on some leg exceeds what a message allows; 0 for none. */
  static int excessBytes(TooBigMessage message) {
    Direction direction = message.direction();
    int most = 0;
    for (PairedConnection pair : message.connection().pairs()) {
      Optional<Handshakes> limit = Handshakes.first(pair, direction.reverse());
      OptionalInt announced = limit.map(l -> l.near().options().mss()).orElse(OptionalInt.empty());
      OptionalInt clamped = limit.map(l -> l.far().options().mss()).orElse(OptionalInt.empty());
      if (announced.isPresent()
          && clamped.isPresent()
          && clamped.getAsInt() < announced.getAsInt()) {
        int impliedMtuBytes = clamped.getAsInt() + limit.get().headerBytes();
        if (isTooSmallFor(message, direction, impliedMtuBytes)) {
          most = Math.max(most, impliedMtuBytes - message.any().mtuBytes());
        }
      }
    }
    return most;
  }

  private static boolean isTooSmallFor(
      TooBigMessage message, Direction direction, int impliedMtuBytes) {
    int mtuBytes = message.any().mtuBytes();
    return message.direction() == direction
        && !message.quote().isUntrue()
        && mtuBytes > 0
        && impliedMtuBytes > mtuBytes;
  }

  /**
   * Checks the data sent in a direction.
   *
   * @param direction of the data; the MSS that limits it is sent in the opposite direction
   */
  private static void check(
      PairedConnection pair, Direction direction, Evidence evidence, Findings findings) {
    Optional<Handshakes> limit = Handshakes.first(pair, direction.reverse());
    if (limit.isEmpty()) {
      return;
    }
    OptionalInt announced = limit.get().near().options().mss();
    OptionalInt clamped = limit.get().far().options().mss();
    if (announced.isEmpty() || clamped.isEmpty() || clamped.getAsInt() >= announced.getAsInt()) {
      return;
    }
    Leg leg = Legs.of(pair, direction);
    int headerBytes = limit.get().headerBytes();
    int impliedMtuBytes = clamped.getAsInt() + headerBytes;
    for (TooBigMessage message : evidence.tooBigs(pair.id())) {
      int mtuBytes = message.any().mtuBytes();
      if (isTooSmallFor(message, direction, impliedMtuBytes)) {
        Occurrence occurrence = limit.get().occurrence();
        for (CapturePoint point : message.seen().points()) {
          occurrence = occurrence.at(point, message.seen().at(point).orElseThrow().frame());
        }
        findings.add(
            new Insufficient(leg, clamped.getAsInt(), headerBytes, mtuBytes, true), occurrence);
        return;
      }
    }
    if (pair.alignment(direction).lost().size() == 0) {
      return;
    }
    SizeLimit sizes = SizeLimit.of(pair, direction);
    int largestBytes = evidence.largestCrossedBytes(pair, direction);
    if (evidence.tooBigs(pair.id()).isEmpty()
        && !evidence.middlebox(pair).endsConnections()
        && sizes.isSharp()
        && largestBytes < sizes.smallestLostBytes()
        && clamped.getAsInt() > largestBytes + sizes.optionBytes()) {
      int crossedBytes = largestBytes + sizes.optionBytes() + headerBytes;
      findings.add(
          new Insufficient(leg, clamped.getAsInt(), headerBytes, crossedBytes, false),
          limit.get().occurrence().at(leg.near(), sizes.firstLostFrame()));
    }
  }
}
