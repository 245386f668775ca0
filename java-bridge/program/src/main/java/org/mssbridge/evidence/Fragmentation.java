package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.FragmentedPacket;
import org.mssbridge.flow.Fragments;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;

/**
 * The packets of one direction of a connection that are in fragments at one of two points. Whole
 * ones have a counterpart by byte range. Of incomplete ones, and of those that the snapshot length
 * cut, tshark shows no segment: they are tied to a segment without a counterpart by their
 * addresses, its IP ID and its time.
 */
public final class Fragmentation {
  /** No packet is in fragments. */
  static final Fragmentation NONE = new Fragmentation();

  private static final int TCP_BYTES = 20;

  /** Delays vary by less, and IP IDs are reused later. */
  private static final long TIED_NANOS = 1_000_000_000;

  private final List<Packet> packets = new ArrayList<>();

  /** Those that arrive in part, by the number of the transmission. */
  private final Map<Integer, Packet> inPart = new HashMap<>();

  /**
   * A packet with data as two points have it.
   *
   * @param transmission its number in the alignment
   * @param nearRow its row at the near point
   * @param near its fragments at the near point, empty where it is whole
   * @param far its fragments at the far point, empty where it is whole
   * @param packetBytes the length of the whole IP packet, by the near point
   * @param contentBytes its length without the IP header
   * @param headerBytes the bytes of the TCP header
   * @param isLost whether fragments of it were lost between the points
   */
  public record Packet(
      int transmission,
      int nearRow,
      Optional<FragmentedPacket> near,
      Optional<FragmentedPacket> far,
      int packetBytes,
      int contentBytes,
      int headerBytes,
      boolean isLost) {
    /** Whether its first fragment is at the far point. */
    public boolean hasFirst() {
      return far.isPresent()
          && far.get().gaps().stream().noneMatch(FragmentedPacket.Gap::isAtStart);
    }
  }

  private Fragmentation() {}

  static Fragmentation of(PairedConnection pair, Direction direction) {
    Fragments near = pair.nearCapture(direction).fragments();
    Fragments far = pair.farCapture(direction).fragments();
    return near.size() + far.size() == 0
        ? NONE
        : new Fragmentation().collect(pair, direction, near, far);
  }

  private Fragmentation collect(
      PairedConnection pair, Direction direction, Fragments near, Fragments far) {
    Alignment alignment = pair.alignment(direction);
    SegmentTable nearTable = pair.nearFlow(direction).table();
    SegmentTable farTable = pair.farFlow(direction).table();
    int headerBytes = IpFamily.of(pair.near(direction).isIpv6()).headerBytes();
    Arrived arrived = new Arrived(pair, direction, far);
    Set<Integer> lost = new HashSet<>();
    for (int transmission : alignment.lost().index()) {
      lost.add(transmission);
    }
    for (int i = 0; i < alignment.near().size(); i++) {
      int row = alignment.near().row()[i];
      int peerRow = alignment.near().peerRow()[i];
      Optional<FragmentedPacket> before = packet(near, nearTable.frame(row));
      int optionBytes = Math.max(0, nearTable.optionBytes(row));
      int contentBytes = TCP_BYTES + optionBytes + nearTable.payloadBytes(row);
      Optional<FragmentedPacket> after =
          peerRow >= 0 ? packet(far, farTable.frame(peerRow)) : arrived.partOf(row, contentBytes);
      if (after.isPresent() || (before.isPresent() && peerRow >= 0)) {
        add(
            new Packet(
                i,
                row,
                before,
                after,
                headerBytes + contentBytes,
                contentBytes,
                TCP_BYTES + optionBytes,
                lost.contains(i) && !after.map(FragmentedPacket::isComplete).orElse(true)));
      }
    }
    return this;
  }

  private void add(Packet packet) {
    packets.add(packet);
    if (packet.isLost()) {
      inPart.put(packet.transmission(), packet);
    }
  }

  private static Optional<FragmentedPacket> packet(Fragments fragments, int frame) {
    int number = fragments.packetOf(frame);
    return number < 0 ? Optional.empty() : Optional.of(fragments.packet(number));
  }

  /** All of them, in the order of the near point. */
  public List<Packet> packets() {
    return packets;
  }

  /** The one that carries a transmission and arrives in part, by its number in the alignment. */
  public Optional<Packet> inPart(int transmission) {
    return Optional.ofNullable(inPart.get(transmission));
  }

  /** Whether any packet arrives in part whose row at the near point is in a range. */
  public boolean isInPart(int firstRow, int lastRow) {
    return inPart.values().stream()
        .anyMatch(packet -> packet.nearRow() >= firstRow && packet.nearRow() <= lastRow);
  }

  /** The packets at the far point that are no segments there, each for one transmission. */
  private static final class Arrived {
    private final Fragments fragments;
    private final SegmentTable near;
    private final String source;
    private final String destination;
    private final boolean isComparable;
    private final long delayNanos;

    /** Those that may still be tied to a later transmission, for each identification. */
    private final Map<Integer, List<Integer>> candidates = new HashMap<>();

    private final Map<Integer, Integer> next = new HashMap<>();
    private final Set<Integer> seenIds = new HashSet<>();

    /** The packets that are segments of the flow at the far point. */
    private final Set<Integer> segments = new HashSet<>();

    Arrived(PairedConnection pair, Direction direction, Fragments fragments) {
      this.fragments = fragments;
      near = pair.nearFlow(direction).table();
      Flow far = pair.farFlow(direction);
      source = far.sender().address();
      destination = pair.far(direction).flow(direction.reverse()).sender().address();
      Alignment alignment = pair.alignment(direction);
      isComparable = fragments.size() > 0 && pair.isTimed() && alignment.isDelayKnown();
      delayNanos = alignment.delay().typicalNanos();
      SegmentTable table = far.table();
      for (int row = far.firstRow(); isComparable && row >= 0; row = table.next(row)) {
        segments.add(fragments.packetOf(table.frame(row)));
      }
    }

    /**
     * What arrived of a transmission without a counterpart. Each packet is taken once, and
     * candidates that are too early for one transmission are too early for the next one.
     */
    Optional<FragmentedPacket> partOf(int row, int contentBytes) {
      int id = near.ipId(row);
      if (!isComparable || id <= 0) { // Many packets may have 0.
        return Optional.empty();
      }
      if (seenIds.add(id)) {
        candidates.put(id, fragments.packets(source, destination, id));
      }
      long dueNanos = near.timeNanos(row) + delayNanos;
      List<Integer> known = candidates.get(id);
      for (int at = next.getOrDefault(id, 0); at < known.size(); at++) {
        FragmentedPacket packet = fragments.packet(known.get(at));
        long late = packet.firstNanos() - dueNanos;
        if (late > TIED_NANOS) {
          break;
        }
        next.put(id, at + 1);
        if (late >= -TIED_NANOS
            && !segments.contains(known.get(at))
            && packet.isPartOf(contentBytes)) {
          return Optional.of(packet);
        }
      }
      return Optional.empty();
    }
  }
}
