package org.mssbridge.flow;

import java.util.List;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.TooBig;

/**
 * What one capture holds, sorted into connections.
 *
 * @param point where it was taken
 * @param connections in the order of their first frames
 * @param tooBigs the ICMP messages that quote a TCP segment and say that it was too big
 * @param extent how much the capture holds
 */
public record PointCapture(
    CapturePoint point, List<Connection> connections, List<TooBig> tooBigs, Extent extent) {
  public PointCapture {
    connections = List.copyOf(connections);
    tooBigs = List.copyOf(tooBigs);
  }

  /**
   * How much a capture holds.
   *
   * @param packets number of frames
   * @param firstNanos earliest time, nanoseconds since 1970; meaningless without packets
   * @param lastNanos latest time
   * @param truncatedPackets frames of which the snapshot length cut something off
   * @param firstTruncatedFrame the first of them, 0 where there is none
   * @param snapLengthBytes the most bytes held of a truncated frame
   * @param complete false where the file ends inside a packet
   */
  public record Extent(
      int packets,
      long firstNanos,
      long lastNanos,
      int truncatedPackets,
      int firstTruncatedFrame,
      int snapLengthBytes,
      boolean complete) {}
}
