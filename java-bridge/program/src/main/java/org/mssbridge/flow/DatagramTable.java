package org.mssbridge.flow;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Direction;

/**
 * The packets of other protocols than TCP of one capture, in columns of primitives, 44 bytes per
 * row. A packet is identified by its row; rows are in the order of the capture.
 */
public final class DatagramTable {
  /** The table of a capture that was not read for it. */
  public static final DatagramTable UNREAD =
      new DatagramTable(
          new Columns(),
          0,
          new int[1],
          new int[0],
          List.of(),
          new int[0],
          new DnsMessages(),
          new RtpHeaders(),
          new FragmentedDatagrams(),
          List.of(),
          Left.NOTHING,
          false);

  static final int DONT_FRAGMENT = 1 << 16;
  static final int CUT = 1 << 17;
  static final int IPV6 = 1 << 18;

  private final Columns columns;
  private final int size;
  private final int[] starts;
  private final int[] order;
  private final List<DatagramFlow> flows;
  private final int[] before;
  private final DnsMessages dns;
  private final RtpHeaders rtp;
  private final FragmentedDatagrams fragments;
  private final List<DatagramError> errors;
  private final Left left;
  private final boolean isRead;

  /** One value per row in each. */
  static final class Columns {
    int[] frame = {};
    long[] timeNanos = {};
    long[] head = {};
    int[] start = {};
    int[] rest = {};
    char[] contentBytes = {};
    char[] ipId = {};
    int[] traits = {};
  }

  /**
   * What is left out of a table.
   *
   * @param unread packets of which only the addresses were read: fragments that make no packet, and
   *     packets with IP options or extension headers
   * @param carriers packets of tunnels in which tshark reads TCP, which is compared itself
   * @param ends sources and destinations of the unread ones
   * @param isAnywhere whether there are more of these than are kept
   */
  record Left(long unread, long carriers, Set<String> ends, boolean isAnywhere) {
    static final Left NOTHING = new Left(0, 0, Set.of(), false);

    Left {
      ends = Set.copyOf(ends);
    }
  }

  /**
   * @param starts where the rows of each flow's directions begin in {@code order}: two numbers per
   *     flow, client to server first, then the end of all
   * @param before for each flow, the number of the one that it continues, or {@link
   *     FlowContinuations#NONE}
   */
  DatagramTable(
      Columns columns,
      int size,
      int[] starts,
      int[] order,
      List<DatagramFlow> flows,
      int[] before,
      DnsMessages dns,
      RtpHeaders rtp,
      FragmentedDatagrams fragments,
      List<DatagramError> errors,
      Left left,
      boolean isRead) {
    this.columns = columns;
    this.size = size;
    this.starts = starts;
    this.order = order;
    this.flows = List.copyOf(flows);
    this.before = before;
    this.dns = dns;
    this.rtp = rtp;
    this.fragments = fragments;
    this.errors = List.copyOf(errors);
    this.left = left;
    this.isRead = isRead;
  }

  /** Whether the capture was read for it. */
  public boolean isRead() {
    return isRead;
  }

  /** Number of rows, with those that belong to no flow. */
  public int size() {
    return size;
  }

  /** Number of packets in flows. */
  public int packets() {
    return order.length;
  }

  /**
   * Number of packets that were not looked at: fragments that make no packet, and packets with IP
   * options.
   */
  public long unreadPackets() {
    return left.unread();
  }

  /** Number of packets of tunnels whose TCP is compared instead. */
  public long carrierPackets() {
    return left.carriers();
  }

  /** Whether packets from one address to another were not looked at, or may be so. */
  public boolean hasUnread(String source, String destination) {
    return left.isAnywhere() || left.ends().contains(ends(source, destination));
  }

  static String ends(String source, String destination) {
    return source + ">" + destination;
  }

  /** The flows, in the order of their first packets. */
  public List<DatagramFlow> flows() {
    return flows;
  }

  /**
   * The flow that goes on as this one, from another address or port of one end, as QUIC's
   * connection IDs show.
   */
  public Optional<DatagramFlow> before(DatagramFlow flow) {
    int number = before[flow.number()];
    return number == FlowContinuations.NONE ? Optional.empty() : Optional.of(flows.get(number));
  }

  /** The number of packets that a flow has in a direction. */
  public int packets(DatagramFlow flow, Direction direction) {
    int place = place(flow, direction);
    return starts[place + 1] - starts[place];
  }

  /** The rows of a flow in a direction, in the order of the capture. */
  public int[] rows(DatagramFlow flow, Direction direction) {
    int place = place(flow, direction);
    return Arrays.copyOfRange(order, starts[place], starts[place + 1]);
  }

  private static int place(DatagramFlow flow, Direction direction) {
    return 2 * flow.number() + (direction == Direction.C2S ? 0 : 1);
  }

  /** Which of its packets are in fragments, and of which it lacks some. */
  public FragmentedDatagrams fragments() {
    return fragments;
  }

  /** The first ICMP errors about packets of UDP, 65,536 at most, in the order of the capture. */
  public List<DatagramError> errors() {
    return errors;
  }

  /** What of it may be RTP. */
  public RtpHeaders rtp() {
    return rtp;
  }

  /** What of it is DNS. */
  public DnsMessages dns() {
    return dns;
  }

  public int frame(int row) {
    return columns.frame[row];
  }

  public long timeNanos(int row) {
    return columns.timeNanos[row];
  }

  /** Digest of protocol, length and first bytes of the content; 0 where the capture cut these. */
  public long headDigest(int row) {
    return columns.head[row];
  }

  /** Digest of protocol, length and a shorter start of the content; 0 where that is cut too. */
  public int startDigest(int row) {
    return columns.start[row];
  }

  /** Digest of the rest of the content, where {@link #isCut} is false. */
  public int restDigest(int row) {
    return columns.rest[row];
  }

  /** Whether the capture cut the content. */
  public boolean isCut(int row) {
    return (columns.traits[row] & CUT) != 0;
  }

  /** Length of the content on the wire. */
  public int contentBytes(int row) {
    return columns.contentBytes[row];
  }

  /** IPv4 identification; 0 for IPv6. */
  public int ipId(int row) {
    return columns.ipId[row];
  }

  public int ttl(int row) {
    return columns.traits[row] >> 8 & 0xff;
  }

  public int dsField(int row) {
    return columns.traits[row] & 0xff;
  }

  public boolean dontFragment(int row) {
    return (columns.traits[row] & DONT_FRAGMENT) != 0;
  }

  public boolean isIpv6(int row) {
    return (columns.traits[row] & IPV6) != 0;
  }
}
