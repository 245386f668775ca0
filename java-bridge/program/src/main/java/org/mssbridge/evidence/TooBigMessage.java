package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
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
 * @param quote what the captures show of the packet that it quotes
 */
public record TooBigMessage(
    TracedConnection connection, Direction direction, PerPoint<TooBig> seen, Quote quote) {

  /** Identifies a message across points, without the numbers that devices translate. */
  private record Key(Kind kind, long position, int copy) implements Comparable<Key> {
    // A map needs an order where a file can be made so that all keys have one hash.
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::kind)
            .thenComparingLong(Key::position)
            .thenComparingInt(Key::copy);

    Key copy(int number) {
      return new Key(kind, position, number);
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** The message as one of the points saw it. */
  public TooBig any() {
    return seen.at(seen.points().iterator().next()).orElseThrow();
  }

  /** An occurrence on the connection, with the message's frames at every point that saw it. */
  public Occurrence occurrence() {
    Occurrence occurrence = Occurrence.on(connection.id());
    for (CapturePoint point : seen.points()) {
      occurrence = occurrence.at(point, seen.at(point).orElseThrow().frame());
    }
    return occurrence;
  }

  /**
   * Whether its sender joined segments and then refused what it joined: each segment fits the MTU
   * that the message reports, and the quote does not.
   */
  public boolean refusesJoined() {
    TooBig message = any();
    return quote
        .packet()
        .filter(Quote.Packet::isJoined)
        .filter(packet -> packet.ipBytes() <= message.mtuBytes())
        .filter(packet -> message.quotedIpBytes().orElse(0) > message.mtuBytes())
        .isPresent();
  }

  /** What a message has in common with others that the same link causes. */
  Kind kind() {
    return new Kind(connection.id(), direction, any().sender(), any().mtuBytes());
  }

  /** Messages of one sender about one direction of a connection, with one MTU. */
  record Kind(int connection, Direction direction, String sender, int mtuBytes)
      implements Comparable<Kind> {
    private static final Comparator<Kind> ORDER =
        Comparator.comparingInt(Kind::connection)
            .thenComparing(Kind::direction)
            .thenComparing(Kind::sender)
            .thenComparingInt(Kind::mtuBytes);

    @Override
    public int compareTo(Kind other) {
      return ORDER.compare(this, other);
    }
  }

  /** All messages that quote a connection of the comparison, in the order of the captures. */
  static List<TooBigMessage> allOf(Comparison comparison) {
    Map<Key, Sightings> seen = new LinkedHashMap<>();
    ConnectionsByEndpoints byEndpoints = new ConnectionsByEndpoints(comparison);
    for (PointCapture capture : comparison.path()) {
      CapturePoint point = capture.point();
      Map<Key, Integer> copies = new HashMap<>();
      Map<Flow, QuotedPackets> sent = new HashMap<>();
      for (TooBig message : capture.tooBigs()) {
        Optional<TracedConnection> traced = quoted(comparison, byEndpoints, point, message);
        Optional<Key> key = traced.flatMap(t -> key(t, point, message));
        if (key.isPresent()) {
          int copy = copies.merge(key.get(), 1, Integer::sum);
          Direction direction = key.get().kind().direction();
          seen.computeIfAbsent(key.get().copy(copy), k -> new Sightings(traced.get()))
              .add(
                  point,
                  message,
                  sent.computeIfAbsent(
                          traced.get().at().at(point).orElseThrow().flow(direction),
                          flow -> new QuotedPackets(traced.get(), point, direction))
                      .find(message));
        }
      }
    }
    SentNumbers numbers = new SentNumbers(byEndpoints);
    List<TooBigMessage> messages = new ArrayList<>(seen.size());
    seen.forEach((key, at) -> messages.add(at.toMessage(key.kind().direction(), numbers)));
    return messages;
  }

  /** A message at the points that saw it, and the packet that it quotes at these points. */
  private record Sightings(
      TracedConnection connection,
      Map<CapturePoint, TooBig> messages,
      Map<CapturePoint, Quote.Packet> packets) {
    Sightings(TracedConnection connection) {
      this(connection, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    void add(CapturePoint point, TooBig message, Optional<Quote.Packet> packet) {
      messages.put(point, message);
      packet.ifPresent(found -> packets.put(point, found));
    }

    TooBigMessage toMessage(Direction direction, SentNumbers numbers) {
      PerPoint<TooBig> seen = PerPoint.of(messages);
      boolean neverSent = packets.isEmpty() && numbers.areWithout(connection, direction, seen);
      return new TooBigMessage(
          connection, direction, seen, new Quote(PerPoint.of(packets), neverSent));
    }
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
    return byEndpoints.latest(
        point, message.quotedSource(), message.quotedDestination(), message.timeNanos());
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
        new Key(
            new Kind(traced.id(), direction, message.sender(), message.mtuBytes()), position, 0));
  }
}
