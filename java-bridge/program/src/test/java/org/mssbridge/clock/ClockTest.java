package org.mssbridge.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Clocks of two capture points: what segments in both directions prove, and what they cannot. */
class ClockTest {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;
  private static final long NOW = 1_700_000_000L * S;

  private static Clock fit(
      long[] forwardTimes, long[] forwardDiffs, long[] backwardTimes, long[] backwardDiffs) {
    return Clock.fit(
        new ClockSamples(forwardTimes, forwardDiffs),
        new ClockSamples(backwardTimes, backwardDiffs));
  }

  @Test
  void theOffsetLiesBetweenWhatBothDirectionsAllow() {
    // The server's clock is 2 s ahead; 10 ms forward, 30 ms backward.
    long[] forwardTimes = {NOW, NOW + S};
    long[] forwardDiffs = {2 * S + 10 * MS, 2 * S + 12 * MS};
    long[] backwardTimes = {NOW + 40 * MS, NOW + S + 40 * MS};
    long[] backwardDiffs = {2 * S - 30 * MS, 2 * S - 31 * MS};

    Clock clock = fit(forwardTimes, forwardDiffs, backwardTimes, backwardDiffs);

    assertThat(clock.lowSeconds().orElseThrow()).isCloseTo(1.970, within(0.001));
    assertThat(clock.highSeconds().orElseThrow()).isCloseTo(2.010, within(0.001));
    assertThat(clock.offsetSeconds()).isCloseTo(1.990, within(0.001));
    assertThat(clock.offsetNanos(NOW)).isEqualTo(1990 * MS);
    assertThat(clock.driftPpm()).as("drift from two samples").isEmpty();
    assertThat(clock.samples()).isEqualTo(4);
    assertThat(clock.consistent()).isTrue();
  }

  @Test
  void aCaptureAgainstItselfIsExact() {
    long[] times = new long[100];
    for (int i = 0; i < times.length; i++) {
      times[i] = NOW + i * S;
    }
    Clock clock = fit(times, new long[100], times, new long[100]);

    assertThat(clock.offsetNanos(NOW)).isZero();
    assertThat(clock.lowSeconds()).hasValue(0);
    assertThat(clock.highSeconds()).hasValue(0);
    assertThat(clock.driftPpm()).hasValue(0);
    assertThat(Clock.identity().offsetNanos(NOW)).isZero();
  }

  @Test
  void tenMinutesOnALocalNetworkShowTheDrift() {
    Path path = new Path(-3 * S, 42e-6, 300, MS, 5 * MS, 9 * MS, 7);
    Clock clock = path.clock();

    assertThat(clock.driftPpm().orElseThrow()).isCloseTo(42, within(10.0));
    assertThat(clock.offsetNanos(path.end())).isCloseTo(path.offsetAt(path.end()), within(6 * MS));
  }

  @Test
  void aShortCaptureOverAWideAreaDoesNotShowTheDrift() {
    Clock clock = new Path(S, 42e-6, 8, 40 * MS, 40 * MS, 20 * MS, 7).clock();

    assertThat(clock.driftPpm()).isEmpty();
    assertThat(clock.consistent()).isTrue();
  }

  @Test
  void aDriftThatIsNotKnownToThePpmIsStillFollowedWhereNoLevelLineFits() {
    // 400 ppm over 60 s make 24 ms, far more than the 2 ms of both delays together.
    Path path = new Path(0, 400e-6, 30, MS, MS, 0, 7);

    assertThat(path.clock().consistent()).isTrue();
    assertThat(path.clock().offsetNanos(path.end()))
        .isCloseTo(path.offsetAt(path.end()), within(2 * MS));
  }

  @Test
  void oneDirectionAloneLeavesTheOtherBoundOpen() {
    long[] times = {NOW, NOW + MS};
    long[] diffs = {5 * S + 8 * MS, 5 * S + 7 * MS};
    long[] none = {};

    Clock forward = fit(times, diffs, none, none);
    assertThat(forward.lowSeconds()).isEmpty();
    assertThat(forward.highSeconds().orElseThrow()).isCloseTo(5.0075, within(0.001));
    assertThat(forward.offsetNanos(NOW)).isEqualTo(5 * S + 7 * MS);

    Clock backward = fit(none, none, times, diffs);
    assertThat(backward.highSeconds()).isEmpty();
    assertThat(backward.lowSeconds().orElseThrow()).isCloseTo(5.0075, within(0.001));
    assertThat(backward.offsetNanos(NOW)).isEqualTo(5 * S + 8 * MS);
  }

