package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Handshakes;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.PathTunnels;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.knowledge.Clamp;
import org.mssbridge.knowledge.TunnelOnPath;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/** An MSS option whose value differs between the points (RFC 9293, section 3.7.1). */
final class MssChanged implements Rule {
  static final Kind CLAMPED =
      new Kind("mss.clamped", Severity.WARN, Group.PROTOCOL, "the MSS was lowered on the path");
  static final Kind RAISED =
      new Kind("mss.raised", Severity.ERROR, Group.PROTOCOL, "the MSS was raised on the path");

  private static final int ETHERNET_MTU = 1500;

  private static final Cause SYN_PROXY =
      new Cause(
          "the SYN proxy makes the SYN/ACK before it knows the server's",
          List.of(),
          List.of(),
          "RFC 4987 (SYN floods: firewalls and proxies)");

  /** Whether a SYN proxy made the far handshake, with options of its own. */
  static boolean isOfSynProxy(Evidence evidence, Handshakes both) {
    return both.direction() == Direction.S2C
        && evidence.middlebox(both.pair()).functions().contains(PathFunction.SYN_PROXY);
  }

  record Changed(
      Leg across,
      int nearMssBytes,
      int farMssBytes,
      int headerBytes,
      boolean twoConnections,
      boolean bySynProxy,
      List<Cause> causes)
      implements Finding {
    @Override
    public Kind kind() {
      return farMssBytes < nearMssBytes ? CLAMPED : RAISED;
    }

    /**
     * A proxy announces what it takes itself: nothing was clamped or raised. A SYN proxy should
     * announce what the server takes: more is a fault.
     */
    @Override
    public Severity severity() {
      return twoConnections || (bySynProxy && farMssBytes < nearMssBytes)
          ? Severity.NOTE
          : kind().severity();
    }

    @Override
    public String message() {
      if (twoConnections) {
        return String.format(
            "the proxy %s announces its own MSS, %d at %s; the MSS on its other side is %d (no"
                + " clamp)",
            across.between(), farMssBytes, across.far(), nearMssBytes);
      }
      if (bySynProxy) {
        return String.format(
            "the SYN proxy %s answers with an MSS of its own, %d; the server's is %d",
            across.between(), farMssBytes, nearMssBytes);
      }
      return "MSS " + nearMssBytes + " became " + farMssBytes + " " + across.between();
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      int impliedMtuBytes = farMssBytes + headerBytes;
      return across
          .facts()
          .and("near_mss_bytes", nearMssBytes)
          .and("far_mss_bytes", farMssBytes)
          .and("difference_bytes", farMssBytes - nearMssBytes)
          .and("implied_mtu_bytes", impliedMtuBytes)
          .and("room_below_1500_bytes", ETHERNET_MTU - impliedMtuBytes)
          .and("by_syn_proxy", bySynProxy);
    }

    /** A clamp describes the middlebox; a raised MSS is a fault. */
    @Override
    public boolean describesMiddlebox() {
      return farMssBytes < nearMssBytes && !twoConnections;
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(Change.of("MSS", nearMssBytes, farMssBytes));
    }

    @Override
    public String nextStep() {
      if (twoConnections) {
        return "look at the MTU and MSS settings of the proxy " + across.between() + " itself";
      }
      if (bySynProxy) {
        return String.format(
            "set the MSS of the SYN proxy %s to %d, as the server has it (Linux SYNPROXY: --mss %d)%s",
            across.between(),
            nearMssBytes,
            nearMssBytes,
            farMssBytes < nearMssBytes ? ", unless the path needs the smaller one" : "");
      }
      return farMssBytes < nearMssBytes
          ? "look for an MSS clamp of "
              + farMssBytes
              + " (tcp-mss, adjust-mss, TCPMSS) on the devices "
              + across.between()
          : "find the device "
              + across.between()
              + " that raises the MSS: the receiver may be sent more than it can take";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(CLAMPED, RAISED);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        Handshakes.first(pair, direction).ifPresent(both -> check(both, evidence, findings));
      }
    }
    evidence.passagesByLeg().forEach((leg, passages) -> checked(leg, passages, findings));
  }

  private static void checked(Leg leg, List<Passage> passages, Findings findings) {
    int seen = 0;
    int mssBytes = 0;
    for (Passage passage : passages) {
      if (!passage.near().hasHandshake() || !passage.far().hasHandshake()) {
        continue;
      }
      OptionalInt near = passage.near().announcedMss();
      if (!near.equals(passage.far().announcedMss())) {
        return;
      }
      if (near.isPresent()) {
        seen++;
        mssBytes = near.getAsInt();
      }
    }
    if (seen > 0) {
      String value = seen == 1 ? ": " + mssBytes + " at both points" : "";
      findings.checked(
          List.of(CLAMPED, RAISED),
          "MSS changes",
          "MSS not changed "
              + Words.way(leg.direction())
              + " "
              + leg.between()
              + (Words.isMisleading(leg) ? ", opened from the other side" : "")
              + value
              + Words.on(seen));
    }
  }

  private static void check(Handshakes both, Evidence evidence, Findings findings) {
    OptionalInt near = both.near().options().mss();
    OptionalInt far = both.far().options().mss();
    if (near.isEmpty() || far.isEmpty() || near.getAsInt() == far.getAsInt()) {
      return;
    }
    Leg leg = Legs.of(both.pair(), both.direction());
    boolean twoConnections = evidence.middlebox(both.pair()).endsConnections();
    boolean bySynProxy = isOfSynProxy(evidence, both);
    Optional<TunnelOnPath> tunnel =
        twoConnections ? Optional.empty() : tunnel(both, far.getAsInt(), evidence);
    List<Cause> causes = evidence.causes().of(clamp(both, evidence), tunnel);
    findings.add(
        new Changed(
            leg,
            near.getAsInt(),
            far.getAsInt(),
            both.headerBytes(),
            twoConnections,
            bySynProxy,
            twoConnections ? proxyBefore(causes) : bySynProxy ? List.of(SYN_PROXY) : causes),
        both.occurrence());
  }

  /** The evidence for the proxy differs between connections, so it is in path.middlebox. */
  private static List<Cause> proxyBefore(List<Cause> others) {
    List<Cause> causes = new ArrayList<>();
    causes.add(
        new Cause(
            "the proxy announces an MSS of its own: these are two connections",
            List.of(),
            List.of(),
            "RFC 9293, section 3.7.1"));
    causes.addAll(others);
    return List.copyOf(causes);
  }

  private static Optional<TunnelOnPath> tunnel(Handshakes both, int mssBytes, Evidence evidence) {
    return PathTunnels.of(
        evidence,
        evidence.comparison().connections().get(both.pair().id()),
        mssBytes + both.headerBytes());
  }

  /** Whether the ISN differs in either direction: a device may rewrite only one side's numbers. */
  private static boolean isIsnRewritten(PairedConnection pair) {
    return isIsnRewritten(Handshakes.first(pair, Direction.C2S))
        || isIsnRewritten(Handshakes.first(pair, Direction.S2C));
  }

  private static boolean isIsnRewritten(Optional<Handshakes> both) {
    return both.isPresent() && both.get().near().sequence() != both.get().far().sequence();
  }

  private static Clamp clamp(Handshakes both, Evidence evidence) {
    PairedConnection pair = both.pair();
    Clamp clamp =
        Clamp.of(
                both.near().options().mss().getAsInt(),
                both.far().options().mss().getAsInt(),
                pair.near(both.direction()).isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4)
            .withSameOptionOrder(both.isSameOptionOrder())
            .withIsnRewritten(isIsnRewritten(pair));
    Optional<Handshakes> other = Handshakes.first(pair, both.direction().reverse());
    if (other.isPresent()
        && other.get().near().options().mss().isPresent()
        && other.get().far().options().mss().isPresent()) {
      clamp =
          clamp.withOtherDirection(
              other.get().near().options().mss().getAsInt(),
              other.get().far().options().mss().getAsInt());
    }
    OptionalInt pathMtu = evidence.pathMtuBytes();
    return pathMtu.isPresent() ? clamp.withPathMtu(pathMtu.getAsInt()) : clamp;
  }
}
