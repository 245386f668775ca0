package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Crossings;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** The DF flag of IPv4 packets, cleared or set between the points. */
final class DfCleared implements Rule {
  static final Kind KIND =
      new Kind(
          "df.cleared",
          Severity.NOTE,
          Group.PROTOCOL,
          "the DF flag is cleared or set between the points");

  /**
   * A changed DF flag.
   *
   * @param isCleared whether it is cleared; otherwise it is set
   * @param packets how many packets have this change
   * @param compared how many packets of these connections were compared
   */
  record Changed(Leg across, boolean isCleared, int packets, int compared) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "DF is %s %s in %d of %s sent %s",
          isCleared ? "cleared" : "set",
          across.between(),
          packets,
          Words.count(compared, "compared packet"),
          Words.way(across));
    }

    @Override
    public Optional<String> messageBothWays(Finding back) {
      return back instanceof Changed other && isCleared == other.isCleared
          ? Optional.of(
              String.format(
                  "%s and in %d of %d sent %s",
                  message(), other.packets, other.compared, Words.way(other.across)))
          : Optional.empty();
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("near_df", isCleared)
          .and("far_df", !isCleared)
          .and("packets", packets)
          .and("compared_packets", compared);
    }

    @Override
    public String nextStep() {
      return DfCleared.nextStep(across, isCleared);
    }
  }

  static String nextStep(Leg across, boolean isCleared) {
    return isCleared
        ? "look for a device "
            + across.between()
            + " that clears DF: packets above the MTU of a later link are fragmented, and the "
            + Words.sender(across.direction())
            + " does not learn the path MTU"
        : "look for a device "
            + across.between()
            + " that sets DF: packets above the MTU of a later link are dropped, and the "
            + Words.sender(across.direction())
            + " may not expect the ICMP message about it";
  }

  /** The packets of one passage with the change. */
  private static final class Count implements Crossings.Visitor {
    private final SegmentTable near;
    private final SegmentTable far;
    private final boolean isCleared;
    private int compared;
    private int changed;
    private int sameId;
    private int firstNearRow;
    private int firstFarRow;

    Count(Passage passage, boolean isCleared) {
      near = passage.near().table();
      far = passage.far().table();
      this.isCleared = isCleared;
    }

    @Override
    public void visit(int nearRow, int farRow, boolean handshake) {
      compared++;
      if (near.dontFragment(nearRow) == isCleared && far.dontFragment(farRow) != isCleared) {
        if (changed++ == 0) {
          firstNearRow = nearRow;
          firstFarRow = farRow;
        }
        sameId += near.ipId(nearRow) > 0 && near.ipId(nearRow) == far.ipId(farRow) ? 1 : 0;
      }
    }

    /**
     * Whether it is certain: a sender may repeat what was lost with another flag, and the
     * repetition may be taken for the original.
     */
    boolean isCertain() {
      return sameId > 0 || 2 * changed > compared;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              check(leg, true, passages, findings);
              check(leg, false, passages, findings);
            });
    ChangedDatagrams.checkDf(evidence, findings);
  }

  private static void check(Leg leg, boolean isCleared, List<Passage> passages, Findings findings) {
    int packets = 0;
    int compared = 0;
    List<Occurrence> occurrences = new ArrayList<>();
    for (Passage passage : passages) {
      if (!passage.isDfChanged() || isIpv6(passage)) {
        continue;
      }
      Count count = new Count(passage, isCleared);
      Crossings.of(passage.pair(), passage.direction(), count);
      if (count.changed > 0 && count.isCertain()) {
        packets += count.changed;
        compared += count.compared;
        occurrences.add(
            passage
                .occurrence(count.firstNearRow, count.firstFarRow)
                .with(Facts.of("segments", count.changed)));
      }
    }
    findings.add(new Changed(leg, isCleared, packets, compared), occurrences);
  }

  /** IPv6 has no DF flag, and what a translator makes of its absence is no change of a flag. */
  private static boolean isIpv6(Passage passage) {
    return passage.pair().near(passage.direction()).isIpv6()
        || passage.pair().far(passage.direction()).isIpv6();
  }
}
