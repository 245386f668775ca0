package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mssbridge.finding.Leg;

/**
 * A leg in one direction over time, by intervals.
 *
 * @param connection its number in the report; empty for all connections together
 * @param connections how many connections are in it
 * @param intervals when they are, on the clock of the first capture
 * @param near the intervals of which the near capture holds a part; empty for none
 * @param far those of which the far capture does; empty for none, or where it is not known when
 * @param clock what is known of the clocks
 * @param mssBytes the MSS that limits the segments, at the near point; empty if connections differ
 * @param active the intervals in which anything passed, ascending; in the others that both captures
 *     hold, nothing did
 */
public record LegOverTime(
    Leg leg,
    OptionalInt connection,
    int connections,
    Intervals intervals,
    Optional<Reached> near,
    Optional<Reached> far,
    ClockKnowledge clock,
    OptionalInt mssBytes,
    List<LegInterval> active) {
  public LegOverTime {
    active = List.copyOf(active);
  }

  /**
   * A run of intervals.
   *
   * @param first the number of the first
   * @param last the number of the last
   */
  public record Reached(int first, int last) {
    /** Whether an interval is one of them. */
    public boolean contains(int number) {
      return number >= first && number <= last;
    }
  }

  /**
   * What is known of the clocks of both points.
   *
   * @param uncertaintyNanos by how much all delays may be off together; empty where they are not
   *     known
   * @param whyUnknown why they are not known, as a clause; empty where they are
   */
  public record ClockKnowledge(OptionalLong uncertaintyNanos, String whyUnknown) {
    /** The least delay that does not show that the clocks are not known so well. */
    long leastDelayNanos() {
      return uncertaintyNanos.isEmpty()
          ? Long.MIN_VALUE
          : ClockUncertainty.leastDelayNanos(uncertaintyNanos.getAsLong());
    }
  }
}
