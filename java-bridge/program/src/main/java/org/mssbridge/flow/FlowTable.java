package org.mssbridge.flow;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.IntRecords;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TcpOptions;
import org.mssbridge.model.Unreachable;

/**
 * The connections of one capture and both flows of each. All are numbers: those of connections
 * count from 0 in the order in which they were added, those of flows follow by {@link #flow}. What
 * is known of a flow is read through {@link Flow}.
 *
 * <p>There are no objects for them, since a capture may hold millions.
 */
final class FlowTable {
  /** What a connection has. */
  private static final int STREAM = 0;

  private static final int FIRST_FRAME = 1;
  private static final int ADDRESS_SUM = 2;
  private static final int CONNECTION_FIELDS = 3;

  // What each flow has.
  static final int FIRST_ROW = 0;
  static final int LAST_ROW = 1;
  static final int SEGMENTS = 2;

  /** The row of the first SYN or SYN/ACK, -1 where there is none with a row. */
  static final int HANDSHAKE_ROW = 3;

  /** The options of this row: the number of their layout and, in two fields, their timestamps. */
  private static final int LAYOUT = 4;

  private static final int TIMESTAMPS = 5;

  /** The highest raw number that is acknowledged. */
  static final int ACKNOWLEDGMENT = 7;

  /** 1 where there is such a number. */
  static final int ACKNOWLEDGES = 8;

  /** The number of the record with what it has beyond a handshake. */
  private static final int REST = 9;

  /** The number of its handshake where that is several segments, or has no rows; else 0. */
  private static final int HANDSHAKE = 10;

  private static final int FLOW_FIELDS = 11;

  // What a flow has beyond a handshake; read with rest().
  static final int DATA_SEGMENTS = 0;
  static final int LARGEST_PAYLOAD_BYTES = 1;
  static final int FIRST_DATA_ROW = 2;
  static final int LAST_DATA_ROW = 3;

  /** Raw number after the last byte sent. */
  static final int SENT_END = 4;

  /** 1 where there is such a number. */
  static final int SENDS = 5;

  static final int FIRST_CLOSING_ROW = 6;
  static final int FIRST_SACK_ROW = 7;
  static final int RESETS = 8;
  static final int REPEATED_SEGMENTS = 9;
  static final int CLOSED_WINDOWS = 10;
  static final int WRONG_HEADER_SUMS = 11;
  static final int WRONG_CHECKSUMS = 12;
  static final int VLAN_TAGS = 13;

  /** An ISN that follows from the other direction. */
  static final int LEARNED_ISN = 14;

  /** 1 where there is one. */
  static final int HAS_LEARNED_ISN = 15;

  /** 1 where the first data is HTTP. */
  static final int HTTP = 16;

  /** Digest of the first data, in two fields. */
  static final int PAYLOAD_DIGEST = 17;

  /** The start of the random in the first TLS hello, in two fields. */
  static final int TLS_RANDOM = 19;

  private static final int UNREACHABLES = 21;
  private static final int CARRIED = 22;
  private static final int REST_FIELDS = 23;

  /** The record of all flows that have nothing beyond a handshake; nothing is written to it. */
  private static final int NO_REST = 0;

  private final SegmentTable segments = new SegmentTable();
  private final IntRecords connections = new IntRecords(CONNECTION_FIELDS);
  private final IntRecords flows = new IntRecords(FLOW_FIELDS);
  private final IntRecords rests = new IntRecords(REST_FIELDS);
  private final List<Endpoint> senders = new ArrayList<>();
  private final List<TcpOptions.Layout> layouts = new ArrayList<>();

  // Few flows have one of these. The first is that of all others; nothing is added to it.
  private final List<List<Segment>> handshakes = new ArrayList<>(List.of(List.of()));
  private final List<List<Unreachable>> unreachables = new ArrayList<>(List.of(List.of()));
  private final List<Carried> carried = new ArrayList<>(List.of(Carried.NEVER));

