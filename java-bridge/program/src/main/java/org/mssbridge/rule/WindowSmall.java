package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.WindowLimit;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A receive window that is too small for its path, as the point nearest the sender shows it. */
final class WindowSmall implements Rule {
  static final Kind KIND =
      new Kind(
          "window.small",
          Severity.NOTE,
          Group.SEQUENCE,
          "a receive window limits a transfer: its sender has to wait for acknowledgments");

  /**
   * Transfers that the window of their receiver limits.
   *
   * @param receiver the direction in which the receiver announces its window
   * @param isUnscaled whether the windows would be larger if both ends scaled them
   * @param limits one for each connection
   */
  record Small(Direction receiver, CapturePoint point, boolean isUnscaled, List<WindowLimit> limits)
      implements Finding {
    Small {
      limits = List.copyOf(limits);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    private long windowBytes() {
      return limits.stream().mapToLong(WindowLimit::windowBytes).max().orElse(0);
    }

    @Override
    public String message() {
      return String.format(
          "the receive window of the %s, at most %s%s, limits what the %s sends: most of the time in"
              + " which data is on its way, the %s waits until an acknowledgment makes room",
          Words.sender(receiver),
          Words.count(windowBytes(), "byte"),
          isUnscaled ? " (not both ends scale their windows)" : "",
          Words.sender(receiver.reverse()),
          Words.sender(receiver.reverse()));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(receiver.reverse());
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("receiver", Words.sender(receiver))
          .and("largest_window_bytes", windowBytes())
          .and("scaling_is_missing", isUnscaled);
    }

    @Override
    public String nextStep() {
      return isUnscaled
          ? "find out why windows are not scaled: an end that has this switched off (Linux:"
              + " net.ipv4.tcp_window_scaling), one that answers with SYN cookies, or a device that"
              + " takes the option out"
          : "give the "
              + Words.sender(receiver)
              + " a larger receive buffer: the rate that is wanted times the round trip (Linux:"
              + " net.ipv4.tcp_rmem; an application that sets SO_RCVBUF)";
    }
  }

  /** Where a window is seen to limit transfers. */
  private record Key(Direction receiver, CapturePoint point, boolean isUnscaled) {}

  /** Those of a key. */
  private static final class Tally {
    final List<WindowLimit> limits = new ArrayList<>();
    final List<Occurrence> occurrences = new ArrayList<>();
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    boolean alone = evidence.comparison().path().size() == 1;
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        if (alone || !traced.isOneSided()) {
          check(traced, direction, tallies);
        }
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Small(key.receiver(), key.point(), key.isUnscaled(), tally.limits),
                tally.occurrences));
  }

  /** How much is on its way is seen at the point nearest the sender. */
  private static void check(TracedConnection traced, Direction direction, Map<Key, Tally> tallies) {
    CapturePoint nearest = Evidence.nearestSender(traced, direction);
    Connection seen = traced.at().at(nearest).orElseThrow();
    WindowLimit.of(seen, direction)
        .ifPresent(
            limit -> {
              Tally tally =
                  tallies.computeIfAbsent(
                      new Key(direction.reverse(), nearest, limit.isUnscaled()),
                      key -> new Tally());
              tally.limits.add(limit);
              tally.occurrences.add(occurrence(traced, seen, nearest, limit));
            });
  }

  private static Occurrence occurrence(
      TracedConnection traced, Connection seen, CapturePoint point, WindowLimit limit) {
    return Occurrence.on(traced.id())
        .at(point, limit.frame())
        .at(point, limit.lastFrame())
        .waiting(limit.heldNanos())
        .saying(
            String.format(
                "%s to %s: a window of at most %s holds the sender back for %s of the %s in which"
                    + " data is on its way; %s are acknowledged in that time (%s)",
                seen.client(),
                seen.server(),
                Words.count(limit.windowBytes(), "byte"),
                Words.time(limit.heldNanos()),
                Words.time(limit.busyNanos()),
                Words.count(limit.bytes(), "byte"),
                Words.rate(limit.bytes() * 8e9 / limit.busyNanos())))
        .with(
            Facts.of("window_bytes", limit.windowBytes())
                .and("held_s", limit.heldNanos() / 1e9)
                .and("busy_s", limit.busyNanos() / 1e9)
                .and("bytes", limit.bytes()));
  }
}
