package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import org.mssbridge.model.Datagram;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.FragmentedDatagram;
import org.mssbridge.model.Frame;
import org.mssbridge.model.IpAddress;

/** Sorts the packets of one capture into flows. One thread fills it, and then one finishes it. */
public final class DatagramCollector implements DatagramSink {
  /** Of hostile captures, in which every packet could be a fragment between other addresses. */
  private static final int MOST_UNREAD_ENDS = 1 << 14;

  private static final int MOST_ERRORS = 1 << 16;

  /**
   * UDP ports of tunnels (IANA, Service Name and Transport Protocol Port Number Registry; 8472 is
   * Linux's of VXLAN): tshark reads the TCP in them.
   */
  private static final Set<Integer> TUNNEL_PORTS = Set.of(2152, 3544, 4754, 4789, 6081, 6635, 8472);

  private final IntUnaryOperator frameNumber;
  private final DatagramTable.Columns columns = new DatagramTable.Columns();

  private final FragmentedDatagrams fragments = new FragmentedDatagrams();
  private final List<DatagramError> errors = new ArrayList<>();
  private final RtpHeaders rtp = new RtpHeaders();
  private final DnsMessages dns = new DnsMessages();

  /** Two numbers for each row: that of its flow, doubled, plus which end sent it. */
  private int[] place = {};

  private int size;
  private long unread;
  private long carriers;
  private final Set<String> unreadEnds = new HashSet<>();
  private boolean isUnreadAnywhere;

  // A hash table of flows.
  private final long secret = ThreadLocalRandom.current().nextLong();
  private final List<OpenFlow> flows = new ArrayList<>();
  private int[] slots = new int[1 << 6];
  private OpenFlow last;

  /**
   * An empty collector.
   *
   * @param frameNumber the number by which users know a frame of the capture
   */
  public DatagramCollector(IntUnaryOperator frameNumber) {
    this.frameNumber = frameNumber;
    Arrays.fill(slots, -1);
  }

  /** A flow whose first end is the one that sent the first packet. */
  private static final class OpenFlow {
    final int number;
    final int protocol;
    final boolean ipv6;
    final long firstHigh;
    final long firstLow;
    final long secondHigh;
    final long secondLow;
    final int firstPort;
    final int secondPort;
    final int firstRow;
    final long hash;
    final boolean mayBeDns;
    private QuicConnectionIds quic;
    final RtpHeaders.Guess[] rtp = {new RtpHeaders.Guess(), new RtpHeaders.Guess()};
    boolean carriesTcp;

    OpenFlow(int number, Datagram first, int firstRow, long hash) {
      this.number = number;
      this.protocol = first.protocol();
      this.ipv6 = first.isIpv6();
      this.firstHigh = first.sourceHigh();
      this.firstLow = first.sourceLow();
      this.secondHigh = first.destinationHigh();
      this.secondLow = first.destinationLow();
      this.firstPort = first.sourcePort();
      this.secondPort = first.destinationPort();
      this.firstRow = firstRow;
      this.hash = hash;
      this.mayBeDns =
          protocol == Datagram.UDP
              && (firstPort == DnsMessages.PORT || secondPort == DnsMessages.PORT);
    }

    /** Which end sent a packet: 0 or 1, or -1 if it belongs to another flow. */
    int senderOf(Datagram packet) {
      if (packet.protocol() != protocol || packet.isIpv6() != ipv6) {
        return -1;
      }
      int source = packet.sourcePort();
      int destination = packet.destinationPort();
      long sourceHigh = packet.sourceHigh();
      long sourceLow = packet.sourceLow();
      long destinationHigh = packet.destinationHigh();
      long destinationLow = packet.destinationLow();
      if (source == firstPort
          && destination == secondPort
          && sourceLow == firstLow
          && destinationLow == secondLow
          && sourceHigh == firstHigh
          && destinationHigh == secondHigh) {
        return 0;
      }
      return source == secondPort
              && destination == firstPort
              && sourceLow == secondLow
              && destinationLow == firstLow
              && sourceHigh == secondHigh
              && destinationHigh == firstHigh
          ? 1
          : -1;
    }

    void noteQuic(Datagram packet, int side) {
      if (quic == null && QuicConnectionIds.isLikely(packet)) {
        quic = new QuicConnectionIds();
      }
      if (quic != null) {
        quic.note(packet, side);
      }
    }

