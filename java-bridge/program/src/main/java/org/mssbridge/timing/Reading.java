package org.mssbridge.timing;

import java.time.Duration;
import java.util.Optional;

/**
 * The time for reading a capture.
 *
 * @param point the name of its capture point
 * @param frames all frames of the capture
 * @param tsharkFrames those that tshark read
 * @param why why tshark read these
 * @param wall from the start to the end
 * @param scanCpu of the thread that reads the file and gives tshark its frames
 * @param linesCpu of the thread that reads what tshark prints
 * @param tsharkCpu of the tshark of this capture; empty if not measured
 */
public record Reading(
    String point,
    long frames,
    long tsharkFrames,
    String why,
    Duration wall,
    Duration scanCpu,
    Duration linesCpu,
    Optional<Duration> tsharkCpu) {
  /** The sum of two; what was not measured of one is not known of the sum. */
  Reading plus(Reading other) {
    return new Reading(
        point,
        frames + other.frames,
        tsharkFrames + other.tsharkFrames,
        why.equals(other.why) ? why : "for several reasons",
        wall.plus(other.wall),
        scanCpu.plus(other.scanCpu),
        linesCpu.plus(other.linesCpu),
        tsharkCpu.flatMap(cpu -> other.tsharkCpu.map(cpu::plus)));
  }
}