  @Test
  void withoutSamplesNothingIsKnown() {
    Clock clock = fit(new long[0], new long[0], new long[0], new long[0]);

    assertThat(clock.samples()).isZero();
    assertThat(clock.offsetNanos(NOW)).isZero();
    assertThat(clock.lowSeconds()).isEmpty();
    assertThat(clock.highSeconds()).isEmpty();
  }

  @Test
  void aClockThatWasSetDuringTheCaptureIsInconsistent() {
    // The server's clock jumps from 0 to 10 s in the middle of one second.
    long[] forwardTimes = {NOW, NOW + S};
    long[] forwardDiffs = {10 * MS, 10 * S + 10 * MS};
    long[] backwardDiffs = {-10 * MS, 10 * S - 10 * MS};

    Clock clock = fit(forwardTimes, forwardDiffs, forwardTimes, backwardDiffs);

    assertThat(clock.consistent()).isFalse();
    assertThat(clock.lowSeconds().orElseThrow()).isLessThanOrEqualTo(0);
    assertThat(clock.highSeconds().orElseThrow()).isGreaterThanOrEqualTo(10);
    assertThat(clock.driftPpm()).isEmpty();
  }

  @Test
  void aStepIsFoundWithEnoughSamplesBeforeAndAfterIt() {
    // 10 ms each way; after 20 s the server's clock is set forward by 3 s.
    int count = 40;
    long[] times = new long[count];
    long[] forwardDiffs = new long[count];
    long[] backwardDiffs = new long[count];
    for (int i = 0; i < count; i++) {
      times[i] = NOW + i * S;
      long offset = S + (i < 20 ? 0 : 3 * S);
      forwardDiffs[i] = offset + 10 * MS + i % 3 * MS;
      backwardDiffs[i] = offset - 10 * MS - i % 4 * MS;
    }

    Clock clock = fit(times, forwardDiffs, times, backwardDiffs);

    assertThat(clock.consistent()).isTrue();
    assertThat(clock.steps()).hasSize(1);
    assertThat(clock.steps().get(0).sizeNanos()).isCloseTo(3 * S, within(2 * MS));
    assertThat(clock.steps().get(0).atNanos()).isBetween(NOW + 19 * S, NOW + 20 * S);
    assertThat(clock.offsetNanos(NOW)).isCloseTo(S, within(2 * MS));
    assertThat(clock.offsetNanos(NOW + 30 * S)).isCloseTo(4 * S, within(4 * MS));
    assertThat(clock.lowSeconds().orElseThrow()).isLessThanOrEqualTo(1.0);
    assertThat(clock.highSeconds().orElseThrow()).isGreaterThanOrEqualTo(1.0);
  }

  /** A clock of 50 ms each way and 2 ms of jitter; a sample each way every second. */
  private static Clock clock(
      int seconds, Function<Integer, Long> offset, Function<Integer, Long> forward) {
    return clock(seconds, offset, forward, i -> 50 * MS);
  }

  private static Clock clock(
      int seconds,
      Function<Integer, Long> offset,
      Function<Integer, Long> forward,
      Function<Integer, Long> backward) {
    Random random = new Random(seconds);
    long[] times = new long[seconds];
    long[] forwardDiffs = new long[seconds];
    long[] backwardDiffs = new long[seconds];
    for (int i = 0; i < seconds; i++) {
      times[i] = NOW + i * S;
      forwardDiffs[i] = offset.apply(i) + forward.apply(i) + random.nextInt(2_000_000);
      backwardDiffs[i] = offset.apply(i) - backward.apply(i) - random.nextInt(2_000_000);
    }
    return fit(times, forwardDiffs, times, backwardDiffs);
  }

  @Test
  void aStepOfLessThanARoundTripIsFound() {
    for (long size : new long[] {80 * MS, -80 * MS, 15 * MS}) {
      for (int at : new int[] {3, 60, 118}) {
        Clock clock = clock(120, i -> i < at ? 0 : size, i -> 50 * MS);

        assertThat(clock.even()).isTrue();
        assertThat(clock.steps()).hasSize(1);
        assertThat(clock.steps().get(0).sizeNanos()).isCloseTo(size, within(3 * MS));
        assertThat(clock.steps().get(0).atNanos())
            .isBetween(NOW + (at - 2) * S, NOW + (at + 1) * S);
        assertThat(clock.offsetNanos(NOW)).isCloseTo(0, within(3 * MS));
      }
    }
  }

