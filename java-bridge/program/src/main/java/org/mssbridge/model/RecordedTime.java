package org.mssbridge.model;

import java.util.OptionalLong;

/**
 * When a capture was taken, as its own statistics say: those of its interfaces, in pcapng. What
 * they do not say is empty.
 *
 * @param startNanos from when on packets were recorded, nanoseconds since 1970
 * @param endNanos until when
 * @param droppedPackets how many packets the capturing host counted as dropped meanwhile
 */
public record RecordedTime(
    OptionalLong startNanos, OptionalLong endNanos, OptionalLong droppedPackets) {
  /** Nothing is said. */
  public static final RecordedTime UNKNOWN =
      new RecordedTime(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  /** From the start of this to the end of a capture that goes on after it. */
  public RecordedTime then(RecordedTime next) {
    return new RecordedTime(startNanos, next.endNanos, sum(droppedPackets, next.droppedPackets));
  }

  /** The time in which both recorded, if they recorded side by side. */
  public RecordedTime and(RecordedTime other) {
    return new RecordedTime(
        startNanos.isPresent() && other.startNanos.isPresent()
            ? OptionalLong.of(Math.max(startNanos.getAsLong(), other.startNanos.getAsLong()))
            : OptionalLong.empty(),
        endNanos.isPresent() && other.endNanos.isPresent()
            ? OptionalLong.of(Math.min(endNanos.getAsLong(), other.endNanos.getAsLong()))
            : OptionalLong.empty(),
        sum(droppedPackets, other.droppedPackets));
  }

  private static OptionalLong sum(OptionalLong first, OptionalLong second) {
    return first.isPresent() && second.isPresent()
        ? OptionalLong.of(first.getAsLong() + second.getAsLong())
        : OptionalLong.empty();
  }
}
