package org.mssbridge.evidence;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What passed a leg in one direction in an interval of time.
 *
 * @param number of the interval, from 0
 * @param sentSegments transmissions with data at the near point
 * @param lostSegments those of which bytes did not arrive at the far point
 * @param unknownSegments those of which it is unknown whether they arrived
 * @param repeatedSegments those that repeat bytes that the near point saw before
 * @param sentBytes of payload at the near point, repetitions included
 * @param arrivedBytes of payload at the far point
 * @param delay of the segments that both points surely saw; empty where there is none, or the
 *     clocks are not known
 * @param jitterNanos the mean difference of delay between a segment and the one before it on the
 *     same connection, in the order of arrival (the D of RFC 3550, section 6.4.1); empty where
 *     there is none
 * @param flight when most was on its way; empty where nothing shows it
 */
public record LegInterval(
    int number,
    int sentSegments,
    int lostSegments,
    int unknownSegments,
    int repeatedSegments,
    long sentBytes,
    long arrivedBytes,
    Optional<Delay> delay,
    OptionalLong jitterNanos,
    Optional<Flight> flight) {

  /**
   * One-way delays, each at most 2 % wrong beside the uncertainty of the clocks.
   *
   * @param segments how many
   * @param medianNanos half take this long or less
   * @param percentile95Nanos 95 % take this long or less
   * @param worstNanos the longest
   */
  public record Delay(int segments, long medianNanos, long percentile95Nanos, long worstNanos) {}

  /**
   * What one connection had sent and not yet seen acknowledged at the near point, when this was
   * most.
   *
   * @param bytes of payload
   * @param windowBytes the receiver's window then; empty where a SYN with its scale was not seen
   */
  public record Flight(long bytes, OptionalLong windowBytes) {}

  /** Whether it is known of any transmission whether it arrived; of none, none was lost. */
  public boolean isJudged() {
    return sentSegments == 0 || unknownSegments < sentSegments;
  }

  /** Whether nothing passed. */
  boolean isEmpty() {
    return sentSegments == 0
        && sentBytes == 0
        && arrivedBytes == 0
        && delay.isEmpty()
        && flight.map(most -> most.bytes() == 0).orElse(true);
  }
}