  @Test
  void aStepThatIsTakenBackIsTwoSteps() {
    Clock clock = clock(120, i -> i < 40 || i >= 80 ? 0 : 90 * MS, i -> 50 * MS);

    assertThat(clock.even()).isTrue();
    assertThat(clock.steps()).hasSize(2);
    assertThat(clock.offsetNanos(NOW + 60 * S)).isCloseTo(90 * MS, within(3 * MS));
    assertThat(clock.offsetNanos(NOW + 119 * S)).isCloseTo(0, within(3 * MS));
  }

  /** 500 ppm for two minutes, as NTP corrects a clock. */
  @Test
  void aClockThatIsCorrectedLittleByLittleIsUneven() {
    Clock clock = clock(300, i -> Math.min(Math.max(0, i - 60), 120) * MS / 2, i -> 50 * MS);

    assertThat(clock.even()).isFalse();
    assertThat(clock.lowSeconds().orElseThrow()).isLessThan(0);
    assertThat(clock.highSeconds().orElseThrow()).isGreaterThan(0.060);
  }

  @Test
  void aRouteOrAQueueInOneDirectionIsNoStep() {
    Clock route = clock(120, i -> 0L, i -> i < 60 ? 50 * MS : 80 * MS);
    assertThat(route.even()).isTrue();
    assertThat(route.steps()).isEmpty();

    Clock queue = clock(120, i -> 0L, i -> 50 * MS + (i < 60 ? i % 7 * 20L * MS : 0));
    assertThat(queue.even()).isTrue();
    assertThat(queue.steps()).isEmpty();
  }

  /** Up to the middle one way is full, then the other one: no clock was set. */
  @Test
  void aQueueThatChangesDirectionIsNoStep() {
    Clock clock =
        clock(
            120,
            i -> 0L,
            i -> 20 * MS + (i < 60 ? 50 * MS + i % 10 * 5L * MS : 0),
            i -> 20 * MS + (i < 60 ? 0 : 50 * MS + i % 10 * 5L * MS));

    assertThat(clock.steps()).isEmpty();
  }

  @Test
  void anEvenDriftIsFollowedBesideAChangeOfTheRoute() {
    Clock clock = clock(600, i -> i * -50_000L, i -> i < 300 ? 50 * MS : 70 * MS);

    assertThat(clock.even()).isTrue();
    assertThat(clock.steps()).isEmpty();
    assertThat(clock.offsetNanos(NOW + 599 * S) - clock.offsetNanos(NOW))
        .isCloseTo(-30 * MS, within(2 * MS));
  }

  @Test
  void timeStampsInWholeMicrosecondsAreNoContradiction() {
    long[] times = {NOW, NOW + S};

    Clock clock = fit(times, new long[] {0, 0}, times, new long[] {1000, 0});

    assertThat(clock.consistent()).isTrue();
    assertThat(clock.lowSeconds().orElseThrow())
        .isLessThanOrEqualTo(clock.highSeconds().orElseThrow());
  }

