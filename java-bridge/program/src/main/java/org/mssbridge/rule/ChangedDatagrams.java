package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.DsField;

/** What devices change in packets of other protocols than TCP: the DSCP, DF, and the content. */
final class ChangedDatagrams {
  private ChangedDatagrams() {}

  /** The DSCP of packets (RFC 2475, section 2.3.2). */
  record Remarked(FlowLegs.Key across, int nearDscp, int farDscp, int packets, long compared)
      implements Finding {
    @Override
    public Kind kind() {
      return DscpChanged.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "DSCP %s of %s became %s %s",
          DsField.dscpName(nearDscp),
          packets == compared
              ? across.packet() + "s"
              : Words.part(packets, compared, across.packet()),
          DsField.dscpName(farDscp),
          across.leg().between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("near_dscp", nearDscp)
          .and("far_dscp", farDscp)
          .and("packets", packets)
          .and("compared", compared);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(new Change("DSCP", DsField.dscpName(nearDscp), DsField.dscpName(farDscp)));
    }

    @Override
    public String nextStep() {
      return DscpChanged.nextStep(across.leg());
    }
  }

  /** The DF flag of IPv4 packets. */
  record DfChanged(FlowLegs.Key across, boolean isCleared, int packets, long compared)
      implements Finding {
    @Override
    public Kind kind() {
      return DfCleared.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "DF is %s %s in %s sent %s",
          isCleared ? "cleared" : "set",
          across.leg().between(),
          Words.part(packets, compared, "compared " + across.packet()),
          Words.way(across.leg()));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
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
      return DfCleared.nextStep(across.leg(), isCleared);
    }
  }

  /** Contents that are others at the far point. */
  record Modified(FlowLegs.Key across) implements Finding {
    @Override
    public Kind kind() {
      return PayloadModified.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the content of %s sent %s is changed %s",
          across.packet() + "s", Words.way(across.leg()), across.leg().between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across.facts();
    }

    @Override
    public String nextStep() {
      return "compare the content of these frames; look for an application level gateway, a content"
          + " filter or an injector "
          + across.leg().between()
          + ", and for memory faults where single bits differ";
    }
  }

  /** RFC 2474, section 3: 6 bits. */
  private static final int DSCPS = 64;

  /** The first packets of a change, one of each flow, and the number of all. */
  private static final class Seen {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private FlowPassage last;
    private int packets;

    void add(FlowPassage passage, int nearRow, int farRow, String what) {
      packets++;
      if (passage != last) {
        occurrences.add(FlowLegs.crossed(passage, nearRow, farRow, what));
        last = passage;
      }
    }
  }

  /** The DSCP of packets at both points of a leg. */
  private record Marks(int near, int far) {}

  static void checkDscp(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence)
        .forEach(
            (key, passages) -> {
              Map<Marks, Seen> changes = new LinkedHashMap<>();
              long[] compared = new long[DSCPS];
              for (FlowPassage passage : passages) {
                passage.forEachCrossing(
                    (near, far, isCertain) -> {
                      int before = DsField.dscp(passage.near().dsField(near));
                      int after = DsField.dscp(passage.far().dsField(far));
                      compared[before] += isCertain ? 1 : 0;
                      if (before != after && isCertain) {
                        changes
                            .computeIfAbsent(new Marks(before, after), k -> new Seen())
                            .add(passage, near, far, "the DSCP differs");
                      }
                    });
              }
              changes.forEach(
                  (marks, seen) ->
                      findings.add(
                          new Remarked(
                              key, marks.near(), marks.far(), seen.packets, compared[marks.near()]),
                          seen.occurrences));
            });
  }

  static void checkDf(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence)
        .forEach(
            (key, passages) -> {
              Seen cleared = new Seen();
              Seen set = new Seen();
              long compared = 0;
              for (FlowPassage passage : passages) {
                compared += passage.arrived();
                passage.forEachCrossing(
                    (near, far, isCertain) -> {
                      boolean before = passage.near().dontFragment(near);
                      boolean after = passage.far().dontFragment(far);
                      boolean isIpv4 = !passage.near().isIpv6(near) && !passage.far().isIpv6(far);
                      if (before != after && isCertain && isIpv4) {
                        String what = before ? "DF is cleared" : "DF is set";
                        (before ? cleared : set).add(passage, near, far, what);
                      }
                    });
              }
              addDf(key, true, cleared, compared, findings);
              addDf(key, false, set, compared, findings);
            });
  }

  private static void addDf(
      FlowLegs.Key key, boolean isCleared, Seen seen, long compared, Findings findings) {
    if (seen.packets > 0) {
      findings.add(new DfChanged(key, isCleared, seen.packets, compared), seen.occurrences);
    }
  }

  static void checkContent(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence)
        .forEach(
            (key, passages) -> {
              for (FlowPassage passage : passages) {
                for (FlowPassage.Modified changed : passage.modified()) {
                  String what =
                      Words.count(passage.near().contentBytes(changed.nearRow()), "byte")
                          + " with the same IP ID, but other content";
                  findings.add(
                      new Modified(key),
                      FlowLegs.crossed(passage, changed.nearRow(), changed.farRow(), what));
                }
              }
            });
  }
}
