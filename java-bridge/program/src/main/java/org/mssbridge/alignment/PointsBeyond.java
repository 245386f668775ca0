package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.IntPredicate;
import org.mssbridge.model.Direction;

/**
 * What the points on both sides of a point show of the segments that its capture lacks. Only where
 * it lacks some are these two compared with each other.
 */
final class PointsBeyond {
  /** In path order. */
  private final List<PairedConnection> pairs;

  private final BinaryOperator<PairedConnection> outer;
  private final Map<Integer, PairedConnection> known = new HashMap<>();

  /**
   * A connection at three points or more.
   *
   * @param pairs its sightings at each two neighbouring points, in path order
   * @param outer aligns it between the outer points of two pairs, the one nearer the client first
   */
  PointsBeyond(List<PairedConnection> pairs, BinaryOperator<PairedConnection> outer) {
    this.pairs = pairs;
    this.outer = outer;
  }

  /**
   * The pairs without losses that the point at the end disproves: what arrived there has passed,
   * and the capture before it missed it.
   */
  List<PairedConnection> corrected() {
    if (!isChain()) {
      return pairs;
    }
    List<PairedConnection> corrected = new ArrayList<>(pairs);
    for (Direction direction : Direction.values()) {
      for (int i = 0; i < pairs.size(); i++) {
        Alignment alignment = pairs.get(i).alignment(direction);
        int end = isForth(direction) ? pairs.size() - 1 : 0;
        if (i != end && alignment.lost().size() > 0) {
          Alignment beyond = between(i, end).alignment(direction);
          if (beyond.near().size() == alignment.near().size()) {
            corrected.set(i, corrected.get(i).with(direction, acquitted(alignment, beyond)));
          }
        }
      }
    }
    return corrected;
  }

  /** Whether the client is on the same side of every pair. */
  private boolean isChain() {
    Direction direction = isForth(Direction.C2S) ? Direction.C2S : Direction.S2C;
    for (int i = 1; i < pairs.size(); i++) {
      if (!pairs.get(i - 1).farPoint(direction).equals(pairs.get(i).nearPoint(direction))) {
        return false;
      }
    }
    return true;
  }

  private boolean isForth(Direction direction) {
    PairedConnection first = pairs.get(0);
    return first.farPoint(direction).equals(pairs.get(1).nearPoint(direction));
  }

  private PairedConnection between(int one, int other) {
    int first = Math.min(one, other);
    int last = Math.max(one, other);
    return known.computeIfAbsent(
        first * pairs.size() + last,
        key ->
            isForth(Direction.C2S)
                ? outer.apply(pairs.get(first), pairs.get(last))
                : outer.apply(pairs.get(last), pairs.get(first)));
  }

  /** Losses of transmissions that arrived further on become what the capture missed. */
  private static Alignment acquitted(Alignment alignment, Alignment beyond) {
    Map<Long, Integer> more = new HashMap<>(); // Copies beyond the ones that this point has.
    for (int i = 0; i < alignment.near().size(); i++) {
      int arrived = alignment.near().peers()[i] > 0 ? 1 : 0;
      int arrivedBeyond = beyond.near().peers()[i] > 0 ? 1 : 0;
      more.merge(alignment.near().start()[i], arrivedBeyond - arrived, Integer::sum);
    }
    IntPredicate passed =
        i ->
            alignment.near().peers()[i] == 0
                && beyond.near().peers()[i] > 0
                && more.get(alignment.near().start()[i]) > 0;
    Alignment.Ranges missed = alignment.lost().only(passed);
    return missed.size() == 0
        ? alignment
        : alignment.withFates(
            alignment.lost().only(passed.negate()),
            alignment.missed().plus(missed),
            alignment.unknown());
  }

  /**
   * The connection between two points on both sides of others, with those transmissions only that
   * the captures between cannot judge, where some of them are lost.
   */
  List<PairedConnection> unjudged() {
    if (!isChain()) {
      return List.of();
    }
    List<PairedConnection> spans = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      int step = isForth(direction) ? 1 : -1;
      int end = step > 0 ? pairs.size() - 1 : 0;
      for (int i = step > 0 ? 0 : pairs.size() - 1; i != end; i += step) {
        unjudged(i, step, end, direction).ifPresent(spans::add);
      }
    }
    return spans;
  }

  private Optional<PairedConnection> unjudged(int from, int step, int end, Direction direction) {
    Alignment alignment = pairs.get(from).alignment(direction);
    if (alignment.unknown().size() + alignment.missed().size() == 0) {
      return Optional.empty();
    }
    boolean[] open = new boolean[alignment.near().size()];
    alignment.unknown().markIn(open);
    alignment.missed().markIn(open);
    for (int to = from + step; ; to += step) {
      PairedConnection span = between(from, to);
      Alignment whole = span.alignment(direction);
      if (whole.near().size() != open.length) {
        return Optional.empty();
      }
      Alignment part = whole.only(i -> open[i]);
      if (to == end || part.unknown().size() == 0) {
        return Optional.of(span.with(direction, part).with(direction.reverse(), Alignment.EMPTY));
      }
    }
  }
}
