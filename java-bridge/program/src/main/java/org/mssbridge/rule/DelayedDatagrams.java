package org.mssbridge.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.LongList;

/** The one-way delay of packets of other protocols than TCP, as accurate as the clocks allow. */
final class DelayedDatagrams {
  /** Fewer say little of a path. */
  private static final int LEAST_SAMPLES = 5;

  private DelayedDatagrams() {}

  record Delay(
      FlowLegs.Key across,
      long minNanos,
      long percentile95Nanos,
      long uncertaintyNanos,
      int samples)
      implements Finding {
    @Override
    public Kind kind() {
      return PathDelay.KIND;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "one-way delay of %s %s: %s minimum, %s at the 95th percentile (%s)",
          across.packet() + "s",
          Words.wayBetween(across.leg()),
          Spans.text(minNanos),
          Spans.text(percentile95Nanos),
          PathDelay.certainty(uncertaintyNanos));
    }

    @Override
    public Optional<String> messageBothWays(Finding back) {
      if (!(back instanceof Delay other)
          || !across.protocol().equals(other.across.protocol())
          || uncertaintyNanos < Math.min(minNanos, other.minNanos)) {
        return Optional.empty();
      }
      return Optional.of(
          PathDelay.roundTrip(
                  " of " + across.packet() + "s", across.leg(), minNanos + other.minNanos)
              + PathDelay.variation(
                  across.leg(),
                  percentile95Nanos - minNanos,
                  other.percentile95Nanos - other.minNanos));
    }

    /** A comment only: TCP's own tells of full queues. */
    @Override
    public boolean qualifiesNoProblem() {
      return false;
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return PathDelay.facts(
          across.facts(), minNanos, percentile95Nanos, uncertaintyNanos, samples);
    }
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence).forEach((key, passages) -> RtpJitter.check(key, passages, findings));
    FlowLegs.of(evidence)
        .forEach((key, passages) -> check(evidence.datagrams(), key, passages, findings));
  }

  private static void check(
      Datagrams datagrams, FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    OptionalDouble uncertainty = datagrams.uncertaintyNanos(key.leg().near(), key.leg().far());
    if (uncertainty.isEmpty()) {
      return;
    }
    LongList delays = new LongList();
    for (FlowPassage passage : passages) {
      passage.forEachCrossing(
          (near, far, isCertain) -> {
            if (isCertain) {
              delays.add(
                  datagrams.delayNanos(
                      passage.nearPoint(),
                      passage.farPoint(),
                      passage.near().timeNanos(near),
                      passage.far().timeNanos(far)));
            }
          });
    }
    long[] sorted = delays.toArray();
    Arrays.sort(sorted);
    boolean areAllZero = sorted.length > 0 && sorted[0] == 0 && sorted[sorted.length - 1] == 0;
    if (sorted.length >= LEAST_SAMPLES && !areAllZero) {
      findings.add(
          new Delay(
              key,
              sorted[0],
              sorted[(int) (0.95 * (sorted.length - 1))],
              (long) uncertainty.getAsDouble(),
              sorted.length),
          Occurrence.anywhere());
    }
  }
}
