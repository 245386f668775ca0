package org.mssbridge.evidence;

import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;

/**
 * Whether segment size decides which segments cross: the largest of one direction that crossed, and
 * how often larger ones were lost.
 *
 * @param largestCrossedBytes largest payload that arrived as it was sent, 0 where none did
 * @param lostAbove larger transmissions that were lost entirely, including retransmissions
 * @param repeated those losses that repeat bytes lost before
 * @param smallestLostBytes smallest payload of these losses, 0 where there is none
 * @param firstLostFrame frame of the first of them at the near point, 0 where there is none
 * @param lastLostFrame frame of the last of them, 0 where there is none
 * @param dontFragment whether all lost segments forbid fragmentation
 * @param crossedAfterwards whether any segment crossed after the first loss
 * @param contentCrossed whether bytes of these losses crossed in a smaller segment
 * @param optionBytes length of the TCP options in the first lost segment
 */
public record SizeLimit(
    int largestCrossedBytes,
    int lostAbove,
    int repeated,
    int smallestLostBytes,
    int firstLostFrame,
    int lastLostFrame,
    boolean dontFragment,
    boolean crossedAfterwards,
    boolean contentCrossed,
    int optionBytes) {
  /** Fewer losses may be chance (RFC 8899, section 5.1.2: MAX_PROBES). */
  private static final int MIN_LOSSES = 3;

  /** Every IPv4 host must take packets of this size (RFC 791, section 3.1). */
  private static final int IPV4_BYTES = 576;

  /** Every IPv6 link must carry packets of this size (RFC 8200, section 5), and tunnels do. */
  private static final int IPV6_BYTES = 1280;

  public static SizeLimit of(PairedConnection pair, Direction direction) {
    Alignment alignment = pair.alignment(direction);
    Alignment.Sightings near = alignment.near();
    SegmentTable table = pair.nearFlow(direction).table();
    boolean[] lost = wholeLosses(alignment, table);
    int largest = largestCrossedBytes(alignment);
    int count = 0;
    int repeated = 0;
    int smallest = Integer.MAX_VALUE;
    int first = -1;
    int last = -1;
    boolean dontFragment = true;
    long lastStart = -1;
    for (int i = 0; i < near.size(); i++) {
      int row = near.row()[i];
      if (lost[i] && table.payloadBytes(row) > largest) {
        count++;
        repeated += near.start()[i] <= lastStart ? 1 : 0;
        lastStart = Math.max(lastStart, near.start()[i]);
        smallest = Math.min(smallest, table.payloadBytes(row));
        first = first < 0 ? i : first;
        last = i;
        dontFragment &= table.dontFragment(row);
      }
    }
    return new SizeLimit(
        largest,
        count,
        repeated,
        count == 0 ? 0 : smallest,
        first < 0 ? 0 : table.frame(near.row()[first]),
        last < 0 ? 0 : table.frame(near.row()[last]),
        dontFragment,
        first >= 0 && crossedAfter(pair, direction, table.timeNanos(near.row()[first])),
        first >= 0 && contentCrossed(alignment, table, lost, largest),
        first < 0 ? 0 : table.optionBytes(near.row()[first]));
  }

  /** The largest payload of a direction that arrived as it was sent, 0 where none did. */
  public static int largestCrossedBytes(Alignment alignment) {
    Alignment.Sightings near = alignment.near();
    int largest = 0;
    for (int i = 0; i < near.size(); i++) {
      if (near.peers()[i] > 0) {
        largest = Math.max(largest, near.largestPeerBytes()[i]);
      }
    }
    return largest;
  }

  /** The largest IP packet of a direction that arrived as it was sent, 0 where none did. */
  public static int largestCrossedPacketBytes(PairedConnection pair, Direction direction) {
    Alignment.Sightings near = pair.alignment(direction).near();
    SegmentTable table = pair.nearFlow(direction).table();
    int headerBytes = IpFamily.of(pair.near(direction).isIpv6()).tcpIpBytes();
    int largest = 0;
    for (int i = 0; i < near.size(); i++) {
      if (near.peers()[i] > 0) {
        int optionBytes = table.optionBytes(near.row()[i]);
        largest = Math.max(largest, near.largestPeerBytes()[i] + optionBytes + headerBytes);
      }
    }
    return largest;
  }

  /** A copy with what crossed on other connections to the same receiver as well. */
  SizeLimit withLargestCrossed(int bytes) {
    return new SizeLimit(
        bytes,
        lostAbove,
        repeated,
        smallestLostBytes,
        firstLostFrame,
        lastLostFrame,
        dontFragment,
        crossedAfterwards,
        contentCrossed,
        optionBytes);
  }

  private static boolean[] wholeLosses(Alignment alignment, SegmentTable table) {
    boolean[] lost = new boolean[alignment.near().size()];
    Alignment.Ranges ranges = alignment.lost();
    for (int i = 0; i < ranges.size(); i++) {
      int index = ranges.index()[i];
      int payloadBytes = table.payloadBytes(alignment.near().row()[index]);
      lost[index] = ranges.end()[i] - ranges.start()[i] == payloadBytes;
    }
    return lost;
  }

  /** Whether the first byte of a loss above a size is in a transmission that arrived. */
  private static boolean contentCrossed(
      Alignment alignment, SegmentTable table, boolean[] lost, int largest) {
    Alignment.Sightings near = alignment.near();
    TreeMap<Long, Long> crossed = new TreeMap<>(); // ends by starts
    for (int i = 0; i < near.size(); i++) {
      if (near.peers()[i] > 0) {
        long start = near.start()[i];
        crossed.merge(start, start + table.payloadBytes(near.row()[i]), Math::max);
      }
    }
    for (int i = 0; i < near.size(); i++) {
      if (lost[i] && table.payloadBytes(near.row()[i]) > largest) {
        Map.Entry<Long, Long> before = crossed.floorEntry(near.start()[i]);
        if (before != null && before.getValue() > near.start()[i]) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean crossedAfter(PairedConnection pair, Direction direction, long sentNanos) {
    SegmentTable table = pair.farFlow(direction).table();
    long expectedNanos = sentNanos + pair.delay(direction).typicalNanos();
    for (int row = pair.farFlow(direction).firstRow(); row >= 0; row = table.next(row)) {
      if (table.timeNanos(row) > expectedNanos) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a segment can be too big for a link: smaller packets pass practically every one, so
   * that where nothing crosses any more it is an outage. Links that carry less than IPv6 needs are
   * rare: one is thought of only where smaller segments with data cross.
   *
   * @param crossedBytes the largest segment that crosses; 0 where none with data does
   */
  public static boolean canBeTooBig(Connection connection, int segmentBytes, int crossedBytes) {
    boolean ipv6 = connection.isIpv6();
    return segmentBytes + IpFamily.of(ipv6).tcpIpBytes()
        > (ipv6 || crossedBytes == 0 ? IPV6_BYTES : IPV4_BYTES);
  }

  /** Whether segments above the limit were lost repeatedly. */
  public boolean isSharp() {
    return lostAbove >= MIN_LOSSES && repeated >= MIN_LOSSES - 1;
  }
}
