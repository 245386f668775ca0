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

  record Blackhole(
      Leg across,
      int smallestLostBytes,
      int largestCrossedBytes,
      boolean crossedAfterwards,
      boolean contentCrossed,
      int headerBytes,
      String tunnel,
      OptionalInt tunnelBytes)
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
          .and("path_mtu_below_bytes", smallestLostBytes + headerBytes);
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
      if (tunnelBytes.isPresent()) {
        supporting.add(
            String.format(
                "packets are in %s, which makes one of %d bytes %d bytes long",
                tunnel,
                smallestLostBytes + headerBytes,
                smallestLostBytes + headerBytes + tunnelBytes.getAsInt()));
      }
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
      return "let ICMP \"too big\" messages pass, or clamp the MSS below "
          + smallestLostBytes
          + " "
          + across.between()
          + "; ping with DF and falling sizes to find the exact MTU; if the path cannot be changed,"
          + " turn on packetisation layer PMTUD (RFC 4821) on the sender";
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
    Optional<SeenTunnel> tunnel = evidence.seenTunnel(passage.pair());
    findings.add(
        new Blackhole(
            passage.leg(),
            sizes.smallestLostBytes(),
            sizes.largestCrossedBytes(),
            sizes.crossedAfterwards(),
            sizes.contentCrossed(),
            family.tcpIpBytes() + sizes.optionBytes(),
            tunnel.map(seen -> seen.name() + " at " + seen.point()).orElse(""),
            tunnel.map(SeenTunnel::overheadBytes).orElse(OptionalInt.empty())),
        passage
            .occurrence()
            .at(passage.nearPoint(), sizes.firstLostFrame())
            .at(passage.nearPoint(), sizes.lastLostFrame())
            .with(Facts.of("lost_transmissions", sizes.lostAbove())));
  }
}
