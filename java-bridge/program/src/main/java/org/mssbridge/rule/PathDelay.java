package org.mssbridge.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
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

  record Delay(
      Leg across, long minNanos, long percentile95Nanos, long uncertaintyNanos, int samples)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "segments sent %s take %s or more from %s to %s, 95 %% of them at most %s (each by up to"
              + " %s more or less: the clocks are known no better)",
          across.direction().label(),
          Spans.text(minNanos),
          across.near(),
          across.far(),
          Spans.text(percentile95Nanos),
          Spans.text(uncertaintyNanos));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("least_ms", milliseconds(minNanos))
          .and("percentile_95_ms", milliseconds(percentile95Nanos))
          .and("uncertainty_ms", milliseconds(uncertaintyNanos))
          .and("variation_ms", milliseconds(percentile95Nanos - minNanos))
          .and("samples", samples);
    }

    /** Milliseconds rounded to a microsecond, because captures rarely have finer times. */
    private static double milliseconds(long nanos) {
      return Math.round(nanos / 1e3) / 1e3;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    PerPoint<Clock> clocks = evidence.comparison().clocks();
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) ->
                uncertaintyNanos(clocks, leg)
                    .ifPresent(nanos -> check(leg, passages, clocks, (long) nanos, findings)));
  }

  private static void check(
      Leg leg,
      List<Passage> passages,
      PerPoint<Clock> clocks,
      long uncertaintyNanos,
      Findings findings) {
    Samples samples = new Samples();
    passages.forEach(passage -> samples.add(passage, clocks));
    if (samples.size > 0 && !samples.areAllZero()) {
      findings.add(samples.toDelay(leg, uncertaintyNanos), Occurrence.anywhere());
    }
  }

  /** Half the width of the offset between the two clocks; empty where it lacks a bound. */
  private static OptionalDouble uncertaintyNanos(PerPoint<Clock> clocks, Leg leg) {
    OptionalDouble near = widthSeconds(clocks.at(leg.near()));
    OptionalDouble far = widthSeconds(clocks.at(leg.far()));
    // Widths grow along the path: each leg adds its own.
    return near.isPresent() && far.isPresent()
        ? OptionalDouble.of(Math.abs(far.getAsDouble() - near.getAsDouble()) * 5e8)
        : OptionalDouble.empty();
  }

  private static OptionalDouble widthSeconds(Optional<Clock> clock) {
    return clock.isPresent() && clock.get().consistent()
        ? clock.get().widthSeconds()
        : OptionalDouble.empty();
  }

  /** The delays of one leg, corrected for clock offsets. */
  private static final class Samples {
    private long[] nanos = new long[64];
    private int size;

    void add(Passage passage, PerPoint<Clock> clocks) {
      Clock near = clocks.at(passage.nearPoint()).orElseThrow();
      Clock far = clocks.at(passage.farPoint()).orElseThrow();
      Alignment.Delay delay = passage.alignment().delay();
      for (int i = 0; i < delay.sampleTimeNanos().length; i++) {
        // Offsets are at an instant of the reference clock.
        long reference = near.referenceNanos(delay.sampleTimeNanos()[i]);
        add(
            delay.sampleDifferenceNanos()[i]
                - far.offsetNanos(reference)
                + near.offsetNanos(reference));
      }
    }

    private void add(long delayNanos) {
      if (size == nanos.length) {
        nanos = Arrays.copyOf(nanos, size * 2);
      }
      nanos[size++] = delayNanos;
    }

    /** Whether all delays are 0, as in a capture compared with itself. */
    boolean areAllZero() {
      return Arrays.stream(nanos, 0, size).allMatch(nano -> nano == 0);
    }

    Delay toDelay(Leg leg, long uncertaintyNanos) {
      Arrays.sort(nanos, 0, size);
      return new Delay(leg, nanos[0], nanos[(int) (0.95 * (size - 1))], uncertaintyNanos, size);
    }
  }
}
