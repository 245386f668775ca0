/**
 * Fits the clock of one capture point against that of another, from the times of segments that
 * passed both.
 *
 * <p>The offset is known as an interval only, since the division of the delay between the two
 * directions is unknown. The interval contains the true offset for any path delays, as long as the
 * clocks drift evenly. A clock that was set while the captures ran has steps; where no line fits
 * and no steps explain it, the clock is marked as inconsistent. A drift is stated only where the
 * samples show it. The order of the samples does not matter.
 *
 * <p>{@link org.mssbridge.clock.Clock} is the door: {@code fit} makes one of the {@link
 * org.mssbridge.clock.ClockSamples} of both directions, and {@code then} adds clocks up along a
 * path. {@code ClockFit} finds the lines that fit, between the hulls of {@code LowerHull}; {@code
 * ClockSteps} finds where a clock was set.
 */
package org.mssbridge.clock;
