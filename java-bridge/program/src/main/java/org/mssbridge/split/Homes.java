package org.mssbridge.split;

import java.util.Arrays;
import org.mssbridge.model.LongIndex;

/** On which side of the path each address is: that of the clients, or that of the servers. */
final class Homes {
  /** A hostile file can have any number of addresses. */
  private static final int MOST = 1 << 18;

  /** A handshake tells for certain who the client is, a port does not. */
  private static final int HANDSHAKE_WEIGHT = 1000;

  private static final int MOST_VOTES = 1 << 30;

  private final LongIndex numbers = new LongIndex();
  private int[] votes = new int[1 << 10];
  private int addresses;

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
    long key = address | 1;
    int number = numbers.get(key);
    if (number < 0 && addresses < MOST) {
      number = addresses++;
      numbers.put(key, number);
      votes = number < votes.length ? votes : Arrays.copyOf(votes, number * 2);
    }
    if (number >= 0) {
      votes[number] = sum(votes[number], vote);
    }
  }

  private static int sum(int votes, int more) {
    int sum = votes + more;
    return Math.abs(sum) < MOST_VOTES ? sum : votes;
  }

  /** Whether a packet travels from the clients' side to the servers'. */
  boolean isFromClientSide(PacketHeaders headers) {
    int number = numbers.get(headers.travellingFrom() | 1);
    int vote = number < 0 ? 0 : votes[number];
    return vote == 0 ? headers.isFromHigherPort() : vote > 0;
  }
}