    /** Whether the end that sent the first packet is the client. */
    boolean isFirstClient() {
      return firstPort >= secondPort;
    }

    DatagramFlow close(int newNumber, int firstFrame) {
      Endpoint first = new Endpoint(text(firstHigh, firstLow), firstPort);
      Endpoint second = new Endpoint(text(secondHigh, secondLow), secondPort);
      return isFirstClient()
          ? new DatagramFlow(newNumber, protocol, first, second, firstFrame)
          : new DatagramFlow(newNumber, protocol, second, first, firstFrame);
    }

    private String text(long high, long low) {
      return DatagramCollector.text(ipv6, high, low);
    }
  }

  @Override
  public void accept(int number, Datagram packet) {
    if (packet.timeNanos() == Frame.NO_TIME) {
      acceptUnread(number, packet);
      return;
    }
    if (packet.protocol() == Datagram.UDP
        && (TUNNEL_PORTS.contains(packet.destinationPort())
            || TUNNEL_PORTS.contains(packet.sourcePort()))) {
      carriers++;
      return;
    }
    OpenFlow flow = last;
    int sender = flow == null ? -1 : flow.senderOf(packet);
    if (sender < 0) {
      flow = find(packet);
      sender = flow.senderOf(packet);
      last = flow;
    }
    if (size == place.length) {
      grow(Math.max(64, size + (size >> 1)));
    }
    columns.frame[size] = number;
    columns.timeNanos[size] = packet.timeNanos();
    columns.head[size] = packet.headDigest();
    columns.start[size] = packet.startDigest();
    columns.rest[size] = packet.restDigest();
    columns.contentBytes[size] = (char) packet.contentBytes();
    columns.ipId[size] = (char) packet.ipId();
    columns.traits[size] =
        packet.dsField()
            | packet.ttl() << 8
            | (packet.dontFragment() ? DatagramTable.DONT_FRAGMENT : 0)
            | (packet.isCut() ? DatagramTable.CUT : 0)
            | (packet.isIpv6() ? DatagramTable.IPV6 : 0);
    place[size] = 2 * flow.number + (flow.isFirstClient() ? sender : 1 - sender);
    if (flow.mayBeDns) {
      dns.add(size, packet);
    } else if (flow.protocol == Datagram.UDP) {
      flow.noteQuic(packet, place[size] & 1);
      noteRtp(flow.rtp[sender], packet);
    }
    size++;
  }

  private void noteRtp(RtpHeaders.Guess guess, Datagram packet) {
    if (guess.isGivenUp()) {
      return;
    }
    long start = packet.rtpStart();
    int source = start == 0 ? 0 : packet.rtpSource();
    guess.note(start != 0, source);
    if (start != 0) {
      rtp.add(size, start, source);
    }
  }

  @Override
  public void acceptFragmented(int number, Datagram packet, FragmentedDatagram from) {
    int row = size;
    accept(number, packet);
    if (size > row) {
      fragments.addWhole(row, numbered(from));
    }
  }

  @Override
  public void acceptIncomplete(FragmentedDatagram packet) {
    if (fragments.isFull()) {
      unread += packet.count();
      isUnreadAnywhere = true;
    } else {
      fragments.addIncomplete(numbered(packet));
    }
  }

  private FragmentedDatagram numbered(FragmentedDatagram packet) {
    return packet.inFrames(
        frameNumber.applyAsInt(packet.firstFrame()), frameNumber.applyAsInt(packet.lastFrame()));
  }

  @Override
  public void acceptError(DatagramError error) {
    if (errors.size() < MOST_ERRORS && error.timeNanos() != Frame.NO_TIME) {
      errors.add(error.inFrame(frameNumber.applyAsInt(error.frame())));
    }
  }

  @Override
  public void acceptUnread(int number, Datagram header) {
    unread++;
    if (unreadEnds.size() < MOST_UNREAD_ENDS) {
      unreadEnds.add(
          DatagramTable.ends(
              text(header.isIpv6(), header.sourceHigh(), header.sourceLow()),
              text(header.isIpv6(), header.destinationHigh(), header.destinationLow())));
    } else {
      isUnreadAnywhere = true;
    }
  }

