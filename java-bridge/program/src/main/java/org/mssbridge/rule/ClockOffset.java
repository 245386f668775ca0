package org.mssbridge.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.evidence.Middlebox;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/**
 * The offset to add to a time of the first capture to get another capture's time, as an interval.
 */
final class ClockOffset implements Rule {
  static final Kind KIND =
      new Kind("clock.offset", Severity.COMMENT, Group.SEQUENCE, "how the captures' clocks differ");

  /** Quartz clocks that are not disciplined drift by more. */
  private static final double MIN_DRIFT_PPM = 5;

  /** Captures have times in microseconds or better. */
  private static final int MOST_DECIMALS = 6;

  private static final double LARGE_SECONDS = 1;

  /** A time that is known as well as this is given as it is. */
  private static final long STEP_MARGIN_NANOS = 1_000_000L;

  /** A handshake bounds the offset to one round trip, unless a queue grows just then. */
  private static final int MOST_ROUND_TRIPS = 2;

  private static final long SLACK_NANOS = 10_000_000L;

  record Offset(
      CapturePoint reference,
      CapturePoint point,
      double offsetSeconds,
      OptionalDouble lowSeconds,
      OptionalDouble highSeconds,
      OptionalLong roundTripNanos,
      OptionalDouble driftPpm,
      long atNanos,
      long spanNanos,
      int samples,
      boolean isConsistent,
      boolean isEven,
      List<Clock.Step> steps)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          Locale.ROOT,
          "the clock at %s is %s s %s the one at %s%s%s%s",
          point,
          rounded(offsetSeconds, RoundingMode.HALF_EVEN).substring(1), // Its sign is in words.
          offsetSeconds < 0 ? "behind" : "ahead of",
          reference,
          lowSeconds.isPresent() && highSeconds.isPresent()
              ? String.format(
                  " (between %s and %s: %s)",
                  rounded(lowSeconds.getAsDouble(), RoundingMode.FLOOR),
                  rounded(highSeconds.getAsDouble(), RoundingMode.CEILING),
                  why())
              : " (a bound, since one direction only was seen)",
          isDriftRelevant()
              ? String.format(
                  Locale.ROOT,
                  " at %s; it drifts by %+.1f ppm, %s over the capture",
                  time(atNanos),
                  driftPpm.getAsDouble(),
                  Spans.text(driftNanos()))
              : "",
          steps.isEmpty()
              ? ""
              : "; one of them was set during the capture, "
                  + (steps.size() == 1 ? "by " : steps.size() + " times, first by ")
                  + Spans.text(steps.get(0).sizeNanos())
                  + when(steps.get(0)));
    }

    /** The step is between two packets, which may be seconds apart. */
    private static String when(Clock.Step step) {
      return step.marginNanos() < STEP_MARGIN_NANOS
          ? " at " + millis(step.atNanos())
          : String.format(
              " between %s and %s",
              millis(step.atNanos() - step.marginNanos()),
              millis(step.atNanos() + step.marginNanos()));
    }

    private static Instant millis(long nanos) {
      return Instant.ofEpochSecond(0, nanos).truncatedTo(ChronoUnit.MILLIS);
    }

    /** Why the offset is known no better. */
    private String why() {
      if (!isConsistent || (isEven && isShifting())) {
        return "the clocks shift against each other during the capture"
            + (roundTripNanos.isPresent()
                ? ", as the round trip takes only " + Spans.text(roundTripNanos.getAsLong())
                : "");
      }
      return isEven
          ? "the split of the delay between the directions is not known"
          : "the delays of the two directions change, but not together, so a clock was corrected,"
              + " or queues or routes changed: cannot tell which";
    }

    /** Who reads both captures by their times has to know of a large offset, and of its changes. */
    @Override
    public Severity standing() {
      boolean isSteady = isConsistent && isEven && !isShifting() && steps.isEmpty();
      return Math.abs(offsetSeconds) > LARGE_SECONDS || !isSteady ? Severity.NOTE : KIND.severity();
    }

    /** Whether the offset is known worse than the delay of both directions explains. */
    private boolean isShifting() {
      return roundTripNanos.isPresent()
          && 2 * halfWidthSeconds() * 1e9
              > MOST_ROUND_TRIPS * roundTripNanos.getAsLong() + SLACK_NANOS;
    }

    /** With no more decimals than the interval's half width makes known, and a sign. */
    private String rounded(double seconds, RoundingMode mode) {
      double halfWidthSeconds = halfWidthSeconds();
      int decimals =
          halfWidthSeconds >= 1
              ? 0
              : (int) Math.min(MOST_DECIMALS, Math.ceil(-Math.log10(halfWidthSeconds)));
      BigDecimal micros = new BigDecimal(seconds).setScale(MOST_DECIMALS, RoundingMode.HALF_EVEN);
      String text = micros.setScale(decimals, mode).toPlainString();
      return text.startsWith("-") ? text : "+" + text;
    }

    private double halfWidthSeconds() {
      return lowSeconds.isPresent() && highSeconds.isPresent()
          ? (highSeconds.getAsDouble() - lowSeconds.getAsDouble()) / 2
          : 1e-3;
    }

    /** By how much the offset changes over the capture, in ns. */
    private long driftNanos() {
      return Math.round(driftPpm.orElse(0) * spanNanos / 1e6);
    }

    /** Whether the drift matters: by itself, or beside the uncertainty of the offset. */
    private boolean isDriftRelevant() {
      double halfWidthSeconds =
          lowSeconds.isPresent() && highSeconds.isPresent()
              ? (highSeconds.getAsDouble() - lowSeconds.getAsDouble()) / 2
              : Double.MAX_VALUE;
      return driftPpm.isPresent()
          && (Math.abs(driftPpm.getAsDouble()) > MIN_DRIFT_PPM
              || Math.abs(driftNanos()) > halfWidthSeconds * 1e9);
    }

    @Override
    public Facts facts() {
      Facts facts =
          Facts.of("point", point.name())
              .and("reference", reference.name())
              .and("offset_s", offsetSeconds)
              .and("at", time(atNanos))
              .and("samples", samples);
      facts = lowSeconds.isPresent() ? facts.and("low_s", lowSeconds.getAsDouble()) : facts;
      facts = highSeconds.isPresent() ? facts.and("high_s", highSeconds.getAsDouble()) : facts;
      if (!steps.isEmpty()) {
        facts =
            facts
                .and("steps_s", steps.stream().map(step -> step.sizeNanos() / 1e9).toList())
                .and("steps_at", steps.stream().map(step -> time(step.atNanos())).toList())
                .and(
                    "steps_at_margin_s",
                    steps.stream().map(step -> step.marginNanos() / 1e9).toList());
      }
      return driftPpm.isPresent() ? facts.and("drift_ppm", driftPpm.getAsDouble()) : facts;
    }

    private static String time(long nanos) {
      return Instant.ofEpochSecond(0, nanos).toString();
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  /**
   * The longest time from a SYN to its ACK, at the point nearest the client: no leg takes more.
   * Empty where a device on the path answers the SYN itself, as that time says nothing about the
   * path.
   */
  private static OptionalLong longestRoundTrip(Evidence evidence) {
    return evidence.comparison().connections().stream()
        .filter(traced -> !traced.isOneSided())
        .filter(traced -> traced.pairs().stream().noneMatch(pair -> answers(evidence, pair)))
        .flatMap(
            traced ->
                HandshakeGaps.of(
                    traced.at().at(traced.at().points().iterator().next()).orElseThrow())
                    .stream())
        .mapToLong(gaps -> gaps.clientNanos() + gaps.serverNanos())
        .max();
  }

  private static boolean answers(Evidence evidence, PairedConnection pair) {
    Middlebox middlebox = evidence.middlebox(pair);
    return middlebox.endsConnections() || middlebox.functions().contains(PathFunction.SYN_PROXY);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    CapturePoint reference = comparison.captures().get(0).point();
    for (PointCapture capture : comparison.captures()) {
      Clock clock = comparison.clocks().at(capture.point()).orElse(Clock.identity());
      if (!capture.point().equals(reference) && clock.samples() > 0) {
        findings.add(
            new Offset(
                reference,
                capture.point(),
                clock.offsetSeconds(),
                clock.lowSeconds(),
                clock.highSeconds(),
                longestRoundTrip(evidence),
                clock.driftPpm(),
                clock.originNanos(),
                Math.max(0, capture.extent().lastNanos() - capture.extent().firstNanos()),
                clock.samples(),
                clock.consistent(),
                clock.even(),
                clock.steps()),
            Occurrence.anywhere());
      }
    }
  }
}
