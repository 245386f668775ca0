package org.mssbridge.flow;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.EncryptedTunnel;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.TooBig;

/**
 * The content of one capture, sorted into connections.
 *
 * @param point where it was taken
 * @param connections in the order of their first frames
 * @param tooBigs the ICMP "too big" messages that quote a TCP segment
 * @param fragments the fragments of IP packets with TCP
 * @param encrypted the tunnels whose content cannot be read, those with most packets first
 * @param extent the size and time span of the capture
 * @param datagrams what it holds besides TCP
 * @param coverage the time in which it surely holds what passed
 * @param part what it is of a file that holds several points; empty if its file is one point
 */
public record PointCapture(
    CapturePoint point,
    List<Connection> connections,
    List<TooBig> tooBigs,
    Fragments fragments,
    List<EncryptedTunnel> encrypted,
    DatagramTable datagrams,
    Extent extent,
    Coverage coverage,
    Optional<FilePart> part) {
  public PointCapture {
    connections = List.copyOf(connections);
    tooBigs = List.copyOf(tooBigs);
    encrypted = List.copyOf(encrypted);
  }

  /** A capture that was read for its TCP only. */
  public PointCapture(
      CapturePoint point,
      List<Connection> connections,
      List<TooBig> tooBigs,
      Fragments fragments,
      List<EncryptedTunnel> encrypted,
      Extent extent,
      Coverage coverage,
      Optional<FilePart> part) {
    this(
        point,
        connections,
        tooBigs,
        fragments,
        encrypted,
        DatagramTable.UNREAD,
        extent,
        coverage,
        part);
  }

  /** The same capture with what it holds besides TCP. */
  public PointCapture with(DatagramTable others) {
    return new PointCapture(
        point, connections, tooBigs, fragments, encrypted, others, extent, coverage, part);
  }

  /** The same capture with times that it does not cover. */
  public PointCapture with(List<Coverage.Hole> holes) {
    return covering(coverage.with(holes), part);
  }

  /**
   * The same capture with some connections joined to others: their segments become those of the
   * others, in the order of the capture, whatever addresses they bear.
   *
   * @param into for the stream of each connection to join, the stream of the one that it belongs
   *     to; both have one end in common
   */
  public PointCapture joining(Map<Integer, Integer> into) {
    Map<Integer, Connection> joined = new TreeMap<>();
    connections.forEach(connection -> joined.put(connection.stream(), connection));
    into.forEach((from, to) -> joined.put(to, joined.get(to).joined(joined.get(from))));
    into.keySet().forEach(joined::remove);
    return new PointCapture(
        point,
        joined.values().stream().sorted(Comparator.comparingInt(Connection::firstFrame)).toList(),
        tooBigs,
        fragments,
        encrypted,
        datagrams,
        extent,
        coverage,
        part);
  }

  /** More than the highest stream number of its connections. */
  public int streams() {
    return 1 + connections.stream().mapToInt(Connection::stream).max().orElse(-1);
  }

  /** Whether both are points of one file. */
  public boolean sharesFile(PointCapture other) {
    return part.isPresent() && other.part.isPresent() && part.get().isOfSameFile(other.part.get());
  }

  /** The same capture as a point of a file that holds several. */
  public PointCapture asPart(FilePart share) {
    return covering(
        share.isOneCapture() ? coverage.widened(share.firstNanos(), share.lastNanos()) : coverage,
        Optional.of(share));
  }

  private PointCapture covering(Coverage times, Optional<FilePart> share) {
    return new PointCapture(
        point, connections, tooBigs, fragments, encrypted, datagrams, extent, times, share);
  }

  /**
   * The size and time span of a capture.
   *
   * @param packets number of frames
   * @param firstNanos earliest time, nanoseconds since 1970; meaningless where no packet has one
   * @param lastNanos latest time
   * @param untimedPackets frames that have no time, as in simple packet blocks
   * @param truncatedPackets frames that the snapshot length cut
   * @param firstTruncatedFrame the first of them, 0 where there is none
   * @param snapLengthBytes the most bytes that the capture holds of a truncated frame
   * @param complete false where the file ends inside a packet
   */
  public record Extent(
      int packets,
      long firstNanos,
      long lastNanos,
      int untimedPackets,
      int truncatedPackets,
      int firstTruncatedFrame,
      int snapLengthBytes,
      boolean complete) {
    /** Whether any packet has a time. */
    public boolean hasTime() {
      return untimedPackets < packets;
    }
  }
}
