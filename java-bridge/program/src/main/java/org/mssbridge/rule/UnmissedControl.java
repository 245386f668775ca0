package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;

/**
 * Segments without data that did not arrive and that nobody missed: a later ACK says what a lost
 * one said (RFC 9293, section 3.4).
 */
final class UnmissedControl {
  /** Fewer are in the occurrences of {@link PathLostControl} and in what was checked only. */
  private static final int LEAST = 10;

  private static final int LEAST_PERCENT = 5;

  /** So many data segments of the same direction show whether losses hit any packet. */
  private static final int MANY_DATA_SEGMENTS = 20;

  private UnmissedControl() {}

  /**
   * Those of a leg.
   *
   * @param compared segments without data that arrived, or whose arrival the far capture would show
   * @param data data segments of this direction
   * @param dataLost how many of them were lost
   * @param dropped packets that the far capture dropped itself, by its own statistics
   */
  record Unmissed(
      Leg across,
      Map<LostControl.Kind, Integer> kinds,
      int compared,
      int data,
      int dataLost,
      long dropped)
      implements Finding {
    @Override
    public Kind kind() {
      return PathLostControl.KIND;
    }

    private int total() {
      return kinds.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s did not reach %s, of %s without data%s; later ones cover them, and no harm"
              + " followed",
          PathLostControl.list(kinds),
          Words.way(across),
          across.far(),
          Words.count(compared, "segment"),
          Words.percent(total(), compared));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("without_consequence", total())
          .and("compared_segments", compared)
          .and("data_segments", data)
          .and("lost_data_segments", dataLost);
    }

    @Override
    public List<Cause> causes() {
      boolean dataArrives = dataLost == 0 && data >= MANY_DATA_SEGMENTS;
      List<String> arrived =
          dataArrives
              ? List.of("all " + data + " data segments of this direction arrive")
              : List.of();
      Cause filter =
          new Cause(
              "a device or modem that leaves out ACKs which later ones replace",
              arrived,
              List.of(),
              "RFC 3449, section 5.2");
      Cause loss =
          new Cause(
              "loss that hits any packet",
              dataLost == 0
                  ? List.of()
                  : List.of(Words.count(dataLost, "data segment") + " of this direction lost"),
              arrived,
              "by deduction from what both captures hold");
      Cause capture =
          new Cause(
              "the capture at " + across.far() + " missed them",
              dropped == 0
                  ? List.of()
                  : List.of("it reports that it dropped " + Words.count(dropped, "packet")),
              List.of(),
              "by deduction from what both captures hold");
      return dropped > 0
          ? List.of(capture, filter, loss)
          : dataArrives ? List.of(filter, loss, capture) : List.of(loss, filter, capture);
    }

    @Override
    public String nextStep() {
      return "look for an ACK filter or drops " + across.between() + " if throughput is low";
    }
  }

  /** Reports those of a leg, where they are many. */
  static void report(Evidence evidence, Leg leg, List<Passage> passages, Findings findings) {
    Map<LostControl.Kind, Integer> kinds = new EnumMap<>(LostControl.Kind.class);
    List<Occurrence> occurrences = new ArrayList<>();
    int compared = 0;
    int data = 0;
    int dataLost = 0;
    for (Passage passage : passages) {
      LostControl lost = evidence.lostControl(passage);
      if (!lost.unmissed().isEmpty()) {
        lost.unmissed().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
        compared += lost.compared();
        data += passage.alignment().near().size();
        dataLost += passage.alignment().lost().segments();
        occurrences.add(occurrence(passage, lost));
      }
    }
    int total = kinds.values().stream().mapToInt(Integer::intValue).sum();
    if (total >= LEAST && 100L * total >= (long) LEAST_PERCENT * compared) {
      long dropped =
          passages.get(0).pair().farCapture(leg.direction()).coverage().droppedPackets().orElse(0);
      findings.add(new Unmissed(leg, kinds, compared, data, dataLost, dropped), occurrences);
    }
  }

  private static Occurrence occurrence(Passage passage, LostControl lost) {
    var seen = passage.pair().near(passage.direction());
    return passage
        .occurrence()
        .at(passage.nearPoint(), lost.unmissedFrames())
        .saying(
            String.format(
                "%s to %s: %s of %s without data",
                seen.client(),
                seen.server(),
                PathLostControl.list(lost.unmissed()),
                Words.count(lost.compared(), "segment")))
        .with(Facts.of("lost_segments", lost.unmissedFrames().size()));
  }
}
