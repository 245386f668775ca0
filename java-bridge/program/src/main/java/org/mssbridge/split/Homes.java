package org.mssbridge.split;

import java.util.HashMap;
import java.util.Map;

/** On which side of the path each address is: that of the clients, or that of the servers. */
final class Homes {
  /** A hostile file can have any number of addresses. */
  private static final int MOST = 1 << 18;

  /** A handshake tells for certain who the client is, a port does not. */
  private static final int HANDSHAKE_WEIGHT = 1000;

  private static final int MOST_VOTES = 1 << 30;

  private final Map<Long, Integer> votes = new HashMap<>();

  /** Learns from a packet. */
  void add(PacketHeaders headers) {
    if (headers.ports() == 0) {
      return;
    }
    int weight = headers.isSyn() || headers.isSynAck() ? HANDSHAKE_WEIGHT : 1;
    boolean isFromClient = headers.isSyn() || (!headers.isSynAck() && headers.isFromHigherPort());
    vote(headers.senderAddress(), isFromClient ? weight : -weight);
    vote(headers.receiverAddress(), isFromClient ? -weight : weight);
  }

  private void vote(long address, int vote) {
    if (votes.size() < MOST || votes.containsKey(address)) {
      votes.merge(address, vote, Homes::sum);
    }
  }

  private static int sum(int votes, int more) {
    int sum = votes + more;
    return Math.abs(sum) < MOST_VOTES ? sum : votes;
  }

  /** Whether a packet travels from the clients' side to the servers'. */
  boolean isFromClientSide(PacketHeaders headers) {
    int vote = votes.getOrDefault(headers.travellingFrom(), 0);
    return vote == 0 ? headers.isFromHigherPort() : vote > 0;
  }
}
