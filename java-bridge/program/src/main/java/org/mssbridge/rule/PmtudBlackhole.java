package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SeenTunnel;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/**
 * A black hole: large segments are lost, small ones cross, and the sender receives no ICMP (RFC
 * 2923, section 2.1).
 */
final class PmtudBlackhole implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.blackhole",
          Severity.ERROR,
          Group.SEQUENCE,
          "large segments are lost again and again without ICMP");

  private static final int ETHERNET_MTU_BYTES = 1500;

  /** Every link with IPv6 carries packets of this size (RFC 8200, section 5), and so tunnels do. */
  private static final int COMMON_BYTES = 1280;

  /** Every IPv4 host must take packets of this size (RFC 791, section 3.1). */
  private static final int IPV4_BYTES = 576;

  /**
   * A black hole.
   *
   * @param tcpIpBytes the IP and TCP headers without options
   * @param headerBytes those of the lost segments with their options
   * @param tunnel the tunnel that explains the size, if one is seen
   * @param clampedAlone the MSS to which only the handshake of the data's own direction is clamped,
   *     which limits the other direction; empty where both are, or none
   */
  record Blackhole(
      Leg across,
      int smallestLostBytes,
      int largestCrossedBytes,
      boolean crossedAfterwards,
      boolean contentCrossed,
      int tcpIpBytes,
      int headerBytes,
      Optional<SeenTunnel.Explained> tunnel,
      OptionalInt clampedAlone)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "black hole %s: segments of %d bytes and more are lost each time, %s, and no ICMP"
              + " reaches the sender",
          across.between(),
          smallestLostBytes,
          largestCrossedBytes > 0
              ? "those of up to " + largestCrossedBytes + " cross"
              : "those without data cross");
    }

    @Override
    public String headline() {
      return String.format(
          "%s %s %s: no segment of %d bytes or more crosses, and no ICMP comes back, so the path MTU"
              + " is below %d",
          Words.transfers(across.direction()),
          contentCrossed ? "slow down" : "stall",
          across.between(),
          smallestLostBytes,
          smallestLostBytes + headerBytes);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("smallest_lost_segment_bytes", smallestLostBytes)
          .and("largest_crossed_segment_bytes", largestCrossedBytes)
          .and("smaller_crossed_afterwards", crossedAfterwards)
          .and("path_mtu_below_bytes", smallestLostBytes + headerBytes)
          .and("tunnel_overhead_bytes", overheadBytes());
    }

    private OptionalInt overheadBytes() {
      return tunnel.map(seen -> OptionalInt.of(seen.overheadBytes())).orElse(OptionalInt.empty());
    }

    @Override
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "a link with a smaller MTU whose ICMP is filtered or never sent",
              supporting(),
              against(),
              "RFC 2923, section 2.1"));
    }

    private List<String> supporting() {
      List<String> supporting = new ArrayList<>();
      supporting.add(
          "size decides: nothing of "
              + smallestLostBytes
              + " bytes or more crosses, "
              + (largestCrossedBytes > 0
                  ? "segments of up to " + largestCrossedBytes + " do"
                  : "segments without data do"));
      tunnel.ifPresent(
          seen ->
              supporting.add(
                  String.format(
                      "%s, and packets of %d bytes are lost%s",
                      seen.sum(),
                      smallestLostBytes + headerBytes,
                      largestCrossedBytes > 0
                          ? ", those of " + (largestCrossedBytes + headerBytes) + " cross"
                          : "")));
      if (contentCrossed) {
        supporting.add("bytes that were lost cross in smaller segments: their content passes");
      }
      return supporting;
    }

    private List<String> against() {
      List<String> against = new ArrayList<>();
      if (!contentCrossed) {
        against.add(
            "the lost bytes never cross in smaller segments: a device that drops by content would"
                + " look the same");
      }
      if (!crossedAfterwards) {
        against.add(
            "nothing of this connection crossed after its first loss: an outage that began just"
                + " then would look the same");
      }
      return against;
    }

    @Override
    public String nextStep() {
      if (tunnel.isPresent()) {
        SeenTunnel.Explained seen = tunnel.get();
        return String.format(
            "clamp the MSS to %d %s (%s; less %d for the headers), or raise the MTU of the links"
                + " below the tunnel to %d; let ICMP pass",
            seen.mtuBytes() - tcpIpBytes,
            across.between(),
            seen.sum(),
            tcpIpBytes,
            ETHERNET_MTU_BYTES + seen.overheadBytes());
      }
      if (clampedAlone.isPresent() && isBelowLost(clampedAlone.getAsInt())) {
        boolean isUpload = across.direction() == Direction.C2S;
        return String.format(
            "clamp the MSS of %s to %d too: the device %s clamps that of %s only, and what the %s"
                + " sends is limited by the other one; or let ICMP \"too big\" messages pass",
            isUpload ? "SYN/ACKs" : "SYNs",
            clampedAlone.getAsInt(),
            across.between(),
            isUpload ? "SYNs" : "SYN/ACKs",
            Words.sender(across.direction()));
      }
      return String.format(
          "let ICMP \"too big\" messages pass, or clamp the MSS to %d %s for now (packets of %d bytes"
              + " never cross%s); %s to find the path MTU; if the path cannot"
              + " be changed, turn on packetisation layer PMTUD (RFC 4821) on the sender",
          safeMssBytes(),
          across.between(),
          smallestLostBytes + headerBytes,
          largestCrossedBytes > 0
              ? ", the largest that does has " + (largestCrossedBytes + headerBytes)
              : "",
          Words.PROBE);
    }

    /** Whether packets of an MSS are smaller than those that are lost. */
    private boolean isBelowLost(int mssBytes) {
      return mssBytes + tcpIpBytes < smallestLostBytes + headerBytes;
    }

    /** The MSS of what crossed; where that was small, one that nearly every path carries. */
    private int safeMssBytes() {
      int crossed = largestCrossedBytes + headerBytes;
      int safe = smallestLostBytes + headerBytes > COMMON_BYTES ? COMMON_BYTES : IPV4_BYTES;
      return Math.max(crossed, safe) - tcpIpBytes;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (Passage passage : evidence.passages()) {
      evidence
          .blackHole(passage.pair(), passage.direction())
          .ifPresent(sizes -> report(evidence, passage, sizes, findings));
    }
  }

  private static void report(
      Evidence evidence, Passage passage, SizeLimit sizes, Findings findings) {
    IpFamily family = IpFamily.of(passage.pair().near(passage.direction()).isIpv6());
    int headerBytes = family.tcpIpBytes() + sizes.optionBytes();
    Optional<SeenTunnel.Explained> tunnel =
        evidence
            .seenTunnel(passage.pair())
            .flatMap(
                seen ->
                    seen.explains(
                        sizes.largestCrossedBytes() + headerBytes,
                        sizes.smallestLostBytes() + headerBytes));
    findings.add(
        new Blackhole(
            passage.leg(),
            sizes.smallestLostBytes(),
            sizes.largestCrossedBytes(),
            sizes.crossedAfterwards(),
            sizes.contentCrossed(),
            family.tcpIpBytes(),
            headerBytes,
            tunnel,
            MssOneDirection.clampedAlone(passage.pair(), passage.direction())),
        passage
            .occurrence()
            .at(passage.nearPoint(), sizes.firstLostFrame())
            .at(passage.nearPoint(), sizes.lastLostFrame())
            .with(Facts.of("lost_transmissions", sizes.lostAbove())));
  }
}