  FlowTable() {
    addRest();
  }

  /** A flow of a connection: that from the end that sent its first frame, or the other one. */
  static int flow(int connection, boolean fromFirst) {
    return 2 * connection + (fromFirst ? 0 : 1);
  }

  /** The flow in the other direction. */
  static int opposite(int flow) {
    return flow ^ 1;
  }

  private static int connection(int flow) {
    return flow / 2;
  }

  /**
   * Adds a connection and returns its number.
   *
   * @param source the end that sent its first frame
   */
  int add(int stream, int firstFrame, Endpoint source, Endpoint destination) {
    return add(
        stream, firstFrame, PayloadSum.ofAddresses(source, destination), source, destination);
  }

  /** Adds a connection with the ends of another one and returns its number. */
  int addLike(int other, int firstFrame) {
    return add(
        stream(other),
        firstFrame,
        addressSum(other),
        sender(flow(other, true)),
        sender(flow(other, false)));
  }

  private int add(
      int stream, int firstFrame, int addressSum, Endpoint source, Endpoint destination) {
    int connection = connections.add();
    connections.set(connection, STREAM, stream);
    connections.set(connection, FIRST_FRAME, firstFrame);
    connections.set(connection, ADDRESS_SUM, addressSum);
    segments.addBlock(); // It gets the number of the connection.
    addFlow(source);
    addFlow(destination);
    return connection;
  }

  private void addFlow(Endpoint sender) {
    int flow = flows.add();
    flows.set(flow, FIRST_ROW, -1);
    flows.set(flow, LAST_ROW, -1);
    flows.set(flow, HANDSHAKE_ROW, -1);
    senders.add(sender);
  }

  private int addRest() {
    int rest = rests.add();
    rests.set(rest, FIRST_DATA_ROW, -1);
    rests.set(rest, LAST_DATA_ROW, -1);
    rests.set(rest, FIRST_CLOSING_ROW, -1);
    rests.set(rest, FIRST_SACK_ROW, -1);
    return rest;
  }

  /** Number of connections. */
  int size() {
    return connections.size();
  }

  int stream(int connection) {
    return connections.get(connection, STREAM);
  }

  int firstFrame(int connection) {
    return connections.get(connection, FIRST_FRAME);
  }

  /**
   * The sum of both addresses, which is part of every checksum, see {@link PayloadSum#ofAddresses}.
   */
  int addressSum(int connection) {
    return connections.get(connection, ADDRESS_SUM);
  }

  SegmentTable segments() {
    return segments;
  }

  Endpoint sender(int flow) {
    return senders.get(flow);
  }

  int get(int flow, int field) {
    return flows.get(flow, field);
  }

  /** What it has beyond a handshake. */
  int rest(int flow, int field) {
    return rests.get(flows.get(flow, REST), field);
  }

  long restLong(int flow, int field) {
    return rests.getLong(flows.get(flow, REST), field);
  }

  /** The record of what it has beyond a handshake, to write to. */
  private int rest(int flow) {
    int rest = flows.get(flow, REST);
    if (rest == NO_REST) {
      rest = addRest();
      flows.set(flow, REST, rest);
    }
    return rest;
  }

  /** The whole handshake where it is more than one segment, or has no rows; else empty. */
  List<Segment> handshake(int flow) {
    return handshakes.get(flows.get(flow, HANDSHAKE));
  }

  List<Unreachable> unreachables(int flow) {
    return unreachables.get(rest(flow, UNREACHABLES));
  }

  Carried carried(int flow) {
    return carried.get(rest(flow, CARRIED));
  }

  void setHandshake(int flow, List<Segment> handshake) {
    flows.set(flow, HANDSHAKE, handshakes.size());
    handshakes.add(handshake);
  }

  void setUnreachables(int flow, List<Unreachable> errors) {
    rests.set(rest(flow), UNREACHABLES, unreachables.size());
    unreachables.add(errors);
  }

