/**
 * Fits the clock of one capture point against that of another, from the times of segments that
 * passed both.
 *
 * <p>The offset is known as an interval, since nothing tells how the delay divides between the two
 * directions. The interval holds the true offset as long as the clocks drift evenly, however the
 * path delays. A clock that was set while the captures ran has steps; where no line fits and no
 * steps explain it, the clock says that it is inconsistent. A drift is stated only where the
 * samples tell it. The order of the samples does not matter.
 *
 * <p>{@link org.mssbridge.clock.Clock} is the door: {@code fit} makes one of the {@link
 * org.mssbridge.clock.ClockSamples} of both directions, and {@code then} adds clocks up along a
 * path. {@code ClockFit} finds the lines that fit, between the hulls of {@code LowerHull}; {@code
 * ClockSteps} finds where a clock was set.
 */
package org.mssbridge.clock;
