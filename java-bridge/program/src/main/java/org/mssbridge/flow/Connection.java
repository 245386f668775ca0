package org.mssbridge.flow;

import java.util.OptionalInt;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/** A TCP connection as one capture point saw it. */
public final class Connection {
  private final FlowTable flows;
  private final int number;
  private final boolean firstIsClient;

  /**
   * @param number its number in the table
   * @param firstIsClient whether the end that sent its first frame is the client
   */
  Connection(FlowTable flows, int number, boolean firstIsClient) {
    this.flows = flows;
    this.number = number;
    this.firstIsClient = firstIsClient;
  }

  /** Tshark's number for it, which Wireshark shows too. */
  public int stream() {
    return flows.stream(number);
  }

  /** Its first frame in the capture. */
  public int firstFrame() {
    return flows.firstFrame(number);
  }

  /** What the client sent. */
  public Flow clientToServer() {
    return new Flow(flows, FlowTable.flow(number, firstIsClient));
  }

  /** What the server sent. */
  public Flow serverToClient() {
    return new Flow(flows, FlowTable.flow(number, !firstIsClient));
  }

  /** The segments sent in that direction. */
  public Flow flow(Direction direction) {
    return direction == Direction.C2S ? clientToServer() : serverToClient();
  }

  /** The sender of the first SYN; where no handshake was seen, the end with the higher port. */
  public Endpoint client() {
    return clientToServer().sender();
  }

  /** The other end. */
  public Endpoint server() {
    return serverToClient().sender();
  }

  /** Whether the addresses are IPv6 addresses. */
  public boolean isIpv6() {
    return client().isIpv6();
  }

  /** Whether a SYN or SYN/ACK was seen; if not, the connection began before the capture. */
  public boolean hasHandshake() {
    return clientToServer().hasHandshake() || serverToClient().hasHandshake();
  }

  /** Whether the client's SYN was seen. */
  public boolean hasSyn() {
    return clientToServer().startsWithSyn();
  }

  /** The same connection with client and server swapped. */
  public Connection withRolesSwapped() {
    return new Connection(flows, number, !firstIsClient);
  }

  /** Number of segments in both directions. */
  public int segments() {
    return clientToServer().segments() + serverToClient().segments();
  }

  /**
   * The MSS in bytes that limits the segments in that direction: the one that the other end
   * announced. Empty where the option is absent or the handshake was not seen.
   */
  public OptionalInt mssLimit(Direction direction) {
    return flow(direction.reverse()).announcedMss();
  }

  /** The time of its first segment in nanoseconds since 1970, on the capture's clock. */
  public long firstTimeNanos() {
    return Math.min(firstTimeNanos(clientToServer()), firstTimeNanos(serverToClient()));
  }

  private static long firstTimeNanos(Flow flow) {
    return flow.firstRow() < 0 ? Long.MAX_VALUE : flow.table().timeNanos(flow.firstRow());
  }

  /** This with the segments of another one at the same point, which has one of its ends. */
  Connection joined(Connection stray) {
    boolean sameRoles = client().equals(stray.client()) || server().equals(stray.server());
    boolean firstIsSame = (firstIsClient == stray.firstIsClient) == sameRoles;
    int joined = Joining.add(flows, number, stray.number, firstIsSame);
    return new Connection(flows, joined, firstIsClient);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Connection that
        && flows == that.flows
        && number == that.number
        && firstIsClient == that.firstIsClient;
  }

  @Override
  public int hashCode() {
    return 31 * System.identityHashCode(flows) + number;
  }

  @Override
  public String toString() {
    return "stream " + stream() + " from " + client() + " to " + server();
  }
}