  @Test
  void samplesThatLackATimeOrADifferenceAreRejected() {
    long[] one = {NOW};
    assertThatThrownBy(() -> new ClockSamples(one, one, 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ClockSamples(one, new long[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clocksAddUpAlongThePathWithTheirSteps() {
    OptionalDouble unknown = OptionalDouble.empty();
    Clock second =
        new Clock(
            new Clock.Line(NOW, 2 * S, 0),
            new Clock.Bounds(OptionalDouble.of(1.5), OptionalDouble.of(2.5)),
            unknown,
            7,
            true,
            true,
            List.of(new Clock.Step(NOW + 60 * S, S, 0)));
    Clock thirdAgainstSecond =
        new Clock(
            new Clock.Line(NOW + 2 * S, 3 * S, 0),
            new Clock.Bounds(OptionalDouble.of(2), unknown),
            unknown,
            5,
            true,
            true,
            List.of(new Clock.Step(NOW + 12 * S, -S, 5)));

    Clock third = second.then(thirdAgainstSecond);

    assertThat(third.offsetNanos(NOW)).isEqualTo(5 * S);
    assertThat(third.lowSeconds()).hasValue(3.5);
    assertThat(third.highSeconds()).isEmpty();
    assertThat(third.samples()).isEqualTo(5);
    assertThat(third.steps())
        .containsExactly(new Clock.Step(NOW + 10 * S, -S, 5), new Clock.Step(NOW + 60 * S, S, 0));
  }

  @Property(tries = 300)
  void theIntervalContainsTheTrueOffsetForAnyPathDelays(
      @ForAll @LongRange(min = -100_000_000, max = 100_000_000) long offsetMs,
      @ForAll @DoubleRange(min = -200, max = 200) double driftPpm,
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @LongRange(min = 0, max = 200) long forwardDelayMs,
      @ForAll @LongRange(min = 0, max = 200) long backwardDelayMs,
      @ForAll @LongRange(min = 0, max = 300) long jitterMs,
      @ForAll long seed) {
    Path path =
        new Path(
            offsetMs * MS,
            driftPpm * 1e-6,
            samples,
            forwardDelayMs * MS,
            backwardDelayMs * MS,
            jitterMs * MS,
            seed);
    Clock clock = path.clock();
    double truth = path.offsetAt(clock.originNanos()) / 1e9;

    assertThat(clock.consistent()).isTrue();
    assertThat(clock.lowSeconds().orElseThrow()).isLessThanOrEqualTo(truth + 1e-8);
    assertThat(clock.highSeconds().orElseThrow()).isGreaterThanOrEqualTo(truth - 1e-8);
    assertThat(clock.offsetSeconds())
        .isBetween(
            clock.lowSeconds().orElseThrow() - 1e-8, clock.highSeconds().orElseThrow() + 1e-8);
    // Where the samples allow a wide range that excludes 0, only its sign is sure.
    clock
        .driftPpm()
        .ifPresent(
            drift ->
                assertThat(
                        Math.abs(drift - driftPpm) <= 50
                            || Math.signum(drift) == Math.signum(driftPpm))
                    .as("drift %s for %s ppm", drift, driftPpm)
                    .isTrue());
  }

  @Property(tries = 100)
  void theOrderOfTheSamplesDoesNotMatter(@ForAll long seed) {
    Path path = new Path(S, 20e-6, 40, MS / 5, MS / 5, MS / 2, seed);
    Clock inOrder = path.clock();

    path.shuffle();

    assertThat(path.clock()).isEqualTo(inOrder);
  }

  @Property(tries = 100)
  void aConstantAddedToOneClockChangesOnlyTheOffset(
      @ForAll @LongRange(min = -1_000_000, max = 1_000_000) long shiftMs, @ForAll long seed) {
    Clock plain = new Path(0, 20e-6, 40, MS / 5, MS / 5, MS / 2, seed).clock();
    Clock shifted = new Path(shiftMs * MS, 20e-6, 40, MS / 5, MS / 5, MS / 2, seed).clock();

    assertThat(shifted.line().offsetNanos() - plain.line().offsetNanos())
        .isCloseTo(shiftMs * MS, within(2L));
    assertThat(plain.driftPpm().orElseThrow()).isCloseTo(20, within(50.0));
    assertThat(shifted.driftPpm().orElseThrow())
        .isCloseTo(plain.driftPpm().orElseThrow(), within(0.001));
  }

  /** A path with known clocks and random delays: one segment each way every 2 s. */
  private static final class Path {
    private final long offset;
    private final double drift;
    private final long[] forwardTimes;
    private final long[] forwardDiffs;
    private final long[] backwardTimes;
    private final long[] backwardDiffs;
    private final Random random;

    Path(
        long offset,
        double drift,
        int count,
        long forwardDelay,
        long backwardDelay,
        long jitter,
        long seed) {
      this.offset = offset;
      this.drift = drift;
      this.random = new Random(seed);
      forwardTimes = new long[count];
      forwardDiffs = new long[count];
      backwardTimes = new long[count];
      backwardDiffs = new long[count];
      for (int i = 0; i < count; i++) {
        long sent = NOW + 2 * S * i + random.nextInt(1000) * MS;
        long delay = forwardDelay + (long) (random.nextDouble() * jitter);
        forwardTimes[i] = sent;
        forwardDiffs[i] = delay + offsetAt(sent + delay);
        delay = backwardDelay + (long) (random.nextDouble() * jitter);
        backwardTimes[i] = sent + 5 * S + delay;
        backwardDiffs[i] = offsetAt(sent + 5 * S) - delay;
      }
    }

    long offsetAt(long at) {
      return offset + Math.round(drift * (at - NOW));
    }

    long end() {
      return forwardTimes[forwardTimes.length - 1];
    }

    Clock clock() {
      return fit(forwardTimes, forwardDiffs, backwardTimes, backwardDiffs);
    }

    void shuffle() {
      shuffle(forwardTimes, forwardDiffs);
      shuffle(backwardTimes, backwardDiffs);
    }

    private void shuffle(long[] a, long[] b) {
      for (int i = a.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        long x = a[i];
        a[i] = a[j];
        a[j] = x;
        x = b[i];
        b[i] = b[j];
        b[j] = x;
      }
    }
  }
}
