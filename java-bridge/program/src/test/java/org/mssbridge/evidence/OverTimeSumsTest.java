package org.mssbridge.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is summed by intervals is what a computation over all values gives. */
class OverTimeSumsTest {
  private static final long MS = 1_000_000L;
  private static final long S = 1_000 * MS;
  private static final long DAY = 86_400 * S;

  /** Times of a day, so that there are all orders of magnitude. */
  private static long span(Random random) {
    return (long) Math.exp(random.nextDouble() * Math.log(86_400.0 * S));
  }

  @Property(tries = 200)
  void percentilesOfAnyNumberOfSpansAreTwoPercentOffAtMost(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20_000) int count) {
    Random random = new Random(seed);
    long[] all = new long[count];
    Durations durations = new Durations();
    for (int i = 0; i < count; i++) {
      all[i] = span(random);
      durations.add(all[i]);
    }
    Arrays.sort(all);
    for (double share : new double[] {0, 0.5, 0.95, 1}) {
      long exact = all[(int) (share * (count - 1))];
      assertThat((double) durations.percentileNanos(share))
          .as("%s of %d spans", share, count)
          .isCloseTo((double) exact, within(1 + 0.02 * exact));
    }
    assertThat(durations.mostNanos()).isEqualTo(all[count - 1]);
  }

  @Property(tries = 500)
  void bytesThatWereSeenBeforeAreFound(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 60) Integer> starts,
      @ForAll long seed) {
    Random random = new Random(seed);
    SentRanges ranges = new SentRanges();
    BitSet seen = new BitSet();
    for (int start : starts) {
      int end = start + 1 + random.nextInt(12);
      boolean isSeen = !seen.get(start, end).isEmpty();
      assertThat(ranges.add(start, end))
          .as("%d to %d after %s", start, end, seen)
          .isEqualTo(isSeen);
      seen.set(start, end);
    }
  }

  @Property
  void intervalsHoldAllOfTheTimeAndAreFewAndRound(
      @ForAll @LongRange(min = 0, max = 2_000_000_000_000_000_000L) long from,
      @ForAll @LongRange(min = 0, max = 40_000_000_000_000_000L) long span,
      @ForAll @IntRange(min = 1, max = 300) int most) {
    for (Intervals intervals :
        List.of(
            Intervals.from(from, from + span, most), Intervals.aligned(from, from + span, most))) {
      long end = intervals.fromNanos() + intervals.count() * intervals.widthNanos();
      assertThat(intervals.count()).isBetween(1, most);
      assertThat(intervals.fromNanos()).isLessThanOrEqualTo(from);
      assertThat(end).isGreaterThan(from + span);
      assertThat(intervals.index(from + span)).isEqualTo(intervals.count() - 1);
      long width = intervals.widthNanos();
      assertThat(
              width % DAY == 0 && width > DAY ? Long.toString(width / DAY) : width / 100_000 + "")
          .containsPattern("^[1-9]\\d?\\d?0*$");
    }
    assertThat(Math.floorMod(Intervals.aligned(from, from + span, most).fromNanos(), 100_000L))
        .isZero();
  }

  @Test
  void widthsAreThoseThatPeopleUse() {
    assertThat(Intervals.from(0, 200 * S, 200).widthNanos()).isEqualTo(2 * S);
    assertThat(Intervals.from(0, 7_300 * MS, 200).widthNanos()).isEqualTo(50 * MS);
    assertThat(Intervals.from(0, 3600 * S, 200).widthNanos()).isEqualTo(30 * S);
    assertThat(Intervals.from(0, 7 * 86_400 * S, 200).widthNanos()).isEqualTo(3600 * S);
    assertThat(Intervals.from(0, 1000 * 86_400 * S, 200).widthNanos()).isEqualTo(10 * 86_400 * S);
  }

  @Property(tries = 100)
  void sumsOfIntervalsAreThoseOfTheEventsInThem(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2000) int events) {
    Random random = new Random(seed);
    Intervals intervals = new Intervals(5 * S, 10 * MS, 20);
    LegSums sums = new LegSums(intervals);
    int[] sent = new int[20];
    int[] lost = new int[20];
    int[] repeated = new int[20];
    long[] bytes = new long[20];
    long[] differences = new long[20];
    long[] most = new long[20];
    for (int i = 0; i < events; i++) {
      int at = random.nextInt(20);
      long nanos = 5 * S + 10 * MS * at + random.nextInt((int) (10 * MS));
      boolean isLost = random.nextInt(5) == 0;
      boolean isRepeated = random.nextInt(5) == 0;
      sums.send(nanos, isLost ? LegSums.Fate.LOST : LegSums.Fate.ARRIVED, isRepeated);
      sums.sendBytes(nanos, i);
      sums.differ(nanos, -i);
      sums.fly(nanos, nanos, i, 7);
      sent[at]++;
      lost[at] += isLost ? 1 : 0;
      repeated[at] += isRepeated ? 1 : 0;
      bytes[at] += i;
      differences[at] += i;
      most[at] = i;
    }
    for (LegInterval interval : sums.active(Long.MIN_VALUE)) {
      int at = interval.number();
      assertThat(interval.sentSegments()).isEqualTo(sent[at]);
      assertThat(interval.lostSegments()).isEqualTo(lost[at]);
      assertThat(interval.repeatedSegments()).isEqualTo(repeated[at]);
      assertThat(interval.sentBytes()).isEqualTo(bytes[at]);
      assertThat(interval.jitterNanos()).hasValue(differences[at] / sent[at]);
      assertThat(interval.flight().orElseThrow().bytes()).isEqualTo(most[at]);
    }
    assertThat(sums.active(Long.MIN_VALUE).stream().mapToInt(LegInterval::sentSegments).sum())
        .isEqualTo(events);
  }

  /**
   * Nothing arrives before it is sent: what seems so shows that the clocks are not as they seem.
   */
  @Test
  void anIntervalWithADelayThatNoClockAllowsHasNone() {
    LegSums sums = new LegSums(new Intervals(0, S, 10));
    for (int second = 2; second <= 4; second++) {
      sums.send(second * S, LegSums.Fate.ARRIVED, false);
    }
    sums.delay(2 * S, 3 * MS);
    sums.delay(3 * S, 3 * MS);
    sums.delay(3 * S, -2 * MS);
    sums.delay(4 * S, -MS);
    assertThat(sums.active(-MS))
        .extracting(interval -> interval.delay().isPresent())
        .containsExactly(true, false, true);
  }

  @Test
  void whatIsOnItsWayIsSoInAllIntervalsUntilItIsAcknowledged() {
    LegSums sums = new LegSums(new Intervals(0, S, 10));
    sums.fly(2 * S, 6 * S, 1460, 65_535);
    assertThat(sums.active(Long.MIN_VALUE))
        .extracting(LegInterval::number)
        .containsExactly(2, 3, 4, 5, 6);
  }
}
