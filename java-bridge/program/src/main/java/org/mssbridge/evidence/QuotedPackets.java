package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.CaptureGaps;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TooBig;

/**
 * The packets of one direction of a connection that a point saw so far, to find those that messages
 * at this point quote. Messages are asked for in the order of their frames.
 */
final class QuotedPackets {
  private static final int IP_IDS = 1 << 16;

  /** Messages of several packets, all with one shift: fewer may be chance or guesses. */
  private static final int MIN_SHIFTED = 2;

  /** A router answers a packet within this. */
  private static final long ANSWER_NANOS = 3_000_000_000L;

  /** No segment is longer than an IP packet. */
  private static final int MAX_SEGMENT_BYTES = 1 << 16;

  /** Among more segments than that, a repetition is not looked for. */
  private static final int MAX_LOOKED_AT = 128;

  private final Connection connection;
  private final Direction direction;

  /** The connection between this point and the next one. */
  private final List<PairedConnection> pairs;

  private final Flow flow;
  private final SegmentTable table;
  private final int base;

  /** From which numbers a quote may count: a device may or may not have translated it. */
  private final List<Integer> bases = new ArrayList<>();

  private final int headerBytes;
  private final OptionalInt mssLimit;

  /** The last packet with each IP ID. */
  private final Map<Integer, Integer> byIpId = new HashMap<>();

  /** The IP IDs of packets that are quoted with a shifted number, by the shift. */
  private final Map<Integer, Set<Integer>> shifted = new HashMap<>();

  /** The last segment with data from each position. */
  private final NavigableMap<Long, Integer> byStart = new TreeMap<>();

  /** All segments with data from each position, where there are several. */
  private final Map<Long, List<Integer>> copies = new HashMap<>();

  private final Map<Long, Integer> byStartAndIpId = new HashMap<>();

  /** The row of each packet that was found, by its frame. */
  private final Map<Integer, Integer> foundRows = new HashMap<>();

  /** The rows whose data begins before the end of what was sent until then. */
  private final BitSet repetitions = new BitSet();

  /** Whether the capture shows all that was sent; unknown before it is asked for. */
  private Optional<Boolean> isWhole = Optional.empty();

  private Optional<FirstAcknowledgments> acknowledgments = Optional.empty();

  /** Those at the next point, by the number of the pair. */
  private final Map<Integer, FirstAcknowledgments> acrossAcknowledgments = new HashMap<>();

  private int next;
  private long highest;
  private long sentEnd;

  QuotedPackets(TracedConnection traced, CapturePoint point, Direction direction) {
    connection = traced.at().at(point).orElseThrow();
    this.direction = direction;
    pairs =
        traced.pairs().stream().filter(pair -> pair.nearPoint(direction).equals(point)).toList();
    flow = connection.flow(direction);
    table = flow.table();
    base = base(traced, point, direction);
    bases.add(base);
    for (CapturePoint other : traced.at().points()) {
      int otherBase = base(traced, other, direction);
      if (!bases.contains(otherBase)) {
        bases.add(otherBase);
      }
    }
    headerBytes = IpFamily.of(connection.isIpv6()).tcpIpBytes();
    mssLimit = connection.mssLimit(direction);
    next = flow.firstRow();
  }

  /** The number from which positions are counted, the same byte at all points. */
  private static int base(TracedConnection traced, CapturePoint point, Direction direction) {
    for (PairedConnection pair : traced.pairs()) {
      if (pair.nearPoint(direction).equals(point) || pair.farPoint(direction).equals(point)) {
        return pair.base(point, direction);
      }
    }
    Flow flow = traced.at().at(point).orElseThrow().flow(direction);
    int first = flow.firstRow() < 0 ? 0 : flow.table().sequence(flow.firstRow());
    return flow.isn().orElse(first - 1);
  }

  /**
   * The packet that a message quotes; empty where it was not sent before. One that is recognised by
   * its IP ID only counts where {@link #isConstant} says so in the end.
   */
  Optional<Quote.Packet> find(TooBig message) {
    advance(message.frame());
    if (message.quotedSequence().isEmpty()) {
      return Optional.empty();
    }
    int quoted = message.quotedSequence().getAsInt();
    for (int from : bases) {
      long position = SequenceNumber.unwrap(quoted - from, highest);
      int row = row(position, message.quotedIpId(), message.quotedIpBytes().orElse(0));
      if (row >= 0) {
        return Optional.of(packet(row, position, message, from - base));
      }
    }
    int row = rowByIpId(message);
    if (row < 0) {
      return Optional.empty();
    }
    int shift = quoted - table.sequence(row);
    shifted.computeIfAbsent(shift, key -> new HashSet<>()).add(table.ipId(row));
    return Optional.of(packet(row, table.position(row, base, highest), message, shift));
  }

