package org.mssbridge.flow;

import java.util.List;
import java.util.OptionalLong;
import org.mssbridge.model.RecordedTime;

/**
 * The time in which a capture surely holds what passed its point, on its own clock. Outside of it
 * nothing is known: a capture does not end with its last packet, but only its statistics tell.
 *
 * @param fromNanos from when on, nanoseconds since 1970: stated, or that of the first packet
 * @param untilNanos until when: stated, or that of the last packet
 * @param isFromStated whether the interface statistics tell the start
 * @param isUntilStated whether they tell the end
 * @param droppedPackets how many packets the capturing host dropped meanwhile; empty if unknown
 * @param holes times within it of which nothing is known, in their order
 */
public record Coverage(
    long fromNanos,
    long untilNanos,
    boolean isFromStated,
    boolean isUntilStated,
    OptionalLong droppedPackets,
    List<Hole> holes) {
  public Coverage {
    holes = List.copyOf(holes);
  }

  /**
   * A time without packets between two packets.
   *
   * @param fromNanos when the last packet before it was captured
   * @param untilNanos when the first packet after it was
   */
  public record Hole(long fromNanos, long untilNanos) {
    /** Whether a time is in it. */
    public boolean contains(long nanos) {
      return nanos > fromNanos && nanos < untilNanos;
    }

    /** Whether the packet before it or the one after it has a time. */
    public boolean endsAt(long nanos) {
      return nanos == fromNanos || nanos == untilNanos;
    }
  }

  /** By the packets and the statistics; statistics that contradict the packets are not believed. */
  public static Coverage of(PointCapture.Extent extent, RecordedTime recorded) {
    long from = recorded.startNanos().orElse(Long.MAX_VALUE);
    long until = recorded.endNanos().orElse(Long.MIN_VALUE);
    boolean isFromStated = from <= extent.firstNanos();
    boolean isUntilStated = until >= extent.lastNanos();
    return new Coverage(
        isFromStated ? from : extent.firstNanos(),
        isUntilStated ? until : extent.lastNanos(),
        isFromStated,
        isUntilStated,
        recorded.droppedPackets(),
        List.of());
  }

  /** The same for one point of a capture that has packets of other points at these times. */
  Coverage widened(long firstNanos, long lastNanos) {
    return new Coverage(
        Math.min(fromNanos, firstNanos),
        Math.max(untilNanos, lastNanos),
        isFromStated,
        isUntilStated,
        droppedPackets,
        holes);
  }

  /** The same with holes. */
  Coverage with(List<Hole> others) {
    return new Coverage(fromNanos, untilNanos, isFromStated, isUntilStated, droppedPackets, others);
  }

  /** Whether a packet at that time would be in the capture. */
  public boolean contains(long nanos) {
    return nanos >= fromNanos
        && nanos <= untilNanos
        && (holes.isEmpty() || holes.stream().noneMatch(hole -> hole.contains(nanos)));
  }
}
