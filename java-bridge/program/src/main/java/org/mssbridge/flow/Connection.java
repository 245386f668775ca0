package org.mssbridge.flow;

import java.util.OptionalInt;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * A TCP connection as one capture point saw it.
 *
 * @param stream tshark's number for it, which Wireshark shows too
 * @param firstFrame its first frame in the capture
 * @param clientToServer what the client sent
 * @param serverToClient what the server sent
 */
public record Connection(int stream, int firstFrame, Flow clientToServer, Flow serverToClient) {
  /** The segments sent in that direction. */
  public Flow flow(Direction direction) {
    return direction == Direction.C2S ? clientToServer : serverToClient;
  }

  /** The sender of the first SYN; where no handshake was seen, the end with the higher port. */
  public Endpoint client() {
    return clientToServer.sender();
  }

  /** The other end. */
  public Endpoint server() {
    return serverToClient.sender();
  }

  /** Whether the addresses are IPv6 addresses. */
  public boolean isIpv6() {
    return client().isIpv6();
  }

  /** Whether a SYN or SYN/ACK was seen; if not, the connection began before the capture. */
  public boolean hasHandshake() {
    return clientToServer.hasHandshake() || serverToClient.hasHandshake();
  }

  /** Whether the client's SYN was seen. */
  public boolean hasSyn() {
    return clientToServer.startsWithSyn();
  }

  /** The same connection with client and server swapped. */
  public Connection withRolesSwapped() {
    return new Connection(
        stream,
        firstFrame,
        /* clientToServer= */ serverToClient,
        /* serverToClient= */ clientToServer);
  }

  /** Number of segments in both directions. */
  public int segments() {
    return clientToServer.segments() + serverToClient.segments();
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
    return Math.min(firstTimeNanos(clientToServer), firstTimeNanos(serverToClient));
  }

  private static long firstTimeNanos(Flow flow) {
    return flow.firstRow() < 0 ? Long.MAX_VALUE : flow.table().timeNanos(flow.firstRow());
  }
}
