package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.WrongHeaderSums;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;

/** IPv4 header checksums that are right at the near point and wrong at the far point. */
final class WrongHeaders {
  private WrongHeaders() {}

  /**
   * The wrong header checksums of a leg.
   *
   * @param packets their number
   * @param right packets of the same connections whose header checksum is right at the far point
   */
  record Wrong(Leg across, int packets, int right) implements Finding {
    @Override
    public Kind kind() {
      return ChecksumWrong.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s %s a wrong IPv4 header checksum at %s and a correct one at %s: the next router"
              + " or the receiver must drop %s",
          Words.count(packets, "packet"),
          Words.way(across.direction()),
          packets == 1 ? "has" : "have",
          across.far(),
          across.near(),
          packets == 1 ? "it" : "them");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("wrong_ip_headers", packets).and("right_ip_headers_at_far", right);
    }

    @Override
    public List<Cause> causes() {
      return List.of(
          new Cause(
              "a device that changes the IPv4 header and does not update its checksum",
              right == 0
                  ? List.of("no packet of these connections has a right one at " + across.far())
                  : List.of(),
              right == 0
                  ? List.of()
                  : List.of(
                      String.format(
                          "%s of the same connections %s a right one at %s",
                          Words.count(right, "packet"), right == 1 ? "has" : "have", across.far())),
              "RFC 791, section 3.1 (header checksum); RFC 1812, section 5.2.2"));
    }

    @Override
    public String nextStep() {
      return "find the last device "
          + across.between()
          + " that changes these packets (TTL, DSCP, NAT) and update it or turn off its hardware"
          + " offload: each router before it would have dropped them; nstat (IpInHdrErrors) on the"
          + " receiver counts what it drops";
    }
  }

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int right;
    int accepted;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<Leg, Tally> tallies = new LinkedHashMap<>();
    for (Passage passage : evidence.passages()) {
      WrongHeaderSums found = evidence.wrongHeaderSums(passage.pair(), passage.direction());
      if (found.accepted() > 0 || !found.wrong().isEmpty()) {
        Tally tally = tallies.computeIfAbsent(passage.leg(), leg -> new Tally());
        tally.accepted += found.accepted();
        tally.right += found.wrong().isEmpty() ? 0 : found.right();
        for (WrongHeaderSums.Wrong one : found.wrong()) {
          tally.occurrences.add(
              passage
                  .occurrence(one.nearRow(), one.farRow())
                  .saying("the packet at " + passage.farPoint() + " has a wrong header checksum"));
        }
      }
    }
    tallies.forEach((leg, tally) -> report(leg, tally, findings));
  }

  private static void report(Leg leg, Tally tally, Findings findings) {
    if (!tally.occurrences.isEmpty()) {
      findings.add(new Wrong(leg, tally.occurrences.size(), tally.right), tally.occurrences);
    }
    if (tally.accepted > 0) {
      findings.checked(
          List.of(ChecksumWrong.KIND),
          "wrong IPv4 header checksums",
          String.format(
              "no wrong IPv4 header checksum %s in %s: those at %s are wrong, but the receiver"
                  + " acknowledges them, so its network card or driver changed them (offload)",
              Words.way(leg.direction()), Words.count(tally.accepted, "packet"), leg.far()));
    }
  }
}
