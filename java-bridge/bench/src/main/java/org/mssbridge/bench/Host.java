package org.mssbridge.bench;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;

/**
 * An end of a connection while it is simulated. Positions count the stream: 0 is the SYN, 1 the
 * first byte of data.
 */
final class Host {
  /** As many as fit into the options beside timestamps. */
  private static final int MAX_SACK_BLOCKS = 3;

  private final Stack stack;
  private final Numbers numbers;
  private final Content content;
  private final List<Range> outOfOrder = new ArrayList<>();

  private final Queue<Timestamp> arriving = new ArrayDeque<>();

  private int ipId;
  private long sent;
  private long received;
  private int tsRecent;

  Host(Stack stack, Numbers numbers, long contentKey) {
    this.stack = stack;
    this.numbers = numbers;
    content = new Content(contentKey);
    ipId = numbers.firstIpId();
  }

  /**
   * What the host has of its own.
   *
   * @param near its address as its own side sees it
   * @param far its address beyond the middlebox
   * @param nearIsn its first sequence number as it sends it
   * @param farIsn the same beyond the middlebox
   * @param nearHops routers between the host and the capture point on its side
   * @param farHops routers between the host and the other capture point
   */
  record Numbers(
      InetSocketAddress near,
      InetSocketAddress far,
      int nearIsn,
      int farIsn,
      int nearHops,
      int farHops,
      int timestampOffset,
      int firstIpId,
      int flowLabel) {}

  /** A timestamp on its way. */
  private record Timestamp(long timeUs, int value) {}

  /** A range of stream positions. */
  record Range(long start, long end) {}

  Stack stack() {
    return stack;
  }

  Numbers numbers() {
    return numbers;
  }

  Content content() {
    return content;
  }

  int nextIpId() {
    ipId++;
    return ipId & 0xFFFF;
  }

  /** The next position to send. */
  long sent() {
    return sent;
  }

  void advance(long positions) {
    sent += positions;
  }

  /** The position up to which all was received. */
  long received() {
    return received;
  }

  /** The latest timestamp that has arrived before a time. */
  int tsRecent(long timeUs) {
    while (!arriving.isEmpty() && arriving.element().timeUs() <= timeUs) {
      tsRecent = arriving.remove().value();
    }
    return tsRecent;
  }

  void timestampArrives(long timeUs, int value) {
    arriving.add(new Timestamp(timeUs, value));
  }

  /** Takes a range that has arrived. */
  void receive(long start, long end) {
    if (start > received) {
      long merged = start;
      for (Range range : List.copyOf(outOfOrder)) {
        if (range.end() == start) {
          merged = range.start();
          outOfOrder.remove(range);
        }
      }
      outOfOrder.add(0, new Range(merged, end)); // The block of the latest segment comes first.
      return;
    }
    received = Math.max(received, end);
    boolean more = true;
    while (more) {
      more = false;
      for (Range range : List.copyOf(outOfOrder)) {
        if (range.start() <= received) {
          received = Math.max(received, range.end());
          outOfOrder.remove(range);
          more = true;
        }
      }
    }
  }

  /** The SACK blocks of an acknowledgment. */
  List<Range> sackBlocks() {
    return outOfOrder.isEmpty()
        ? Collections.emptyList()
        : List.copyOf(outOfOrder.subList(0, Math.min(MAX_SACK_BLOCKS, outOfOrder.size())));
  }
}