  private static String text(boolean ipv6, long high, long low) {
    byte[] bytes = new byte[ipv6 ? 16 : 4];
    for (int i = 0; i < bytes.length; i++) {
      int shift = 8 * (7 - i % 8);
      bytes[i] = ipv6 ? (byte) ((i < 8 ? high : low) >> shift) : (byte) (low >> (8 * (3 - i)));
    }
    return IpAddress.text(bytes);
  }

  private void grow(int rows) {
    columns.frame = Arrays.copyOf(columns.frame, rows);
    columns.timeNanos = Arrays.copyOf(columns.timeNanos, rows);
    columns.head = Arrays.copyOf(columns.head, rows);
    columns.start = Arrays.copyOf(columns.start, rows);
    columns.rest = Arrays.copyOf(columns.rest, rows);
    columns.contentBytes = Arrays.copyOf(columns.contentBytes, rows);
    columns.ipId = Arrays.copyOf(columns.ipId, rows);
    columns.traits = Arrays.copyOf(columns.traits, rows);
    place = Arrays.copyOf(place, rows);
  }

  private OpenFlow find(Datagram packet) {
    long hash = hash(packet);
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    for (; slots[slot] >= 0; slot = (slot + 1) & mask) {
      OpenFlow known = flows.get(slots[slot]);
      if (known.hash == hash && known.senderOf(packet) >= 0) {
        return known;
      }
    }
    OpenFlow opened = new OpenFlow(flows.size(), packet, size, hash);
    flows.add(opened);
    slots[slot] = opened.number;
    if (2 * flows.size() > slots.length) {
      slots = new int[2 * slots.length];
      Arrays.fill(slots, -1);
      for (OpenFlow each : flows) {
        put(each);
      }
    }
    return opened;
  }

  private void put(OpenFlow flow) {
    int mask = slots.length - 1;
    int slot = (int) flow.hash & mask;
    while (slots[slot] >= 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = flow.number;
  }

  /** The same for both directions. */
  private long hash(Datagram packet) {
    return mixed(
        mixed(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort())
            + mixed(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort())
            + packet.protocol());
  }

  private long mixed(long high, long low, int port) {
    return mixed(mixed(mixed(secret ^ low) ^ high) ^ port);
  }

  /** Spreads each bit over all, in the way of MurmurHash3's finalizer. */
  private static long mixed(long value) {
    long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  /**
   * The table, after the last packet. Flows in which tshark found TCP are left out, as the TCP is
   * compared itself.
   *
   * @param withTcp the numbers of frames in which tshark found TCP in a tunnel
   */
  public DatagramTable finish(BitSet withTcp) {
    for (int row = 0; row < size && !withTcp.isEmpty(); row++) {
      if (withTcp.get(columns.frame[row])) {
        flows.get(place[row] >> 1).carriesTcp = true;
      }
    }
    int[] renumbered = new int[flows.size()];
    List<DatagramFlow> closed = new ArrayList<>();
    for (OpenFlow flow : flows) {
      renumbered[flow.number] = flow.carriesTcp ? -1 : closed.size();
      if (!flow.carriesTcp) {
        int first = frameNumber.applyAsInt(columns.frame[flow.firstRow]);
        closed.add(flow.close(closed.size(), first));
      }
    }
    int[] starts = new int[2 * closed.size() + 1];
    for (int row = 0; row < size; row++) {
      int flow = renumbered[place[row] >> 1];
      if (flow >= 0) {
        starts[2 * flow + (place[row] & 1) + 1]++;
      } else {
        carriers++;
      }
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] order = new int[starts[starts.length - 1]];
    int[] next = starts.clone();
    for (int row = 0; row < size; row++) {
      int flow = renumbered[place[row] >> 1];
      if (flow >= 0) {
        order[next[2 * flow + (place[row] & 1)]++] = row;
      }
      columns.frame[row] = frameNumber.applyAsInt(columns.frame[row]);
    }
    grow(size);
    QuicConnectionIds[] ids =
        flows.stream()
            .filter(flow -> !flow.carriesTcp)
            .map(flow -> flow.quic)
            .toArray(QuicConnectionIds[]::new);
    return new DatagramTable(
        columns,
        size,
        starts,
        order,
        closed,
        FlowContinuations.of(closed, ids, starts, order),
        dns,
        rtp,
        fragments,
        errors,
        new DatagramTable.Left(unread, carriers, unreadEnds, isUnreadAnywhere),
        true);
  }
}
