package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TooBig;

/**
 * An ICMP "too big" message about a known connection, at all points that saw it.
 *
 * @param connection the connection that it quotes
 * @param direction the direction of the segment that was too big
 * @param seen the message at every point that saw it
 */
public record TooBigMessage(
    TracedConnection connection, Direction direction, PerPoint<TooBig> seen) {

  /** Identifies a message across points, without the numbers that devices translate. */
  private record Key(
      int connection, Direction direction, String sender, int mtuBytes, long position, int copy) {
    Key copy(int number) {
      return new Key(connection, direction, sender, mtuBytes, position, number);
    }
  }

  /** The message as one of the points saw it. */
  public TooBig any() {
    return seen.at(seen.points().iterator().next()).orElseThrow();
  }

  /** Whether another message has the same MTU, sender and direction. */
  boolean isLike(TooBigMessage other) {
    return direction == other.direction
        && any().mtuBytes() == other.any().mtuBytes()
        && any().sender().equals(other.any().sender());
  }

  /** All messages that quote a connection of the comparison, in the order of the captures. */
  static List<TooBigMessage> allOf(Comparison comparison) {
    Map<Key, Map<CapturePoint, TooBig>> seen = new LinkedHashMap<>();
    Map<Key, TracedConnection> connections = new HashMap<>();
    ConnectionsByEndpoints byEndpoints = new ConnectionsByEndpoints(comparison);
    for (PointCapture capture : comparison.path()) {
      Map<Key, Integer> copies = new HashMap<>();
      for (TooBig message : capture.tooBigs()) {
        Optional<TracedConnection> traced =
            quoted(comparison, byEndpoints, capture.point(), message);
        Optional<Key> key = traced.flatMap(t -> key(t, capture.point(), message));
        if (key.isPresent()) {
          int copy = copies.merge(key.get(), 1, Integer::sum);
          Key numbered = key.get().copy(copy);
          connections.put(numbered, traced.get());
          seen.computeIfAbsent(numbered, k -> new LinkedHashMap<>()).put(capture.point(), message);
        }
      }
    }
    List<TooBigMessage> messages = new ArrayList<>();
    seen.forEach(
        (key, at) ->
            messages.add(
                new TooBigMessage(connections.get(key), key.direction(), PerPoint.of(at))));
    return messages;
  }

  /**
   * The quoted connection by tshark's stream number, or by addresses and ports where the quote is
   * too short.
   */
  private static Optional<TracedConnection> quoted(
      Comparison comparison,
      ConnectionsByEndpoints byEndpoints,
      CapturePoint point,
      TooBig message) {
    Optional<TracedConnection> byStream = comparison.byStream(point, message.stream());
    if (byStream.isPresent()) {
      return byStream;
    }
    TracedConnection latest = null;
    for (TracedConnection traced :
        byEndpoints.at(point, message.quotedSource(), message.quotedDestination())) {
      if (traced.at().at(point).orElseThrow().firstTimeNanos() <= message.timeNanos()) {
        latest = traced;
      }
    }
    return Optional.ofNullable(latest);
  }

  private static Optional<Key> key(TracedConnection traced, CapturePoint point, TooBig message) {
    Optional<Connection> connection = traced.at().at(point);
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    Endpoint source = message.quotedSource();
    Direction direction = source.equals(connection.get().client()) ? Direction.C2S : Direction.S2C;
    long position = -1;
    if (message.quotedSequence().isPresent()
        && connection.get().flow(direction).isn().isPresent()) {
      position =
          SequenceNumber.delta(
              connection.get().flow(direction).isn().getAsInt(),
              message.quotedSequence().getAsInt());
    }
    return Optional.of(
        new Key(traced.id(), direction, message.sender(), message.mtuBytes(), position, 0));
  }
}
