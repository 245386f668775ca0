package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;

/** Packets of other protocols than TCP that passed the near point once and the far one again. */
final class DuplicatedDatagrams {
  private DuplicatedDatagrams() {}

  record Duplicated(FlowLegs.Key across, int packets, long arrived) implements Finding {
    @Override
    public Kind kind() {
      return PathDuplicated.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s that arrive %s %s, made %s",
          Words.part(packets, arrived, across.packet()),
          Words.way(across.leg()),
          packets == 1 ? "is a second copy" : "are second copies",
          across.leg().between());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across.facts().and("duplicated_packets", packets).and("arrived_packets", arrived);
    }

    @Override
    public String nextStep() {
      return PathDuplicated.nextStep(across.leg());
    }
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence).forEach((key, passages) -> check(key, passages, findings));
  }

  private static void check(FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    for (FlowPassage passage : passages) {
      int[] copies = passage.duplicated();
      arrived += passage.arrived() + copies.length;
      for (int row : copies) {
        String what = "a second copy of a packet that passed " + passage.nearPoint() + " once";
        occurrences.add(FlowLegs.arrived(passage, row, what));
      }
    }
    if (!occurrences.isEmpty()) {
      findings.add(new Duplicated(key, occurrences.size(), arrived), occurrences);
    }
  }
}
