package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.FragmentedPacket;
import org.mssbridge.flow.Fragments;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.IpFragment;

/**
 * The packets of one direction of a connection that are in fragments at one of two points. Whole
 * ones have a counterpart by byte range. Of incomplete ones, and of those that the snapshot length
 * cut, tshark shows no segment: they are tied to a segment without a counterpart by addresses, time
 * and the ports and sequence number in the first fragment, or by the IP ID where that is missing.
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
   * @param isMixed whether all arrive, but with one of an earlier packet that has the same
   *     identification: who puts them together drops both (RFC 4963, section 2)
   */
  public record Packet(
      int transmission,
      int nearRow,
      Optional<FragmentedPacket> near,
      Optional<FragmentedPacket> far,
      int packetBytes,
      int contentBytes,
      int headerBytes,
      boolean isLost,
      boolean isMixed) {
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
      OptionalInt sentId =
          before.map(sent -> OptionalInt.of(sent.id())).orElse(OptionalInt.empty());
      int number =
          peerRow >= 0 && !arrived.isOfOther(peerRow)
              ? far.packetOf(farTable.frame(peerRow))
              : arrived.partOf(row, contentBytes, sentId);
      Optional<FragmentedPacket> after =
          number < 0 ? Optional.empty() : Optional.of(far.packet(number));
      boolean isComplete = after.map(FragmentedPacket::isComplete).orElse(true);
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
                (lost.contains(i) || (peerRow >= 0 && arrived.isOfOther(peerRow))) && !isComplete,
                lost.contains(i) && isComplete && arrived.isMixed(number)));
      }
    }
    return this;
  }

  private void add(Packet packet) {
    packets.add(packet);
    if (packet.isLost() || packet.isMixed()) {
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
    private final Flow far;
    private final Flow receiver;
    private final boolean isComparable;
    private final long delayNanos;

    /** What to add to a sequence number at the near point to get that at the far point. */
    private final int shift;

    private final Candidates byHead = new Candidates();
    private final Candidates byId = new Candidates();

    /** The packets that are segments of the flow at the far point. */
    private final Set<Integer> segments = new HashSet<>();

    /** Those of which a fragment completes another packet, which has the same identification. */
    private final Set<Integer> mixed = new HashSet<>();

    Arrived(PairedConnection pair, Direction direction, Fragments fragments) {
      this.fragments = fragments;
      near = pair.nearFlow(direction).table();
      far = pair.farFlow(direction);
      receiver = pair.far(direction).flow(direction.reverse());
      shift =
          pair.base(pair.farPoint(direction), direction)
              - pair.base(pair.nearPoint(direction), direction);
      Alignment.Delay delay = pair.delay(direction);
      isComparable = pair.isTimed() && delay.isKnown();
      delayNanos = delay.typicalNanos();
      if (fragments.size() > 0) {
        SegmentTable table = far.table();
        for (int row = far.firstRow(); row >= 0; row = table.next(row)) {
          addSegment(fragments.packetOf(table.frame(row)), head(table.sequence(row)));
        }
      }
    }

    private void addSegment(int packet, long head) {
      if (packet >= 0) {
        FragmentedPacket own = fragments.packet(packet);
        (own.isComplete() && (own.head() == 0 || own.head() == head) ? segments : mixed)
            .add(packet);
      }
    }

    private long head(int sequence) {
      return IpFragment.head(far.sender().port(), receiver.sender().port(), sequence);
    }

    boolean isMixed(int packet) {
      return mixed.contains(packet);
    }

    /** Whether fragments of another packet completed a segment of the flow. */
    boolean isOfOther(int row) {
      return isMixed(fragments.packetOf(far.table().frame(row)));
    }

    /**
     * What arrived of a transmission without a counterpart, by the ports and the sequence number of
     * its first fragment; where that is missing, by the identification.
     *
     * @param sentId identification of the fragments that were sent; empty for a whole packet
     * @return the number of the packet, -1 where nothing arrived
     */
    int partOf(int row, int contentBytes, OptionalInt sentId) {
      if (fragments.size() == 0) {
        return -1;
      }
      String source = far.sender().address();
      String destination = receiver.sender().address();
      long dueNanos = near.timeNanos(row) + delayNanos;
      long head = head(near.sequence(row) + shift);
      int packet =
          byHead.take(
              head,
              () -> fragments.packetsWithHead(source, destination, head),
              candidate -> suits(candidate, dueNanos, contentBytes));
      int id = sentId.orElse(near.ipId(row));
      if (packet >= 0 || !isComparable || id == 0 || (sentId.isEmpty() && id < 0)) {
        return packet; // Many packets may have the ID 0.
      }
      return byId.take(
          id,
          () ->
              fragments.packets(source, destination, id).stream()
                  .filter(candidate -> fragments.packet(candidate).head() == 0)
                  .toList(),
          candidate -> suits(candidate, dueNanos, contentBytes));
    }

    private Suits suits(int candidate, long dueNanos, int contentBytes) {
      FragmentedPacket packet = fragments.packet(candidate);
      long late = isComparable ? packet.firstNanos() - dueNanos : 0;
      if (late > TIED_NANOS) {
        return Suits.TOO_LATE;
      }
      return late >= -TIED_NANOS && !segments.contains(candidate) && packet.isPartOf(contentBytes)
          ? Suits.YES
          : Suits.NO;
    }
  }

  /** Whether a packet can be what arrived of a transmission. */
  private enum Suits {
    YES,
    NO,
    /** It and all after it can only be of a later transmission. */
    TOO_LATE
  }

  /**
   * Packets by something that they have in common. Each is taken once, and those that are too early
   * for one transmission are too early for the next one.
   */
  private static final class Candidates {
    private final Map<Long, List<Integer>> known = new HashMap<>();
    private final Map<Long, Integer> next = new HashMap<>();

    int take(long key, Supplier<List<Integer>> all, IntFunction<Suits> test) {
      List<Integer> candidates = known.computeIfAbsent(key, absent -> all.get());
      for (int at = next.getOrDefault(key, 0); at < candidates.size(); at++) {
        Suits suits = test.apply(candidates.get(at));
        if (suits == Suits.TOO_LATE) {
          break;
        }
        next.put(key, at + 1);
        if (suits == Suits.YES) {
          return candidates.get(at);
        }
      }
      return -1;
    }
  }
}
