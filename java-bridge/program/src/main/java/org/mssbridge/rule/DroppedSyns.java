package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LostSyns;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Leg;

/** A device that drops SYNs for what they have, in words. */
record DroppedSyns(LostSyns.Common common, Leg leg) {
  /** What drops the SYNs that are lost on a leg; empty where they have nothing in common. */
  static Optional<DroppedSyns> on(Leg leg, Evidence evidence) {
    return evidence.lostSyns().on(leg).map(common -> new DroppedSyns(common, leg));
  }

  /** Facts with what the lost SYNs have, if that is known. */
  static Facts addTo(Facts facts, Optional<DroppedSyns> dropped) {
    return dropped
        .map(one -> facts.and("dropped_syns_have", one.common().mark().label()))
        .orElse(facts);
  }

  /** Whether it is likely: some SYNs that arrive have the client or the service of a lost one. */
  boolean isLikely() {
    return common.isSameService() || common.isSameClient();
  }

  /** What speaks for such a device, and against loss by chance. */
  String pattern() {
    return String.format(
        "all %d lost SYNs have %s, and none of the %d that arrive",
        common.lost(), common.mark().text(), common.arrived());
  }

  Cause cause() {
    List<String> supporting = new ArrayList<>(List.of(pattern()));
    List<String> against = new ArrayList<>();
    if (common.repaired() > 0) {
      supporting.add(
          "on "
              + Words.count(common.repaired(), "connection")
              + " the SYN that is sent again without it arrives");
    }
    if (!common.isSameService()) {
      against.add("no SYN without it to the same server and port arrives");
    }
    if (!common.isSameClient()) {
      against.add("no SYN without it of the same client arrives");
    }
    if (!common.isMeanwhile()) {
      against.add("no SYN without it arrives between the first and the last lost one");
    }
    return new Cause(
        "a device that drops SYNs with " + common.mark().text(),
        supporting,
        against,
        common.mark().source());
  }

  String nextStep() {
    return String.format(
        "let the firewall %s pass SYNs with %s, or turn %s off on the client (Linux: sysctl %s)",
        leg.between(), common.mark().text(), common.mark().feature(), common.mark().setting());
  }
}