  void setCarried(int flow, Carried tunnels) {
    rests.set(rest(flow), CARRIED, carried.size());
    carried.add(tunnels);
  }

  /** The options of the first SYN or SYN/ACK, where that has a row. */
  TcpOptions options(int flow) {
    return new TcpOptions(layouts.get(flows.get(flow, LAYOUT)), flows.getLong(flow, TIMESTAMPS));
  }

  /** Appends a segment and returns its row. */
  int append(int flow, SegmentTable.Row segment) {
    int row = segments.append(segment, connection(flow));
    note(flow, row);
    return row;
  }

  /** Appends a copy of a segment that is in the table. */
  void appendCopy(int flow, int row) {
    int copy = segments.appendCopy(row, connection(flow));
    note(flow, copy);
    if (segments.hasSack(row)) {
      noteSack(flow, copy);
    }
  }

  private void note(int flow, int row) {
    int last = flows.get(flow, LAST_ROW);
    if (last < 0) {
      flows.set(flow, FIRST_ROW, row);
    } else {
      segments.chain(last, row);
    }
    flows.set(flow, LAST_ROW, row);
    flows.count(flow, SEGMENTS);
    int flags = segments.flags(row);
    if ((flags & (TcpFlags.FIN | TcpFlags.RST)) != 0 && rest(flow, FIRST_CLOSING_ROW) < 0) {
      rests.set(rest(flow), FIRST_CLOSING_ROW, row);
    }
    if (segments.headerSum(row) == HeaderSum.WRONG) {
      rests.count(rest(flow), WRONG_HEADER_SUMS);
    }
    if (segments.checksum(row) == ChecksumState.WRONG) {
      rests.count(rest(flow), WRONG_CHECKSUMS);
    }
    int payloadBytes = segments.payloadBytes(row);
    if (payloadBytes > 0) {
      noteData(rest(flow), row, payloadBytes);
    }
    if ((flags & TcpFlags.RST) != 0) {
      rests.count(rest(flow), RESETS);
      return;
    }
    if (segments.window(row) == 0) {
      rests.count(rest(flow), CLOSED_WINDOWS);
    }
    noteSent(flow, segments.sequence(row), payloadBytes, flags);
    if ((flags & TcpFlags.ACK) != 0) {
      noteAcknowledged(flow, segments.acknowledgment(row));
    }
  }

  private void noteData(int rest, int row, int payloadBytes) {
    if (rests.get(rest, FIRST_DATA_ROW) < 0) {
      rests.set(rest, FIRST_DATA_ROW, row);
    }
    rests.set(rest, LAST_DATA_ROW, row);
    rests.count(rest, DATA_SEGMENTS);
    if (payloadBytes > rests.get(rest, LARGEST_PAYLOAD_BYTES)) {
      rests.set(rest, LARGEST_PAYLOAD_BYTES, payloadBytes);
    }
  }

  private void noteSent(int flow, int sequence, int payloadBytes, int flags) {
    int length = payloadBytes + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    if (length > 0) {
      int rest = rest(flow);
      boolean sends = rests.get(rest, SENDS) != 0;
      int sentEnd = rests.get(rest, SENT_END);
      int start = sequence + ((flags & TcpFlags.SYN) != 0 ? 1 : 0);
      if (sends && start - sentEnd < 0) {
        rests.count(rest, REPEATED_SEGMENTS);
      }
      if (!sends || start + length - sentEnd > 0) {
        rests.set(rest, SENT_END, start + length);
        rests.set(rest, SENDS, 1);
      }
    } else if (isProbe(flow, sequence, flags)) {
      rests.count(rest(flow), REPEATED_SEGMENTS);
    }
  }

  /** Whether a segment without data has the number of the last byte sent: a keep-alive. */
  boolean isProbe(int flow, int sequence, int flags) {
    return rest(flow, SENDS) != 0
        && sequence == rest(flow, SENT_END) - 1
        && (flags & TcpFlags.SYN) == 0;
  }