  /** Whether a number is that of a packet, or that of several packets is shifted by this. */
  boolean isConstant(int shift) {
    return !shifted.containsKey(shift) || shifted.get(shift).size() >= MIN_SHIFTED;
  }

  /** Whether a shift is that between the numbers of two points which both saw the connection. */
  boolean isOfOtherPoint(int shift) {
    return bases.contains(base + shift);
  }

  /**
   * Whether the packet that a message quotes arrives all the same: it is acknowledged, and sent
   * only once in a capture that lacks nothing of this direction, or whole at the next point before
   * another copy is.
   */
  boolean isDelivered(TooBig message, Quote.Packet packet) {
    advance(Integer.MAX_VALUE);
    int row = foundRows.getOrDefault(packet.frames().get(0), -1);
    if (row < 0
        || packet.isJoined()
        || message.quotedSequence().isEmpty()
        || repetitions.get(row)
        || highest >= Integer.MAX_VALUE) {
      return false;
    }
    long start = table.position(row, base, highest);
    long from = Math.max(start, position(message.quotedSequence().getAsInt(), packet.shift()));
    long end = from + packet.ipBytes() - headerBytes - table.optionBytes(row);
    if (end <= from) {
      return false;
    }
    return (!isRepeated(row, from, end) && isWhole() && isAcknowledged(end))
        || pairs.stream().anyMatch(pair -> isAcknowledgedAcross(pair, row, from, end));
  }

  /** Whether any of some bytes is sent again after a row. */
  private boolean isRepeated(int row, long from, long end) {
    int looked = 0;
    for (Map.Entry<Long, Integer> other = byStart.lowerEntry(end);
        other != null && other.getKey() > from - MAX_SEGMENT_BYTES;
        other = byStart.lowerEntry(other.getKey())) {
      looked++;
      boolean isLater =
          other.getValue() > row && other.getKey() + table.payloadBytes(other.getValue()) > from;
      if (isLater || looked > MAX_LOOKED_AT) {
        return true;
      }
    }
    return false;
  }

  private boolean isWhole() {
    if (isWhole.isEmpty()) {
      isWhole = Optional.of(CaptureGaps.of(connection, direction).size() == 0);
    }
    return isWhole.get();
  }

  private boolean isAcknowledged(long end) {
    if (acknowledgments.isEmpty()) {
      acknowledgments =
          Optional.of(new FirstAcknowledgments(connection.flow(direction.reverse()), base));
    }
    return acknowledgments.get().rowOf(end) >= 0;
  }

  /**
   * Whether a packet is whole at the next point, where the receiver acknowledges it before another
   * copy of its bytes is there.
   */
  private boolean isAcknowledgedAcross(PairedConnection pair, int row, long from, long end) {
    Alignment.Sightings near = pair.alignment(direction).near();
    int index = Arrays.binarySearch(near.row(), row);
    if (index < 0 || near.peers()[index] == 0 || near.largestPeerBytes()[index] < end - from) {
      return false;
    }
    int farBase = pair.base(pair.farPoint(direction), direction);
    int acknowledged =
        acrossAcknowledgments
            .computeIfAbsent(
                pair.number(),
                key ->
                    new FirstAcknowledgments(
                        pair.far(direction).flow(direction.reverse()), farBase))
            .rowOf(end);
    SegmentTable there = pair.farFlow(direction).table();
    int looked = 0;
    int other = near.peerRow()[index];
    if (acknowledged < other) {
      return false;
    }
    for (other = there.next(other); other >= 0 && other < acknowledged; other = there.next(other)) {
      long start = there.position(other, farBase, from);
      looked++;
      boolean overlaps = start < end && start + there.payloadBytes(other) > from;
      if (overlaps || looked > MAX_LOOKED_AT) {
        return false;
      }
    }
    return true;
  }

  /** The quoted byte, counted alike at all points. */
  long position(int sequence, int shift) {
    return SequenceNumber.delta(base, sequence - shift);
  }

  /** The packet of the quoted IP ID, sent a short time before the message; -1 where none was. */
  private int rowByIpId(TooBig message) {
    int ipId = message.quotedIpId();
    if (ipId <= 0) {
      return -1;
    }
    int row = byIpId.getOrDefault(ipId, byIpId.getOrDefault(swapped(ipId), -1));
    return row >= 0 && message.timeNanos() - table.timeNanos(row) < ANSWER_NANOS ? row : -1;
  }

