package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;

/**
 * Each leg in both directions over time: delay, jitter, loss, retransmission, throughput and data
 * in flight, for all connections together and for those with most segments. However many packets
 * there are, it is not larger than its limits.
 *
 * @param legs all connections together, for each leg and direction on the same intervals; then for
 *     each of the largest connections the same of its own, by number
 * @param leftOut how many connections that cross a leg have none of their own
 */
public record OverTime(List<LegOverTime> legs, int leftOut) {
  private static final int MOST_INTERVALS = 200;
  private static final int MOST_CONNECTION_INTERVALS = 100;
  private static final int MOST_CONNECTIONS = 24;

  public OverTime {
    legs = List.copyOf(legs);
  }

  /**
   * All of a comparison; nothing of connections that a proxy ends, and of packets without times.
   */
  static OverTime of(Evidence evidence) {
    return new Collection(evidence).collect();
  }

  /** The sums of a leg and what they are of. */
  private record Summed(LegSums sums, List<Passage> passages) {
    Summed(Intervals intervals) {
      this(new LegSums(intervals), new ArrayList<>());
    }
  }

  private static final class Collection {
    private final Evidence evidence;
    private final Comparison comparison;
    private final Map<Leg, List<Passage>> timed = new LinkedHashMap<>();
    private final Map<Integer, Intervals> ownIntervals = new HashMap<>();
    private final Map<Leg, LegOverTime.ClockKnowledge> clocks = new HashMap<>();
    private int leftOut;

    Collection(Evidence evidence) {
      this.evidence = evidence;
      this.comparison = evidence.comparison();
      evidence
          .passagesByLeg()
          .forEach(
              (leg, passages) -> {
                List<Passage> some =
                    passages.stream().filter(passage -> passage.pair().isTimed()).toList();
                if (!some.isEmpty()) {
                  timed.put(leg, some);
                  clocks.put(leg, clock(leg));
                }
              });
    }

    OverTime collect() {
      Map<Integer, PassageOverTime.Extent> extents = new HashMap<>();
      all()
          .forEach(
              passage ->
                  PassageOverTime.Extent.of(comparison, passage)
                      .ifPresent(
                          extent ->
                              extents.merge(
                                  passage.pair().id(), extent, PassageOverTime.Extent::and)));
      Optional<PassageOverTime.Extent> whole =
          extents.values().stream().reduce(PassageOverTime.Extent::and);
      if (whole.isEmpty()) {
        return new OverTime(List.of(), 0);
      }
      chooseConnections(extents);
      Intervals intervals =
          Intervals.aligned(whole.get().fromNanos(), whole.get().untilNanos(), MOST_INTERVALS);
      List<LegOverTime> together = new ArrayList<>();
      List<LegOverTime> own = new ArrayList<>();
      timed.forEach(
          (leg, passages) -> {
            Summed sum = new Summed(intervals);
            for (Passage passage : passages) {
              add(leg, passage, sum).ifPresent(own::add);
            }
            together.add(finished(leg, OptionalInt.empty(), sum));
          });
      own.sort(Comparator.comparingInt(series -> series.connection().orElse(-1)));
      together.addAll(own);
      return new OverTime(together, leftOut);
    }

    private Stream<Passage> all() {
      return timed.values().stream().flatMap(List::stream);
    }

    /** Chooses the largest ones; their times begin with their first segment, as in the ladder. */
    private void chooseConnections(Map<Integer, PassageOverTime.Extent> extents) {
      comparison.connections().stream()
          .filter(traced -> extents.containsKey(traced.id()))
          .sorted(
              Comparator.comparingInt(Collection::segments)
                  .reversed()
                  .thenComparingInt(TracedConnection::id))
          .limit(MOST_CONNECTIONS)
          .forEach(
              traced -> {
                PassageOverTime.Extent extent = extents.get(traced.id());
                ownIntervals.put(
                    traced.id(),
                    Intervals.from(
                        extent.fromNanos(), extent.untilNanos(), MOST_CONNECTION_INTERVALS));
              });
      leftOut = extents.size() - ownIntervals.size();
    }

