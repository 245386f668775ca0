package org.mssbridge.pairing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.EmbeddedIpv4;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Given;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpOptions;

/**
 * The features of all connections of one capture, in arrays of primitives, since a SYN flood has a
 * million connections. A feature is a long with its kind and direction in the upper bits; the
 * features of a connection are ordered by kind.
 */
final class Fingerprints {
  static final int VALUE_BITS = 58;

  /** Events in the life of a connection: SYN, first data of either side, first FIN. */
  static final int EVENTS = 4;

  static final int SYN = 0;
  static final int FIN = 3;

  /** A SYN is repeated this often; a forger may send more. */
  static final int MOST_SYNS = 8;

  /** The value for an event that was not seen, or came after more than 35 minutes. */
  static final int UNSEEN = -1;

  private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;

  final int size;

  /** The index of each connection's first feature; one entry more than there are connections. */
  final int[] start;

  /** As far as {@link #start} goes; not cut to size, since a copy would need as much again. */
  long[] features;

  /** For each feature, four times the binary logarithm of how many connections share it. */
  byte[] shared;

  /**
   * Time of the last SYN, or of the first segment where no SYN was seen; and of the last segment.
   */
  final long[] baseNanos;

  final long[] earliestNanos;
  final long[] latestNanos;

  /** Times of the events in microseconds after the base, {@link #EVENTS} per connection. */
  private final int[] eventMicros;

  private final Endpoint[] client;
  private final Endpoint[] server;

  /** The times of all SYNs of a client that repeats it; null where there are less than two. */
  private final long[][] synNanos;

  /** Hashes of the addresses of the client and of the server. */
  private final long[] clientAddress;

  private final long[] serverAddress;
  private final short[] clientTtl;
  private final short[] serverTtl;

  /** Connections that the user says are others at the other point. */
  private final BitSet given = new BitSet();

  private final byte[] traits;
  private int filled;

  private Fingerprints(int size) {
    this.size = size;
    start = new int[size + 1];
    features = new long[12 * size + 64];
    baseNanos = new long[size];
    earliestNanos = new long[size];
    latestNanos = new long[size];
    eventMicros = new int[EVENTS * size];
    traits = new byte[size];
    client = new Endpoint[size];
    server = new Endpoint[size];
    synNanos = new long[size][];
    clientAddress = new long[size];
    serverAddress = new long[size];
    clientTtl = new short[size];
    serverTtl = new short[size];
  }

  Fingerprints(List<Connection> connections) {
    this(connections, GivenPartners.NONE);
  }

  /** The same under the ends that connections have in another capture, where these are given. */
  Fingerprints(List<Connection> connections, GivenPartners partners) {
    this(connections.size());
    BitSet countingSeconds = ToolMarks.countingSeconds(connections);
    for (int i = 0; i < size; i++) {
      start[i] = filled;
      given.set(i, partners.isGiven(i));
      scan(i, connections.get(i), partners.ends(i, connections.get(i)), countingSeconds.get(i));
    }
    end();
  }

  private void end() {
    start[size] = filled;
    shared = new byte[filled];
  }

  static int kind(long feature) {
    return (int) (feature >>> (VALUE_BITS + 1));
  }

  /** 0 for what the client sent, 1 for what the server sent. */
  static int direction(long feature) {
    return (int) (feature >>> VALUE_BITS) & 1;
  }

  /** The feature in the other direction, since the points may differ on which end is the client. */
  static long reversed(long feature) {
    return feature ^ (1L << VALUE_BITS);
  }

  /** The end of the features that are of the same kind as the one at {@code from}. */
  int endOfKind(int from, int limit) {
    int kind = kind(features[from]);
    int end = from;
    while (end < limit && kind(features[end]) == kind) {
      end++;
    }
    return end;
  }

  /** The binary logarithm of how many connections share that feature. */
  double sharedBits(int feature) {
    return shared[feature] / 4.0;
  }

