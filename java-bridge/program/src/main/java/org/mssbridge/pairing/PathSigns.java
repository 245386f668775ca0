package org.mssbridge.pairing;

import org.mssbridge.flow.Connection;

/**
 * What a sighting shows of how far its hosts are.
 *
 * @param client hash of the client's address
 * @param server hash of the server's address
 * @param clientTtl TTL of the client's first segment, -1 where unknown
 * @param serverTtl that of the server's
 * @param gaps null where the handshake was not seen as a whole
 */
record PathSigns(long client, long server, int clientTtl, int serverTtl, HandshakeGaps gaps) {
  static PathSigns of(Connection connection) {
    return new PathSigns(
        Hash.of(connection.client().address()),
        Hash.of(connection.server().address()),
        connection.clientToServer().firstTtl(),
        connection.serverToClient().firstTtl(),
        HandshakeGaps.of(connection));
  }
}
