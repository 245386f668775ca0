package org.mssbridge.pairing;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;

/**
 * What a sighting shows of how far its hosts are.
 *
 * @param client hash of the client's address
 * @param server hash of the server's address
 * @param clientTtl TTL of the client's first segment, -1 where unknown
 * @param serverTtl that of the server's
 * @param clientIsn the client's ISN, -1 where unknown
 * @param serverIsn the server's
 * @param synIpId the IP ID of the client's SYN, 0 or less where unknown
 * @param synTimestamp its TSval, -1 where it has none
 * @param gaps null where the handshake was not seen as a whole
 */
record PathSigns(
    long client,
    long server,
    int clientTtl,
    int serverTtl,
    long clientIsn,
    long serverIsn,
    int synIpId,
    long synTimestamp,
    HandshakeGaps gaps) {
  /** Without what shows which connection it is. */
  PathSigns(long client, long server, int clientTtl, int serverTtl, HandshakeGaps gaps) {
    this(client, server, clientTtl, serverTtl, -1, -1, 0, -1, gaps);
  }

  static PathSigns of(Connection connection) {
    Flow client = connection.clientToServer();
    int syn = client.firstHandshakeRow();
    SegmentTable table = client.table();
    return new PathSigns(
        Hash.of(connection.client().address()),
        Hash.of(connection.server().address()),
        connection.clientToServer().firstTtl(),
        connection.serverToClient().firstTtl(),
        isn(client),
        isn(connection.serverToClient()),
        syn < 0 ? 0 : table.ipId(syn),
        syn < 0 || !table.hasTimestamp(syn) ? -1 : Integer.toUnsignedLong(table.timestamp(syn)),
        HandshakeGaps.of(connection));
  }

  private static long isn(Flow flow) {
    return flow.isn().isPresent() ? Integer.toUnsignedLong(flow.isn().getAsInt()) : -1;
  }

  /**
   * Whether another sighting is surely of another connection, which a proxy opens: its hosts have
   * other ISNs, and the SYN comes from another stack. Then the TTLs of both count from different
   * hosts.
   */
  boolean isOtherConnection(PathSigns other) {
    return differ(clientIsn, other.clientIsn, 0)
        && differ(serverIsn, other.serverIsn, 0)
        && differ(synIpId, other.synIpId, 1)
        && (synTimestamp < 0
            || other.synTimestamp < 0
            || differ(synTimestamp, other.synTimestamp, 0));
  }

  private static boolean differ(long one, long other, long least) {
    return one >= least && other >= least && one != other;
  }
}