  /** Whether the event was seen. */
  boolean saw(int connection, int event) {
    return eventMicros[EVENTS * connection + event] >= 0;
  }

  /** The time of an event in microseconds after the base, {@link #UNSEEN} where unknown. */
  int micros(int connection, int event) {
    return eventMicros[EVENTS * connection + event];
  }

  /** The time of an event that was seen, on the capture's clock. */
  long eventNanos(int connection, int event) {
    return baseNanos[connection] + 1000L * micros(connection, event);
  }

  /** A hash of the address of the client, for direction 0, or of the server. */
  long address(int connection, int direction) {
    return direction == 0 ? clientAddress[connection] : serverAddress[connection];
  }

  /**
   * Whether the server's address of one sighting is IPv4 and is embedded in that of the other,
   * which is IPv6: then both are to one host, through a translator (RFC 6052).
   */
  boolean embedsServer(int connection, Fingerprints other, int otherConnection, boolean swapped) {
    Endpoint own = server[connection];
    Endpoint others = swapped ? other.client[otherConnection] : other.server[otherConnection];
    if (own.isIpv6() == others.isIpv6()) {
      return false;
    }
    return own.isIpv6()
        ? EmbeddedIpv4.isIn(own.address(), others.address())
        : EmbeddedIpv4.isIn(others.address(), own.address());
  }

  /** The end that is taken for the client, until it is compared with another sighting. */
  Endpoint client(int connection) {
    return client[connection];
  }

  /** The other end. */
  Endpoint server(int connection) {
    return server[connection];
  }

  /** The times of the SYNs of a connection that has one, in order. */
  long[] synNanos(int connection) {
    long[] all = synNanos[connection];
    return all == null ? new long[] {baseNanos[connection]} : all;
  }

  /**
   * How much lower the server's port is; the end with the much lower port is probably the server.
   */
  int portDrop(int connection) {
    return client[connection].port() - server[connection].port();
  }

  /** The TTL of the first segment of the client, for direction 0, or of the server; -1 for none. */
  int ttl(int connection, int direction) {
    return direction == 0 ? clientTtl[connection] : serverTtl[connection];
  }

  /** Whether a handshake shows which end is the client. */
  boolean hasHandshake(int connection) {
    return (traits[connection] & 4) != 0;
  }

  /** Whether the client sent its SYN several times. */
  boolean repeatsSyn(int connection) {
    return (traits[connection] & 8) != 0;
  }

  /** Whether either end sent data. */
  boolean hasData(int connection) {
    return (traits[connection] & 16) != 0;
  }

  /** Whether its ends are those that the user says it has at the other point. */
  boolean isGiven(int connection) {
    return given.get(connection);
  }

  /** Whether the digest of that direction covers the stream's first 64 bytes. */
  boolean startsWhole(int connection, int direction) {
    return (traits[connection] & (1 << direction)) != 0;
  }

  private void scan(int i, Connection connection, Given.Tuple ends, boolean countsSeconds) {
    FlowScan sent = FlowScan.of(connection.clientToServer(), connection.serverToClient());
    FlowScan received = FlowScan.of(connection.serverToClient(), connection.clientToServer());
    times(i, sent, received, connection.clientToServer().table());
    traits[i] =
        (byte)
            ((sent.startsWhole ? 1 : 0)
                | (received.startsWhole ? 2 : 0)
                | (connection.hasHandshake() ? 4 : 0)
                | (connection.clientToServer().handshakes() > 1 ? 8 : 0)
                | (sent.dataRow >= 0 || received.dataRow >= 0 ? 16 : 0));
    client[i] = ends.client();
    server[i] = ends.server();
    if (connection.clientToServer().handshakes() > 1) {
      synNanos[i] =
          connection.clientToServer().handshake().stream().mapToLong(Segment::timeNanos).toArray();
    }
    clientAddress[i] = Hash.of(client[i].address());
    serverAddress[i] = Hash.of(server[i].address());
    clientTtl[i] = (short) connection.clientToServer().firstTtl();
    serverTtl[i] = (short) connection.serverToClient().firstTtl();
    add(FeatureKind.TUPLE, Direction.C2S, tuple(i));
    for (int index = 0; index < FeatureKind.COUNT; index++) {
      FeatureKind kind = FeatureKind.at(index);
      add(kind, connection.clientToServer(), Direction.C2S, sent, countsSeconds);
      add(kind, connection.serverToClient(), Direction.S2C, received, false);
      if (kind == FeatureKind.PORTS) {
        add(kind, Direction.C2S, ports(client[i].port(), server[i].port()));
      }
    }
  }

