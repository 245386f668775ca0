package org.mssbridge.timing;

import java.time.Duration;
import java.util.Optional;

/**
 * The time for a stage or a part of one.
 *
 * @param part the name of the part; empty for the whole stage
 * @param cpu of this program, its compiler and garbage collection included; empty if not measured
 */
public record Lap(Stage stage, String part, Duration wall, Optional<Duration> cpu) {
  /** The sum of two; its CPU time is known if both are. */
  Lap plus(Lap other) {
    return new Lap(stage, part, wall.plus(other.wall), cpu.flatMap(c -> other.cpu.map(c::plus)));
  }
}