  private static int swapped(int ipId) {
    return ((ipId & 0xff) << 8) | (ipId >> 8);
  }

  /** Adds what was sent before a frame. */
  private void advance(int frame) {
    for (; next >= 0 && table.frame(next) < frame; next = table.next(next)) {
      if ((table.flags(next) & TcpFlags.RST) == 0) {
        long start = table.position(next, base, highest);
        highest = Math.max(highest, start);
        byStartAndIpId.put(key(start, table.ipId(next)), next);
        byIpId.put(table.ipId(next), next);
        if (table.payloadBytes(next) > 0) {
          repetitions.set(next, start < sentEnd);
          sentEnd = Math.max(sentEnd, start + table.payloadBytes(next));
          Integer before = byStart.put(start, next);
          if (before != null) {
            copies.computeIfAbsent(start, key -> new ArrayList<>(List.of(before))).add(next);
          }
        }
      }
    }
  }

  private static long key(long position, int ipId) {
    return position * IP_IDS + Math.max(0, ipId);
  }

  private int row(long position, int ipId, int quotedBytes) {
    if (ipId > 0) {
      Integer byId = byStartAndIpId.get(key(position, ipId));
      byId = byId == null ? byStartAndIpId.get(key(position, swapped(ipId))) : byId;
      if (byId != null) {
        return byId;
      }
    }
    int sameLength = rowOfLength(position, quotedBytes);
    if (sameLength >= 0) {
      return sameLength;
    }
    // A piece of a segment that the sender's network card cut begins inside it.
    Map.Entry<Long, Integer> covering = byStart.floorEntry(position);
    if (covering != null
        && position < covering.getKey() + table.payloadBytes(covering.getValue())) {
      return covering.getValue();
    }
    return byStartAndIpId.getOrDefault(key(position, ipId), -1);
  }

  /**
   * The last packet that carries a position and has the quoted length: without an IP ID, only the
   * length tells a packet from a smaller copy that is sent before the message arrives. -1 where
   * none has.
   */
  private int rowOfLength(long position, int quotedBytes) {
    int last = -1;
    int looked = 0;
    for (Map.Entry<Long, Integer> entry = quotedBytes == 0 ? null : byStart.floorEntry(position);
        entry != null && entry.getKey() > position - MAX_SEGMENT_BYTES && looked < MAX_LOOKED_AT;
        entry = byStart.lowerEntry(entry.getKey())) {
      for (int row : copies.getOrDefault(entry.getKey(), List.of(entry.getValue()))) {
        looked++;
        if (row > last
            && position < entry.getKey() + table.payloadBytes(row)
            && wireBytes(row, position) == quotedBytes) {
          last = row;
        }
      }
    }
    return last;
  }

  private Quote.Packet packet(int row, long position, TooBig message, int shift) {
    int ipBytes = wireBytes(row, position);
    List<Integer> frames = new ArrayList<>(List.of(table.frame(row)));
    foundRows.put(table.frame(row), row);
    int quotedBytes = message.quotedIpBytes().orElse(0);
    long end = position + quotedBytes - headerBytes - table.optionBytes(row);
    Map.Entry<Long, Integer> last = byStart.lowerEntry(end);
    boolean joined =
        quotedBytes > ipBytes
            && last != null
            && last.getKey() > position
            && last.getKey() + table.payloadBytes(last.getValue()) == end;
    if (joined) {
      for (int joinedRow : byStart.subMap(position, false, end, false).values()) {
        frames.add(table.frame(joinedRow));
        ipBytes = Math.max(ipBytes, wireBytes(joinedRow, Long.MIN_VALUE));
      }
    }
    return new Quote.Packet(frames, ipBytes, joined, shift);
  }

  /**
   * The length of an IP packet on the wire: a segment above the MSS was cut by the sender's network
   * card after it was captured.
   */
  private int wireBytes(int row, long position) {
    int optionBytes = table.optionBytes(row);
    long start = table.position(row, base, highest);
    int payloadBytes = table.payloadBytes(row) - (int) Math.max(0, position - start);
    if (mssLimit.isPresent()) {
      payloadBytes = Math.min(payloadBytes, Math.max(0, mssLimit.getAsInt() - optionBytes));
    }
    return headerBytes + optionBytes + payloadBytes;
  }
}