  private void times(int i, FlowScan client, FlowScan server, SegmentTable table) {
    earliestNanos[i] = Math.min(client.earliestNanos, server.earliestNanos);
    latestNanos[i] = Math.max(client.latestNanos, server.latestNanos);
    baseNanos[i] = client.synRow >= 0 ? table.timeNanos(client.synRow) : earliestNanos[i];
    int finRow = client.finRow < 0 ? server.finRow : client.finRow;
    if (client.finRow >= 0 && server.finRow >= 0) {
      finRow = Math.min(client.finRow, server.finRow);
    }
    int[] rows = {
      client.synRow,
      client.startsWhole || client.synRow >= 0 ? client.dataRow : -1,
      server.startsWhole || client.synRow >= 0 ? server.dataRow : -1,
      finRow
    };
    for (int event = 0; event < EVENTS; event++) {
      long micros = rows[event] < 0 ? -1 : (table.timeNanos(rows[event]) - baseNanos[i]) / 1000;
      eventMicros[EVENTS * i + event] =
          micros < 0 || micros > Integer.MAX_VALUE ? UNSEEN : (int) micros;
    }
  }

  private void add(
      FeatureKind kind, Flow flow, Direction direction, FlowScan scan, boolean countsSeconds) {
    switch (kind) {
      case ISN -> addRandom(kind, direction, flow.isn());
      case TIMESTAMP -> {
        if (!countsSeconds && scan.synRow >= 0 && flow.table().hasTimestamp(scan.synRow)) {
          addRandom(kind, direction, OptionalInt.of(flow.table().timestamp(scan.synRow)));
        }
      }
      case PORT -> {
        int port = flow.sender().port();
        boolean chosen = direction == Direction.S2C || ToolMarks.isEphemeral(port);
        add(kind, direction, chosen ? Hash.of(port) : 0);
      }
      case DATA_TIMESTAMP -> addBoth(kind, direction, scan.timestamps);
      case TLS_RANDOM -> add(kind, direction, flow.tlsRandom());
      case PAYLOAD -> add(kind, direction, flow.payloadDigest());
      case TOTAL_SUM -> addKnown(kind, direction, scan.totalSum, scan.totalBytes);
      case FIRST_SUM -> addKnown(kind, direction, scan.firstSum, scan.firstBytes);
      case SEGMENT_SUM -> addBoth(kind, direction, scan.segmentSums);
      case TOTAL_SIZE -> addKnown(kind, direction, scan.totalBytes, 0);
      case FIRST_SIZE -> addKnown(kind, direction, scan.firstBytes, 0);
      case OPTIONS -> flow.firstHandshake().ifPresent(syn -> add(kind, direction, options(syn)));
      case IP_ID -> {
        int ipId = scan.synRow < 0 ? 0 : flow.table().ipId(scan.synRow);
        add(kind, direction, ipId <= 0 || ToolMarks.isConstantIpId(ipId) ? 0 : Hash.of(ipId));
      }
      case TUPLE, PORTS -> {
        // Not a feature of one direction.
      }
    }
  }

  private void addRandom(FeatureKind kind, Direction direction, OptionalInt number) {
    if (number.isPresent() && !ToolMarks.isSmall(number.getAsInt())) {
      add(kind, direction, Hash.of(number.getAsInt()));
    }
  }

