package org.mssbridge.match;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * Pairs the connections of two captures. Each tier looks up keys, never all pairs, and takes only
 * what earlier tiers left; within a tier a key that stands for more than one connection is settled
 * by order in time, or not at all.
 */
final class ConnectionMatcher {
  private final List<Connection> left;
  private final List<Connection> right;
  private final List<ConnectionMatch> matches = new ArrayList<>();
  private final Set<Connection> taken = new HashSet<>();
  private int ambiguous;

  ConnectionMatcher(List<Connection> left, List<Connection> right) {
    this.left = left;
    this.right = right;
  }

  /**
   * What came of it.
   *
   * @param matches in the order of the first capture
   * @param ambiguous connections of the first capture that have candidates but no clear one
   */
  record Result(List<ConnectionMatch> matches, int ambiguous) {}

  Result match() {
    tier(ConnectionMatcher::tupleAndIsns, List.of("tuple", "isn"), 1.0);
    tupleInOrder();
    tier(ConnectionMatcher::isns, List.of("isn"), 0.98);
    tier(ConnectionMatcher::timestamps, List.of("timestamps"), 0.9);
    tier(ConnectionMatcher::digests, List.of("payload"), 0.85);
    matches.sort(Comparator.comparingInt(match -> match.clientSide().firstFrame()));
    return new Result(List.copyOf(matches), ambiguous);
  }

  /** Pairs what shares a key that is the only one of its kind on either side. */
  private <K> void tier(Function<Connection, K> key, List<String> matchedBy, double confidence) {
    Map<K, List<Connection>> candidates = group(right, key);
    group(left, key)
        .forEach(
            (value, connections) -> {
              List<Connection> others = candidates.getOrDefault(value, List.of());
              if (connections.size() == 1 && others.size() == 1) {
                take(connections.get(0), others.get(0), matchedBy, confidence);
              }
            });
  }

  /** Both ends, whichever of them counts as the client. */
  private record Tuple(Endpoint lower, Endpoint higher) {
    static Tuple of(Connection connection) {
      Endpoint client = connection.client();
      Endpoint server = connection.server();
      int order = client.address().compareTo(server.address());
      boolean clientIsLower = order < 0 || (order == 0 && client.port() <= server.port());
      return clientIsLower ? new Tuple(client, server) : new Tuple(server, client);
    }
  }

  private void tupleInOrder() {
    Map<Tuple, List<Connection>> candidates = group(right, Tuple::of);
    OptionalLong offset = offsetNanos();
    group(left, Tuple::of)
        .forEach(
            (value, connections) -> {
              List<Connection> others = candidates.getOrDefault(value, List.of());
              if (connections.size() == 1 && others.size() == 1) {
                take(connections.get(0), others.get(0), List.of("tuple"), 0.97);
              } else if (connections.size() == others.size()) {
                for (int i = 0; i < connections.size(); i++) {
                  take(connections.get(i), others.get(i), List.of("tuple", "order"), 0.9);
                }
              } else if (!others.isEmpty()) {
                byTime(connections, others, offset);
              }
            });
  }

  /** A tuple that was used more often at one point than at the other: the nearest in time. */
  private void byTime(
      List<Connection> connections, List<Connection> others, OptionalLong offsetNanos) {
    for (Connection connection : connections) {
      Connection best = null;
      long bestDistance = Long.MAX_VALUE;
      long secondDistance = Long.MAX_VALUE;
      for (Connection other : others) {
        long distance = distance(connection, other, offsetNanos.orElse(0));
        if (distance < bestDistance) {
          secondDistance = bestDistance;
          bestDistance = distance;
          best = other;
        } else {
          secondDistance = Math.min(secondDistance, distance);
        }
      }
      boolean clear = offsetNanos.isPresent() && bestDistance < secondDistance / 4;
      if (clear
          && best != null
          && !taken.contains(best)
          && isMutual(connections, connection, best, offsetNanos.getAsLong())) {
        take(connection, best, List.of("tuple", "time"), 0.85);
      } else {
        ambiguous++;
      }
    }
  }

  private static boolean isMutual(
      List<Connection> connections, Connection chosen, Connection other, long offsetNanos) {
    long distance = distance(chosen, other, offsetNanos);
    return connections.stream().noneMatch(c -> distance(c, other, offsetNanos) < distance);
  }

  private static long distance(Connection connection, Connection other, long offsetNanos) {
    return Math.abs(other.firstTimeNanos() - connection.firstTimeNanos() - offsetNanos);
  }

  /** How much later connections that are paired already start in the second capture: median. */
  private OptionalLong offsetNanos() {
    LongList differences = new LongList();
    for (ConnectionMatch match : matches) {
      differences.add(match.serverSide().firstTimeNanos() - match.clientSide().firstTimeNanos());
    }
    return differences.isEmpty() ? OptionalLong.empty() : OptionalLong.of(differences.median());
  }

  private void take(
      Connection connection, Connection other, List<String> matchedBy, double confidence) {
    taken.add(connection);
    taken.add(other);
    boolean turned =
        !connection.client().equals(other.client()) && connection.client().equals(other.server());
    if (turned && connection.hasHandshake()) {
      matches.add(new ConnectionMatch(connection, other.turned(), matchedBy, confidence));
    } else if (turned) {
      matches.add(new ConnectionMatch(connection.turned(), other, matchedBy, confidence));
    } else {
      matches.add(new ConnectionMatch(connection, other, matchedBy, confidence));
    }
  }

  private <K> Map<K, List<Connection>> group(
      List<Connection> connections, Function<Connection, K> key) {
    Map<K, List<Connection>> groups = new LinkedHashMap<>();
    for (Connection connection : connections) {
      K value = taken.contains(connection) ? null : key.apply(connection);
      if (value != null) {
        groups.computeIfAbsent(value, k -> new ArrayList<>(1)).add(connection);
      }
    }
    return groups;
  }

  private static List<Object> tupleAndIsns(Connection connection) {
    List<Object> isns = isns(connection);
    return isns == null ? null : List.of(connection.client(), connection.server(), isns);
  }

  private static List<Object> isns(Connection connection) {
    Flow client = connection.clientToServer();
    Flow server = connection.serverToClient();
    return client.isn().isPresent() && server.isn().isPresent()
        ? List.of(client.isn().getAsInt(), server.isn().getAsInt())
        : null;
  }

  /** TSval of the client's SYN and of the server's SYN/ACK: most NATs and randomisers keep them. */
  private static List<Object> timestamps(Connection connection) {
    long client = firstTimestamp(connection.flow(Direction.C2S));
    long server = firstTimestamp(connection.flow(Direction.S2C));
    return client < 0 || server < 0 ? null : List.of(client, server);
  }

  private static long firstTimestamp(Flow flow) {
    if (flow.handshake().isEmpty()) {
      return -1;
    }
    SegmentTable table = flow.table();
    int row = flow.firstRow();
    return table.hasTimestamp(row) ? table.timestamp(row) & 0xffff_ffffL : -1;
  }

  private static List<Object> digests(Connection connection) {
    long client = connection.clientToServer().payloadDigest();
    long server = connection.serverToClient().payloadDigest();
    return client == 0 || server == 0 ? null : List.of(client, server);
  }
}
