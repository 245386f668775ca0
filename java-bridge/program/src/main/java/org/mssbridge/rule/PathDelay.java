package org.mssbridge.rule;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.ClockUncertainty;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.IdentifiedSegments;
import org.mssbridge.evidence.OneWayDelay;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Severity;

/** The one-way delay between two points (RFC 7679), as accurate as the clocks allow. */
final class PathDelay implements Rule {
  static final Kind KIND =
      new Kind(
          "path.delay",
          Severity.COMMENT,
          Group.SEQUENCE,
          "how long segments take between the points");

  /** Queues of less are noise of the hosts. */
  private static final long WORTH_A_WORD_NANOS = 1_000_000L;

  /** So much more than the fastest packets take is felt by people, and hardly ever the path's. */
  private static final long SLOW_NANOS = 100_000_000L;

  /** A change of so much is felt where many round trips follow each other. */
  private static final long LARGE_CHANGE_NANOS = 20_000_000L;

  record Delay(
      Leg across,
      long minNanos,
      long percentile95Nanos,
      long uncertaintyNanos,
      int samples,
      Optional<DelayChange> changed)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "one-way delay %s: %s minimum, %s at the 95th percentile (%s)%s",
          Words.wayBetween(across),
          Spans.text(minNanos),
          Spans.text(percentile95Nanos),
          certainty(uncertaintyNanos),
          changed.map(change -> "; " + change.words()).orElse(""));
    }

    /** The round trip is known where one way is not: the offset of the clocks cancels out. */
    @Override
    public Optional<String> messageBothWays(Finding back) {
      if (!(back instanceof Delay other) || uncertaintyNanos < Math.min(minNanos, other.minNanos)) {
        return Optional.empty();
      }
      return Optional.of(
          roundTrip("", across, minNanos + other.minNanos)
              + variation(across, variationNanos(), other.variationNanos())
              + changes(other));
    }

    private String changes(Delay other) {
      if (changed.isPresent() && changed.get().isRoundTrip()) {
        return "; " + changed.get().words();
      }
      return Stream.of(this, other)
          .filter(delay -> delay.changed.isPresent())
          .map(
              delay ->
                  "; the median %s %s"
                      .formatted(
                          Words.way(delay.across.direction()), delay.changed.get().difference()))
          .collect(Collectors.joining());
    }

    private boolean isSlow() {
      return variationNanos() >= SLOW_NANOS;
    }

    /** Who asks why it is slow has to know of it. */
    @Override
    public Severity standing() {
      return isSlow() || changed.isPresent() ? Severity.NOTE : KIND.severity();
    }

    @Override
    public boolean qualifiesNoProblem() {
      return isSlow() || isChangeLarge();
    }

    private boolean isChangeLarge() {
      return changed.filter(change -> change.sizeNanos() >= LARGE_CHANGE_NANOS).isPresent();
    }

    @Override
    public String headline() {
      if (isSlow()) {
        return String.format(
            "one packet in 20 takes %s longer than the fastest %s, or more",
            Spans.text(variationNanos()), Words.fromTo(across));
      }
      return isChangeLarge() ? changed.get().headline(across) : message();
    }

    /** Of the change only where that is what there is to say. */
    @Override
    public Optional<String> headlineBothWays(Finding back) {
      return changed
          .filter(change -> change.isRoundTrip() && isChangeLarge())
          .filter(change -> !isSlow() && !(back instanceof Delay other && other.isSlow()))
          .map(change -> change.headline(across))
          .or(() -> messageBothWays(back));
    }

    @Override
    public String nextStep() {
      return isSlow()
          ? "look for full queues " + across.between() + " at that load"
          : changed.isPresent()
              ? (changed.get().hops().isPresent()
                      ? "look which route changed %s at that time, and why: routing tables, links that"
                          + " went down, a failover"
                      : "look what changed %s at that time: a route, a link, a tunnel")
                  .formatted(across.between())
              : "";
    }

    private long variationNanos() {
      return percentile95Nanos - minNanos;
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      Facts facts =
          PathDelay.facts(across.facts(), minNanos, percentile95Nanos, uncertaintyNanos, samples);
      return changed.map(change -> change.addTo(facts)).orElse(facts);
    }
  }

  /** How well a delay is known. */
  static String certainty(long uncertaintyNanos) {
    return uncertaintyNanos == 0
        ? "both points were captured on one clock"
        : "± " + Spans.text(uncertaintyNanos) + ": the clock offset is not known better";
  }

  /**
   * The sum of both ways, of which the offset of the clocks is no part.
   *
   * @param what such as {@code " of UDP packets"}; empty for TCP
   */
  static String roundTrip(String what, Leg across, long nanos) {
    return String.format(
        "round trip%s %s: %s at least, in both directions together (how it splits between them is"
            + " not known)",
        what, across.between(), Spans.text(nanos));
  }

  /** By how much both ways vary; empty where it is little. */
  static String variation(Leg there, long nanosThere, long nanosBack) {
    return Math.max(nanosThere, nanosBack) < WORTH_A_WORD_NANOS
        ? ""
        : String.format(
            "; one packet in 20 takes %s longer %s and %s longer %s, or more",
            Spans.text(nanosThere),
            Words.way(there.direction()),
            Spans.text(nanosBack),
            Words.way(there.direction().reverse()));
  }

  /** The facts of a delay, added to those of where it is. */
  static Facts facts(
      Facts where, long minNanos, long percentile95Nanos, long uncertaintyNanos, int samples) {
    return where
        .and("least_ms", milliseconds(minNanos))
        .and("percentile_95_ms", milliseconds(percentile95Nanos))
        .and("uncertainty_ms", milliseconds(uncertaintyNanos))
        .and("variation_ms", milliseconds(percentile95Nanos - minNanos))
        .and("samples", samples);
  }

  /** Milliseconds rounded to a microsecond, because captures rarely have finer times. */
  static double milliseconds(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    PerPoint<Clock> clocks = evidence.comparison().clocks();
    Map<Leg, Samples> byLeg = new LinkedHashMap<>();
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              Samples samples = new Samples();
              if (ClockUncertainty.nanos(evidence, leg).isPresent()) {
                passages.forEach(passage -> samples.add(passage, clocks));
              }
              byLeg.put(leg, samples);
            });
    byLeg.forEach(
        (leg, samples) -> {
          Samples back = byLeg.getOrDefault(leg.reverse(), new Samples());
          if (samples.size > 0 && !samples.areAllZero()) {
            long uncertainty = (long) ClockUncertainty.nanos(evidence, leg).orElseThrow();
            long least = ClockUncertainty.leastDelayNanos(uncertainty);
            if (samples.least() < least || back.least() < least) {
              return; // The clocks are not as they seem, and nothing is known of one way alone.
            }
            Optional<DelayChange> change =
                DelayChange.of(
                        samples.inOrder(),
                        back.inOrder(),
                        uncertainty,
                        leg.near(),
                        clocks.at(leg.near()).orElseThrow(),
                        id -> hosts(evidence.comparison().connections().get(id), leg.near()))
                    .map(
                        found ->
                            found.with(
                                HopChange.of(evidence.passagesByLeg().get(leg), found.atNanos())));
            findings.add(samples.toDelay(leg, uncertainty, change), Occurrence.anywhere());
          }
        });
    DelayedDatagrams.check(evidence, findings);
  }

  private static String hosts(TracedConnection traced, CapturePoint point) {
    Connection seen = traced.at().at(point).orElseThrow();
    return seen.client().address() + " " + seen.server().address();
  }

  /** One segment in so many may be repeated without a change of the 95th percentile. */
  private static final int REPEATED_SHARE = 50;

  /** The delays of one leg, corrected for clock offsets. */
  private static final class Samples {
    private long[] nanos = new long[64];
    private long[] times = new long[64];
    private int[] connections = new int[64];
    private int size;

    void add(Passage passage, PerPoint<Clock> clocks) {
      Clock near = clocks.at(passage.nearPoint()).orElseThrow();
      Clock far = clocks.at(passage.farPoint()).orElseThrow();
      int before = size;
      // What is very late is repeated: without these segments, if they are not few, the delay would
      // be too small.
      boolean repeats =
          REPEATED_SHARE * passage.near().repeatedSegments() >= passage.near().segments();
      if (passage.pair().isTimed()
          && (repeats || OneWayDelay.isSet(near) || OneWayDelay.isSet(far))) {
        addIdentified(passage, near, far);
      }
      Alignment.Delay delay = passage.delay();
      // A device may give packets IP IDs of its own; then the few that agree do so by chance.
      boolean identified =
          2L * (size - before) >= Math.min(passage.near().segments(), passage.far().segments());
      size = identified ? size : before;
      for (int i = 0; !identified && i < delay.sampleTimeNanos().length; i++) {
        long nanos = delay.sampleTimeNanos()[i];
        add(passage.pair().id(), near, nanos, far, nanos + delay.sampleDifferenceNanos()[i]);
      }
    }

    private void addIdentified(Passage passage, Clock near, Clock far) {
      SegmentTable sent = passage.near().table();
      SegmentTable arrived = passage.far().table();
      IdentifiedSegments.of(
          passage.pair(),
          passage.direction(),
          (nearRow, farRow) ->
              add(
                  passage.pair().id(),
                  near,
                  sent.timeNanos(nearRow),
                  far,
                  arrived.timeNanos(farRow)));
    }

    private void add(int connection, Clock near, long sentNanos, Clock far, long arrivedNanos) {
      if (size == nanos.length) {
        nanos = Arrays.copyOf(nanos, size * 2);
        times = Arrays.copyOf(times, size * 2);
        connections = Arrays.copyOf(connections, size * 2);
      }
      long reference = OneWayDelay.referenceNanos(near, sentNanos, far, arrivedNanos);
      times[size] = reference;
      connections[size] = connection;
      nanos[size++] = OneWayDelay.nanos(near, sentNanos, far, arrivedNanos, reference);
    }

    DelaysInOrder inOrder() {
      return DelaysInOrder.of(times, nanos, connections, size);
    }

    long least() {
      return Arrays.stream(nanos, 0, size).min().orElse(0);
    }

    /** Whether all delays are 0, as in a capture compared with itself. */
    boolean areAllZero() {
      return Arrays.stream(nanos, 0, size).allMatch(nano -> nano == 0);
    }

    Delay toDelay(Leg leg, long uncertaintyNanos, Optional<DelayChange> change) {
      long[] sorted = Arrays.copyOf(nanos, size);
      Arrays.sort(sorted);
      return new Delay(
          leg, sorted[0], sorted[(int) (0.95 * (size - 1))], uncertaintyNanos, size, change);
    }
  }
}