    private static int segments(TracedConnection traced) {
      return traced.at().points().stream()
          .mapToInt(point -> traced.at().at(point).orElseThrow().segments())
          .sum();
    }

    private Optional<LegOverTime> add(Leg leg, Passage passage, Summed together) {
      boolean areClocksKnown = clocks.get(leg).uncertaintyNanos().isPresent();
      together.passages().add(passage);
      Intervals intervals = ownIntervals.get(passage.pair().id());
      if (intervals == null) {
        PassageOverTime.add(comparison, passage, areClocksKnown, List.of(together.sums()));
        return Optional.empty();
      }
      Summed own = new Summed(intervals);
      own.passages().add(passage);
      PassageOverTime.add(
          comparison, passage, areClocksKnown, List.of(together.sums(), own.sums()));
      return Optional.of(finished(leg, OptionalInt.of(passage.pair().id()), own));
    }

    private LegOverTime finished(Leg leg, OptionalInt connection, Summed sum) {
      Intervals intervals = sum.sums().intervals();
      return new LegOverTime(
          leg,
          connection,
          sum.passages().size(),
          intervals,
          reached(leg.near(), intervals),
          isPlaced(leg.far()) && isPlaced(leg.near())
              ? reached(leg.far(), intervals)
              : Optional.empty(),
          clocks.get(leg),
          mss(sum.passages()),
          sum.sums().active(clocks.get(leg).leastDelayNanos()));
    }

    private static OptionalInt mss(List<Passage> passages) {
      TreeSet<Integer> values = new TreeSet<>();
      for (Passage passage : passages) {
        values.add(
            passage.pair().near(passage.direction()).mssLimit(passage.direction()).orElse(-1));
      }
      return values.size() == 1 && values.first() > 0
          ? OptionalInt.of(values.first())
          : OptionalInt.empty();
    }

    private Clock clockOf(CapturePoint point) {
      return comparison.clocks().at(point).orElse(Clock.identity());
    }

    /** Whether anything shows when times of a point were on the reference clock. */
    private boolean isPlaced(CapturePoint point) {
      Clock clock = clockOf(point);
      return clock.lowSeconds().isPresent() || clock.highSeconds().isPresent();
    }

    private Optional<LegOverTime.Reached> reached(CapturePoint point, Intervals intervals) {
      PointCapture capture = comparison.capture(point);
      Coverage coverage = capture.coverage();
      long from = clockOf(point).referenceNanos(coverage.fromNanos());
      long until = clockOf(point).referenceNanos(coverage.untilNanos());
      long end = intervals.fromNanos() + intervals.widthNanos() * intervals.count();
      return until < intervals.fromNanos() || from >= end
          ? Optional.empty()
          : Optional.of(
              new LegOverTime.Reached(
                  intervals.index(from), Math.max(intervals.index(from), intervals.index(until))));
    }

    private LegOverTime.ClockKnowledge clock(Leg leg) {
      OptionalDouble uncertainty = ClockUncertainty.nanos(evidence, leg);
      return uncertainty.isPresent()
          ? new LegOverTime.ClockKnowledge(
              OptionalLong.of(Math.round(uncertainty.getAsDouble())), "")
          : new LegOverTime.ClockKnowledge(OptionalLong.empty(), whyUnknown(leg));
    }

    private String whyUnknown(Leg leg) {
      if (!clockOf(leg.near()).consistent() || !clockOf(leg.far()).consistent()) {
        return "the clocks shift against each other, so no offset fits the segments of both"
            + " directions";
      }
      if (!clockOf(leg.near()).even() || !clockOf(leg.far()).even()) {
        return "the delays of the two directions change, but not together, so the clocks may shift"
            + " against each other";
      }
      return isPlaced(leg.near()) && isPlaced(leg.far())
          ? "segments of one direction only show how the clocks differ"
          : "no segment shows how the clocks differ";
    }
  }
}