  private void noteAcknowledged(int flow, int number) {
    if (flows.get(flow, ACKNOWLEDGES) == 0 || number - flows.get(flow, ACKNOWLEDGMENT) > 0) {
      flows.set(flow, ACKNOWLEDGMENT, number);
      flows.set(flow, ACKNOWLEDGES, 1);
    }
  }

  void addSack(int flow, int row, int left, int right) {
    segments.appendSack(row, left, right);
    noteSack(flow, row);
  }

  private void noteSack(int flow, int row) {
    if (rest(flow, FIRST_SACK_ROW) < 0) {
      rests.set(rest(flow), FIRST_SACK_ROW, row);
    }
  }

  /** Adds options that handshakes may share, and returns their number. */
  int addLayout(TcpOptions.Layout layout) {
    layouts.add(layout);
    return layouts.size() - 1;
  }

  /**
   * Adds a SYN or SYN/ACK, whose row was appended.
   *
   * @param layout the number of the layout of its options
   * @param timestamps as {@link TcpOptions#timestamps}
   */
  void addHandshake(int flow, int row, int layout, long timestamps) {
    if (flows.get(flow, HANDSHAKE_ROW) < 0) {
      flows.set(flow, HANDSHAKE_ROW, row); // Nearly all have one.
      flows.set(flow, LAYOUT, layout);
      flows.setLong(flow, TIMESTAMPS, timestamps);
      return;
    }
    Segment added = segment(row, new TcpOptions(layouts.get(layout), timestamps));
    if (handshake(flow).isEmpty()) {
      setHandshake(flow, new ArrayList<>(List.of(firstHandshake(flow))));
    }
    handshake(flow).add(added);
  }

  /** The first SYN or SYN/ACK, where that has a row. */
  Segment firstHandshake(int flow) {
    return segment(flows.get(flow, HANDSHAKE_ROW), options(flow));
  }

  private Segment segment(int row, TcpOptions options) {
    return new Segment(
        segments.frame(row),
        segments.timeNanos(row),
        segments.sequence(row),
        segments.acknowledgment(row),
        segments.flags(row),
        segments.ipId(row),
        options);
  }

  /**
   * Records that a segment is in a tunnel.
   *
   * @param overheadBytes its {@link Frame#tunnelBytes}
   */
  void addCarried(int flow, Frame frame, int overheadBytes) {
    if (carried(flow) == Carried.NEVER) {
      setCarried(flow, new Carried());
    }
    carried(flow).add(frame, overheadBytes);
  }

  void addVlanTags(int flow, int tags) {
    if (tags > rest(flow, VLAN_TAGS)) {
      rests.set(rest(flow), VLAN_TAGS, tags);
    }
  }

  void addUnreachable(int flow, Unreachable error) {
    if (unreachables(flow).isEmpty()) {
      setUnreachables(flow, new ArrayList<>(1));
    }
    unreachables(flow).add(error);
  }

  void firstData(int flow, long digest, boolean isHttp) {
    if (digest != 0 && restLong(flow, PAYLOAD_DIGEST) == 0) {
      int rest = rest(flow);
      rests.setLong(rest, PAYLOAD_DIGEST, digest);
      rests.set(rest, HTTP, isHttp ? 1 : 0);
    }
  }

  void tlsHello(int flow, long random) {
    if (random != 0 && restLong(flow, TLS_RANDOM) == 0) {
      rests.setLong(rest(flow), TLS_RANDOM, random);
    }
  }

  /** Sets an ISN that follows from an acknowledgment in the other direction. */
  void learnIsn(int flow, int isn) {
    if (rest(flow, HAS_LEARNED_ISN) == 0) {
      int rest = rest(flow);
      rests.set(rest, LEARNED_ISN, isn);
      rests.set(rest, HAS_LEARNED_ISN, 1);
    }
  }

  /** Has all segments; must be called before they are read. */
  void finish() {
    segments.finish();
  }
}
