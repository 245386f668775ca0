package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.alignment.PairedConnection;
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
import org.mssbridge.flow.Flow;

/**
 * Segments without data that did not arrive and that nobody missed: a later ACK says what a lost
 * one said (RFC 9293, section 3.4).
 */
final class UnmissedControl {
  /** Fewer are in the findings of {@link PathLostControl} and in what was checked only. */
  private static final int LEAST = 10;

  private static final int LEAST_PERCENT = 5;

  /** So many data segments of the same direction show whether losses hit any packet. */
  private static final int MANY_DATA_SEGMENTS = 20;

  /** The connections of which these are reported. */
  private final Set<Integer> connections;

  private final Sum sum;
  private final boolean isOfAll;

  private UnmissedControl(List<Passage> passages, Sum sum, boolean isOfAll) {
    this.connections =
        passages.stream().map(passage -> passage.pair().id()).collect(Collectors.toSet());
    this.sum = sum;
    this.isOfAll = isOfAll;
  }

  /**
   * Those of a leg.
   *
   * @param connections of how many that lack many the numbers are; 0 if they are of all
   * @param compared segments without data that arrived, or whose arrival the far capture would show
   * @param data data segments of this direction
   * @param dataLost how many of them were lost
   * @param dropped packets that the far capture dropped itself, by its own statistics
   */
  record Unmissed(
      Leg across,
      Map<LostControl.Kind, Integer> kinds,
      int connections,
      long compared,
      long data,
      long dataLost,
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
          "%s sent %s did not reach %s, of %s without data%s%s; later ones cover them, and no harm"
              + " followed",
          PathLostControl.list(kinds),
          Words.way(across),
          across.far(),
          Words.count(compared, "segment"),
          connections == 0 ? "" : " of the same connection" + (connections == 1 ? "" : "s"),
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

  /**
   * Those of a leg where they are many of all that was sent; else those of connections that lack
   * many of their own; else none.
   */
  static UnmissedControl of(Evidence evidence, List<Passage> passages) {
    Sum all = sum(evidence, passages);
    if (all.areMany()) {
      return new UnmissedControl(passages, all, true);
    }
    List<Passage> lacking =
        passages.stream().filter(one -> areMany(evidence.lostControl(one))).toList();
    Sum some = sum(evidence, lacking);
    return new UnmissedControl(some.areMany() ? lacking : List.of(), some, false);
  }

  private static Sum sum(Evidence evidence, List<Passage> passages) {
    Sum sum = new Sum(evidence);
    passages.forEach(sum::add);
    return sum;
  }

  /** Whether those of a connection are reported. */
  boolean has(PairedConnection pair) {
    return connections.contains(pair.id());
  }

  void report(Leg leg, Findings findings) {
    if (!connections.isEmpty()) {
      sum.report(leg, isOfAll, findings);
    }
  }

  private static boolean areMany(LostControl lost) {
    return areMany(lost.unmissedFrames().size(), lost.compared());
  }

  private static boolean areMany(long total, long compared) {
    return total >= LEAST && 100 * total >= LEAST_PERCENT * compared;
  }

  /** Those of some passages of a leg, and what else these sent. */
  private static final class Sum {
    private final Evidence evidence;
    private final Map<LostControl.Kind, Integer> kinds = new EnumMap<>(LostControl.Kind.class);
    private final List<Occurrence> occurrences = new ArrayList<>();
    private long total;
    private long compared;
    private long data;
    private long dataLost;
    private long dropped;

    Sum(Evidence evidence) {
      this.evidence = evidence;
    }

    void add(Passage passage) {
      LostControl lost = evidence.lostControl(passage);
      data += passage.alignment().near().size();
      dataLost += passage.alignment().lost().segments();
      dropped =
          passage.pair().farCapture(passage.direction()).coverage().droppedPackets().orElse(0);
      if (lost.unmissed().isEmpty()) {
        compared += Math.min(withoutData(passage.near()), withoutData(passage.far()));
        return;
      }
      lost.unmissed().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
      total += lost.unmissedFrames().size();
      compared += lost.compared();
      occurrences.add(occurrence(passage, lost));
    }

    private static int withoutData(Flow flow) {
      return flow.segments() - flow.dataSegments();
    }

    boolean areMany() {
      return UnmissedControl.areMany(total, compared);
    }

    void report(Leg leg, boolean isOfAll, Findings findings) {
      int connections = isOfAll ? 0 : occurrences.size();
      findings.add(
          new Unmissed(leg, kinds, connections, compared, data, dataLost, dropped), occurrences);
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
