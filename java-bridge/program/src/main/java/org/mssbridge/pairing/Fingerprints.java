package org.mssbridge.pairing;

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

  /** The value for an event that was not seen, or came after more than 35 minutes. */
  static final int UNSEEN = -1;

  private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;

  final List<Connection> connections;
  final int size;

  /** The index of each connection's first feature; one entry more than there are connections. */
  final int[] start;

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

  /** Hashes of the addresses of the client and of the server. */
  private final long[] clientAddress;

  private final long[] serverAddress;
  private final short[] clientTtl;
  private final short[] serverTtl;

  private final byte[] traits;
  private final BitSet countingSeconds;
  private int filled;

  Fingerprints(List<Connection> connections) {
    this.connections = connections;
    size = connections.size();
    start = new int[size + 1];
    features = new long[8 * size + 64];
    baseNanos = new long[size];
    earliestNanos = new long[size];
    latestNanos = new long[size];
    eventMicros = new int[EVENTS * size];
    traits = new byte[size];
    clientAddress = new long[size];
    serverAddress = new long[size];
    clientTtl = new short[size];
    serverTtl = new short[size];
    countingSeconds = ToolMarks.countingSeconds(connections);
    for (int i = 0; i < size; i++) {
      start[i] = filled;
      scan(i, connections.get(i));
    }
    start[size] = filled;
    features = Arrays.copyOf(features, filled);
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
    Endpoint server = connections.get(connection).server();
    Connection seen = other.connections.get(otherConnection);
    Endpoint otherServer = swapped ? seen.client() : seen.server();
    if (server.isIpv6() == otherServer.isIpv6()) {
      return false;
    }
    return server.isIpv6()
        ? EmbeddedIpv4.isIn(server.address(), otherServer.address())
        : EmbeddedIpv4.isIn(otherServer.address(), server.address());
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

  /** Whether the digest of that direction covers the stream's first 64 bytes. */
  boolean startsWhole(int connection, int direction) {
    return (traits[connection] & (1 << direction)) != 0;
  }

  private void scan(int i, Connection connection) {
    FlowScan client = FlowScan.of(connection.clientToServer(), connection.serverToClient());
    FlowScan server = FlowScan.of(connection.serverToClient(), connection.clientToServer());
    times(i, client, server, connection.clientToServer().table());
    traits[i] =
        (byte)
            ((client.startsWhole ? 1 : 0)
                | (server.startsWhole ? 2 : 0)
                | (connection.hasHandshake() ? 4 : 0)
                | (connection.clientToServer().handshake().size() > 1 ? 8 : 0)
                | (client.dataRow >= 0 || server.dataRow >= 0 ? 16 : 0));
    clientAddress[i] = Hash.of(connection.client().address());
    serverAddress[i] = Hash.of(connection.server().address());
    clientTtl[i] = (short) connection.clientToServer().firstTtl();
    serverTtl[i] = (short) connection.serverToClient().firstTtl();
    add(FeatureKind.TUPLE, Direction.C2S, tuple(i, connection));
    for (int index = 0; index < FeatureKind.COUNT; index++) {
      FeatureKind kind = FeatureKind.at(index);
      add(i, kind, Direction.C2S, client);
      add(i, kind, Direction.S2C, server);
      if (kind == FeatureKind.PORTS) {
        add(kind, Direction.C2S, ports(connection.client().port(), connection.server().port()));
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

  private void add(int i, FeatureKind kind, Direction direction, FlowScan scan) {
    Flow flow = connections.get(i).flow(direction);
    switch (kind) {
      case ISN -> addRandom(kind, direction, flow.isn());
      case TIMESTAMP -> {
        boolean own = direction == Direction.S2C || !countingSeconds.get(i);
        if (own && scan.synRow >= 0 && flow.table().hasTimestamp(scan.synRow)) {
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
    if (filled == features.length) {
      features = Arrays.copyOf(features, 2 * filled);
    }
    long head = 2L * kind.index() + (direction == Direction.C2S ? 0 : 1);
    features[filled++] = (head << VALUE_BITS) | (value & VALUE_MASK);
  }

  private long tuple(int i, Connection connection) {
    long client = Hash.of(clientAddress[i], connection.client().port());
    long server = Hash.of(serverAddress[i], connection.server().port());
    return Hash.of(client + server, client ^ server);
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
