package org.mssbridge.rule;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.LevelShift;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.LongList;
import org.mssbridge.model.CapturePoint;

/**
 * When the delay of a leg changed, and stayed so. A clock that is set looks the same in one
 * direction and opposite in the other one, so both are looked at.
 *
 * @param atNanos the first segment of the new delay, on the clock of the point {@code by}
 * @param by the near point
 * @param beforeNanos the median before
 * @param afterNanos the median after
 * @param segmentsBefore how many segments show it
 * @param segmentsAfter how many segments show it
 * @param uncertaintyNanos by how much the change may be more or less: medians of few segments are
 *     not sure, and what the other direction changes by may be a drift of the clocks
 * @param isRoundTrip whether it is of both directions together, since the change is not larger than
 *     the uncertainty of the clocks
 * @param hops the number of routers that changes at the same time, if it does
 */
record DelayChange(
    long atNanos,
    CapturePoint by,
    long beforeNanos,
    long afterNanos,
    int segmentsBefore,
    int segmentsAfter,
    long uncertaintyNanos,
    boolean isRoundTrip,
    Optional<HopChange> hops) {
  /** Less is noise of the hosts. */
  private static final long LEAST_NANOS = 1_000_000L;

  /** It lasts, and what it was before lasted, for so long at least. */
  private static final long LEAST_LASTING_NANOS = 1_000_000_000L;

  /** By so much a change is above the uncertainty of the clocks if its direction is said. */
  private static final double CLEAR = 1.5;

  /** The other direction moves no more than this part of a change the other way. */
  private static final int OPPOSITE_PART = 4;

  /** So many connections on either side are no chance of what took which way. */
  private static final int SEVERAL_CONNECTIONS = 5;

  /** The width of a notch, which has the median with 95 % (McGill, Tukey, Larsen 1978). */
  private static final double NOTCH = 1.57;

  /**
   * A change of one direction, and the medians of the other one before and after.
   *
   * @param noiseNanos by how much all these medians may be off together
   */
  private record Shift(
      LevelShift level, long atNanos, long otherBefore, long otherAfter, long noiseNanos) {
    long otherSize() {
      return otherAfter - otherBefore;
    }
  }

  /**
   * The change of a direction; empty where its delay does not change, or a clock may have been set.
   *
   * @param back the delays of the other direction
   * @param by the near point
   * @param clock that of the near point
   * @param hosts the two hosts of a connection, by its number
   */
  static Optional<DelayChange> of(
      DelaysInOrder there,
      DelaysInOrder back,
      long uncertaintyNanos,
      CapturePoint by,
      Clock clock,
      IntFunction<String> hosts) {
    Optional<Shift> own = shift(there, back, hosts);
    Optional<Shift> other = shift(back, there, hosts);
    if (own.isPresent() && isClear(own.get(), uncertaintyNanos)) {
      return own.map(
          shift ->
              change(
                  there, shift, by, clock, shift.level().before(), shift.level().after(), false));
    }
    if (other.isPresent() && isClear(other.get(), uncertaintyNanos)) {
      return Optional.empty();
    }
    Optional<Shift> larger =
        own.isEmpty()
                || (other.isPresent()
                    && Math.abs(other.get().level().size()) > Math.abs(own.get().level().size()))
            ? other
            : own;
    return larger.map(
        shift ->
            change(
                larger.equals(own) ? there : back,
                shift,
                by,
                clock,
                shift.level().before() + shift.otherBefore(),
                shift.level().after() + shift.otherAfter(),
                true));
  }

  private static boolean isClear(Shift shift, long uncertaintyNanos) {
    return Math.abs(shift.level().size()) >= CLEAR * uncertaintyNanos;
  }

  private static DelayChange change(
      DelaysInOrder shown,
      Shift shift,
      CapturePoint by,
      Clock clock,
      long beforeNanos,
      long afterNanos,
      boolean isRoundTrip) {
    return new DelayChange(
        shift.atNanos() + clock.offsetNanos(shift.atNanos()),
        by,
        beforeNanos,
        afterNanos,
        shift.level().index(),
        shown.size() - shift.level().index(),
        shift.noiseNanos() + (isRoundTrip ? 0 : Math.abs(shift.otherSize())),
        isRoundTrip,
        Optional.empty());
  }

  /** The same with what the TTLs of packets show. */
  DelayChange with(Optional<HopChange> found) {
    return new DelayChange(
        atNanos,
        by,
        beforeNanos,
        afterNanos,
        segmentsBefore,
        segmentsAfter,
        uncertaintyNanos,
        isRoundTrip,
        found);
  }

  private static Optional<Shift> shift(
      DelaysInOrder own, DelaysInOrder other, IntFunction<String> hosts) {
    return LevelShift.of(own.delays())
        .filter(level -> Math.abs(level.size()) >= LEAST_NANOS && isLasting(own, level))
        .filter(level -> isOfSameConnections(own, level, hosts))
        .flatMap(level -> beside(own, level, other));
  }

  private static boolean isLasting(DelaysInOrder own, LevelShift level) {
    long at = own.times()[level.index()];
    return at - own.times()[0] >= LEAST_LASTING_NANOS
        && own.times()[own.size() - 1] - at >= LEAST_LASTING_NANOS;
  }

  /**
   * Other connections may take another way: one shows it itself, or there are several between the
   * same hosts.
   */
  private static boolean isOfSameConnections(
      DelaysInOrder own, LevelShift level, IntFunction<String> hosts) {
    Map<Integer, LongList> before = new HashMap<>();
    Map<Integer, LongList> after = new HashMap<>();
    for (int i = 0; i < own.size(); i++) {
      (i < level.index() ? before : after)
          .computeIfAbsent(own.connections()[i], id -> new LongList())
          .add(own.delays()[i]);
    }
    Set<Integer> both = new HashSet<>(before.keySet());
    both.retainAll(after.keySet());
    return areSeveral(before.keySet(), after.keySet(), hosts)
        || both.stream()
            .filter(id -> Math.min(before.get(id).size(), after.get(id).size()) > 1)
            .anyMatch(
                id ->
                    (after.get(id).median() - before.get(id).median()) / (double) level.size()
                        >= 1 - 1.0 / OPPOSITE_PART);
  }

  private static boolean areSeveral(
      Set<Integer> before, Set<Integer> after, IntFunction<String> hosts) {
    if (Math.min(before.size(), after.size()) < SEVERAL_CONNECTIONS) {
      return false;
    }
    List<String> hostsBefore = before.stream().map(hosts::apply).toList();
    List<String> hostsAfter = after.stream().map(hosts::apply).toList();
    return Math.min(countOf(hostsBefore, hostsAfter), countOf(hostsAfter, hostsBefore))
        >= SEVERAL_CONNECTIONS;
  }

  /** How many of some are also among others. */
  private static long countOf(List<String> some, List<String> others) {
    Set<String> known = new HashSet<>(others);
    return some.stream().filter(known::contains).count();
  }

  /** The other direction at the same time; empty where it does not show that no clock was set. */
  private static Optional<Shift> beside(DelaysInOrder own, LevelShift level, DelaysInOrder other) {
    long at = own.times()[level.index()];
    int split = other.countBefore(at);
    if (split < LevelShift.LEAST_VALUES || other.size() - split < LevelShift.LEAST_VALUES) {
      return Optional.empty();
    }
    long[] before = Arrays.copyOf(other.delays(), split);
    long[] after = Arrays.copyOfRange(other.delays(), split, other.size());
    double noise = notch(before) + notch(after);
    double ownNoise =
        notch(Arrays.copyOf(own.delays(), level.index()))
            + notch(Arrays.copyOfRange(own.delays(), level.index(), own.size()));
    Shift shift =
        new Shift(
            level,
            at,
            before[before.length / 2],
            after[after.length / 2],
            Math.round(noise + ownNoise));
    long same = level.size() > 0 ? shift.otherSize() : -shift.otherSize();
    double least = Math.abs(level.size()) / (double) OPPOSITE_PART;
    return noise <= least && same >= -least ? Optional.of(shift) : Optional.empty();
  }

  /** How far the median may be off; sorts the values. */
  private static double notch(long[] values) {
    Arrays.sort(values);
    long width = values[(3 * values.length) / 4] - values[values.length / 4];
    return NOTCH * width / Math.sqrt(values.length);
  }

  /** Such as {@code the median rises from 10.0 ms to 30.0 ms at …}. */
  String words() {
    return "%s %s from %s to %s at %s"
        .formatted(
            isRoundTrip ? "the round trip (median)" : "the median",
            verb(),
            Spans.text(beforeNanos),
            Spans.text(afterNanos) + uncertainty(),
            time());
  }

  /** Such as {@code the delay from client to server rises from 10.0 ms to 30.0 ms at …}. */
  String headline(Leg across) {
    return "the %s %s (median) %s from %s to %s at %s"
        .formatted(
            isRoundTrip ? "round trip" : "delay",
            isRoundTrip ? across.between() : Words.fromTo(across),
            verb(),
            Spans.text(beforeNanos),
            Spans.text(afterNanos),
            time());
  }

  /** By how much it rises or falls. */
  long sizeNanos() {
    return Math.abs(afterNanos - beforeNanos);
  }

  /** Such as {@code rises by 20.0 ms at …}: where levels are not known, their difference is. */
  String difference() {
    return "%s by %s at %s".formatted(verb(), Spans.text(sizeNanos()) + uncertainty(), time());
  }

  private String uncertainty() {
    return uncertaintyNanos < LEAST_NANOS
        ? ""
        : " (the difference ± "
            + Spans.text(uncertaintyNanos)
            + (isRoundTrip ? ", as delays vary)" : ", as delays vary and clocks may drift)");
  }

  private String verb() {
    return afterNanos > beforeNanos ? "rises" : "falls";
  }

  private String time() {
    return instant().truncatedTo(ChronoUnit.MILLIS)
        + " (clock of "
        + by
        + ")"
        + hops.map(HopChange::words).orElse("");
  }

  private Instant instant() {
    return Instant.EPOCH.plusNanos(atNanos);
  }

  /** Its facts, added to others. */
  Facts addTo(Facts facts) {
    return hops.map(change -> change.addTo(delayFacts(facts))).orElseGet(() -> delayFacts(facts));
  }

  private Facts delayFacts(Facts facts) {
    return facts
        .and("change_of", isRoundTrip ? "round-trip" : "one-way")
        .and("change_at", instant().toString())
        .and("change_from_ms", PathDelay.milliseconds(beforeNanos))
        .and("change_to_ms", PathDelay.milliseconds(afterNanos))
        .and("change_ms", PathDelay.milliseconds(afterNanos - beforeNanos))
        .and("change_uncertainty_ms", PathDelay.milliseconds(uncertaintyNanos))
        .and("change_samples_before", segmentsBefore)
        .and("change_samples_after", segmentsAfter);
  }
}