  private void addKnown(FeatureKind kind, Direction direction, long number, long more) {
    if (number >= 0) {
      add(kind, direction, Hash.of(number, more));
    }
  }

  private void addBoth(FeatureKind kind, Direction direction, long[] hashes) {
    add(kind, direction, hashes[0]);
    add(kind, direction, hashes[1]);
  }

  private void add(FeatureKind kind, Direction direction, long value) {
    if (value == 0) {
      return;
    }
    long head = 2L * kind.index() + (direction == Direction.C2S ? 0 : 1);
    append((head << VALUE_BITS) | (value & VALUE_MASK));
  }

  private void append(long feature) {
    if (filled == features.length) {
      features = Arrays.copyOf(features, 2 * filled);
    }
    features[filled++] = feature;
  }

  private long tuple(int i) {
    long one = Hash.of(clientAddress[i], client[i].port());
    long other = Hash.of(serverAddress[i], server[i].port());
    return Hash.of(one + other, one ^ other);
  }

  /** Writes all that {@link #read} needs. */
  void write(DataOutput out) throws IOException {
    out.writeInt(size);
    for (int i = 0; i < size; i++) {
      writeEndpoint(client[i], out);
      writeEndpoint(server[i], out);
      out.writeByte(traits[i]);
      out.writeShort(clientTtl[i]);
      out.writeShort(serverTtl[i]);
      out.writeLong(baseNanos[i]);
      out.writeLong(earliestNanos[i]);
      out.writeLong(latestNanos[i]);
      for (int event = 0; event < EVENTS; event++) {
        out.writeInt(eventMicros[EVENTS * i + event]);
      }
      long[] syns = synNanos[i] == null ? new long[0] : synNanos[i];
      int kept = Math.min(MOST_SYNS, syns.length);
      out.writeByte(kept);
      for (int syn = 0; syn < kept; syn++) {
        out.writeLong(syns[syn]);
      }
      out.writeByte(start[i + 1] - start[i]);
      for (int feature = start[i]; feature < start[i + 1]; feature++) {
        out.writeLong(features[feature]);
      }
    }
  }

  /** Reads what {@link #write} wrote. */
  static Fingerprints read(DataInput in) throws IOException {
    Fingerprints read = new Fingerprints(in.readInt());
    for (int i = 0; i < read.size; i++) {
      read.start[i] = read.filled;
      read.readConnection(i, in);
    }
    read.end();
    return read;
  }

  private void readConnection(int i, DataInput in) throws IOException {
    client[i] = new Endpoint(in.readUTF(), in.readUnsignedShort());
    server[i] = new Endpoint(in.readUTF(), in.readUnsignedShort());
    clientAddress[i] = Hash.of(client[i].address());
    serverAddress[i] = Hash.of(server[i].address());
    traits[i] = in.readByte();
    clientTtl[i] = in.readShort();
    serverTtl[i] = in.readShort();
    baseNanos[i] = in.readLong();
    earliestNanos[i] = in.readLong();
    latestNanos[i] = in.readLong();
    for (int event = 0; event < EVENTS; event++) {
      eventMicros[EVENTS * i + event] = in.readInt();
    }
    int syns = in.readUnsignedByte();
    if (syns > 0) {
      synNanos[i] = new long[syns];
      for (int syn = 0; syn < syns; syn++) {
        synNanos[i][syn] = in.readLong();
      }
    }
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      append(in.readLong());
    }
  }

  private static void writeEndpoint(Endpoint end, DataOutput out) throws IOException {
    out.writeUTF(end.address());
    out.writeShort(end.port());
  }

  private static long ports(int one, int other) {
    return Hash.of(Math.min(one, other), Math.max(one, other));
  }

  private static long options(Segment handshake) {
    long hash = handshake.options().windowScale();
    for (int kind : handshake.options().kinds()) {
      hash = TcpOptions.isPadding(kind) || kind == TcpOptions.MSS ? hash : Hash.of(hash, kind);
    }
    return Hash.of(hash);
  }
}
