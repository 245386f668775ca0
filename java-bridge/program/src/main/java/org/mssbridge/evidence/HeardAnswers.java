package org.mssbridge.evidence;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpAddress;

/**
 * The networks of clients whose SYN/ACKs arrive across a leg: the capture there holds SYN/ACKs, and
 * those to the same network take this way. To a forged address they may take another one; so may
 * those to a network of which a client goes on without a SYN/ACK there.
 */
final class HeardAnswers {
  /** Routes on the Internet are hardly ever to smaller networks. */
  private static final int IPV4_NETWORK_BYTES = 3;

  private static final int IPV6_NETWORK_BYTES = 8;

  private final Map<Leg, Set<ByteBuffer>> networks = new HashMap<>();
  private final Map<Leg, Set<ByteBuffer>> otherWays = new HashMap<>();

  HeardAnswers(Passages passages) {
    if (passages.all().stream().noneMatch(HeardAnswers::isUnheard)) {
      return; // As usual; nobody will ask.
    }
    for (Passage passage : passages.all()) {
      if (passage.direction() == Direction.S2C && passage.far().hasHandshake()) {
        add(networks, passage);
      } else if (isUnheard(passage) && goesOn(passage.pair().near(Direction.S2C))) {
        add(otherWays, passage);
      }
    }
  }

  private static void add(Map<Leg, Set<ByteBuffer>> some, Passage passage) {
    some.computeIfAbsent(passage.leg(), leg -> new HashSet<>()).add(network(passage));
  }

  /** Whether the client sends more than its SYN, so that it has an answer. */
  private static boolean goesOn(Connection seen) {
    return seen.clientToServer().segments() > seen.clientToServer().handshakes();
  }

  /** Whether nothing of the server arrives of what it sends. */
  private static boolean isUnheard(Passage passage) {
    return passage.direction() == Direction.S2C
        && passage.far().firstRow() < 0
        && passage.near().firstRow() >= 0;
  }

  /** Whether SYN/ACKs of other connections to the client's network arrive across its leg. */
  boolean include(Passage passage) {
    ByteBuffer network = network(passage);
    return networks.getOrDefault(passage.leg(), Set.of()).contains(network)
        && !otherWays.getOrDefault(passage.leg(), Set.of()).contains(network);
  }

  /** The network of the client as the point nearer to it sees it. */
  private static ByteBuffer network(Passage passage) {
    Connection seen = passage.pair().far(Direction.S2C);
    byte[] address = IpAddress.bytes(seen.client().address());
    int bytes = address.length == 4 ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
    return ByteBuffer.wrap(Arrays.copyOf(address, bytes));
  }
}
