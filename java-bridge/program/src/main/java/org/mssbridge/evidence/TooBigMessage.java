package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.PerPoint;
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
  private record Key(
      int connection,
      Direction direction,
      boolean isIpv6,
      int mtuBytes,
      long position,
      int ipId,
      int copy)
      implements Comparable<Key> {
    // A map needs an order where a file can be made so that all keys have one hash.
    private static final Comparator<Key> ORDER =
        Comparator.comparingInt(Key::connection)
            .thenComparing(Key::direction)
            .thenComparing(Key::isIpv6)
            .thenComparingInt(Key::mtuBytes)
            .thenComparingLong(Key::position)
            .thenComparingInt(Key::ipId)
            .thenComparingInt(Key::copy);

    Key copy(int number) {
      return new Key(connection, direction, isIpv6, mtuBytes, position, ipId, number);
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** The message as the point nearest its own sender saw it, before devices translated it. */
  public TooBig any() {
    return seen.at(firstPoint()).orElseThrow();
  }

  /** The point nearest the sender of the message. */
  public CapturePoint firstPoint() {
    List<CapturePoint> points = List.copyOf(seen.points());
    return isAgainstPath() ? points.get(points.size() - 1) : points.get(0);
  }

  /** The point nearest its receiver, the sender of the packet that it quotes. */
  public CapturePoint lastPoint() {
    List<CapturePoint> points = List.copyOf(seen.points());
    return isAgainstPath() ? points.get(0) : points.get(points.size() - 1);
  }

  /** Whether it runs from the last point of the path to the first. */
  private boolean isAgainstPath() {
    return (direction == Direction.C2S) != connection.runsBack();
  }

  /**
   * Whether its quote has a sequence number of another point where its receiver is: the receiver
   * looks for a segment with this number and has none.
   */
  public boolean isQuoteUntranslated() {
    return quote.packets().at(lastPoint()).filter(packet -> packet.shift() != 0).isPresent();
  }

  /**
   * Whether the packet that it refuses fits the MTU that it reports, although nobody joined packets
   * on the way: its sender does not let its own MTU pass. Towards IPv6, a translator reports 1280
   * for less (RFC 7915, section 4.2). Without an IP ID, a quote of another length is perhaps of
   * another packet.
   */
  public boolean refusesItsMtu() {
    int mtuBytes = any().mtuBytes();
    int leastBytes = any().quotedSource().isIpv6() ? IpFamily.IPV6.leastMtuBytes() : 0;
    return mtuBytes > leastBytes
        && !refusesJoined()
        && (any().quotedIpId() > 0 || any().quotedIpBytes().orElse(0) <= mtuBytes)
        && quote.packet().filter(packet -> packet.ipBytes() <= mtuBytes).isPresent();
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
    ConnectionsByEndpoints byEndpoints = new ConnectionsByEndpoints(comparison);
    Map<Key, Sightings> seen = new LinkedHashMap<>();
    for (PointCapture capture : comparison.path()) {
      Map<Key, Integer> copies = new HashMap<>();
      for (Sighting sighting : sightings(comparison, byEndpoints, capture)) {
        Key key = sighting.key();
        int copy = copies.merge(key, 1, Integer::sum);
        seen.computeIfAbsent(key.copy(copy), k -> new Sightings(sighting.connection()))
            .add(capture.point(), sighting);
      }
    }
    SentNumbers numbers = new SentNumbers(byEndpoints);
    List<TooBigMessage> messages = new ArrayList<>(seen.size());
    seen.forEach((key, at) -> messages.add(at.toMessage(key.direction(), numbers)));
    return messages;
  }

  /** The messages that quote no connection that a point saw before. */
  static List<TooBig> strangers(Comparison comparison, PointCapture capture) {
    ConnectionsByEndpoints byEndpoints = new ConnectionsByEndpoints(comparison);
    return capture.tooBigs().stream()
        .filter(
            message ->
                quoted(comparison, byEndpoints, capture.point(), message)
                    .flatMap(traced -> traced.at().at(capture.point()))
                    .isEmpty())
        .toList();
  }

  private static List<Sighting> sightings(
      Comparison comparison, ConnectionsByEndpoints byEndpoints, PointCapture capture) {
    CapturePoint point = capture.point();
    Map<Flow, QuotedPackets> sent = new HashMap<>();
    List<Sighting> sightings = new ArrayList<>();
    for (TooBig message : capture.tooBigs()) {
      Optional<TracedConnection> traced = quoted(comparison, byEndpoints, point, message);
      Optional<Connection> connection = traced.flatMap(found -> found.at().at(point));
      if (connection.isPresent()) {
        Direction direction =
            message.quotedSource().equals(connection.get().client())
                ? Direction.C2S
                : Direction.S2C;
        QuotedPackets packets =
            sent.computeIfAbsent(
                connection.get().flow(direction),
                flow -> new QuotedPackets(traced.get(), point, direction));
        sightings.add(
            new Sighting(traced.get(), direction, message, packets, packets.find(message)));
      }
    }
    return sightings;
  }

  /**
   * A message at a point.
   *
   * @param packets what the point saw of the direction that it quotes
   * @param found the packet that it quotes, as far as this message alone shows
   */
  private record Sighting(
      TracedConnection connection,
      Direction direction,
      TooBig message,
      QuotedPackets packets,
      Optional<Quote.Packet> found) {
    Optional<Quote.Packet> surePacket() {
      return found.filter(packet -> packets.isConstant(packet.shift()));
    }

    Key key() {
      int shift = surePacket().map(Quote.Packet::shift).orElse(0);
      long position =
          message.quotedSequence().isEmpty()
              ? -1
              : packets.position(message.quotedSequence().getAsInt(), shift);
      return new Key(
          connection.id(),
          direction,
          message.quotedSource().isIpv6(),
          message.mtuBytes(),
          position,
          message.quotedIpId(),
          0);
    }
  }

  /** A message at the points that saw it, and the packet that it quotes at these points. */
  private record Sightings(
      TracedConnection connection,
      Map<CapturePoint, TooBig> messages,
      Map<CapturePoint, Sighting> sightings) {
    Sightings(TracedConnection connection) {
      this(connection, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    void add(CapturePoint point, Sighting sighting) {
      messages.put(point, sighting.message());
      sightings.put(point, sighting);
    }

    TooBigMessage toMessage(Direction direction, SentNumbers numbers) {
      PerPoint<TooBig> seen = PerPoint.of(messages);
      Map<CapturePoint, Quote.Packet> packets = new LinkedHashMap<>();
      boolean delivered = false;
      for (Map.Entry<CapturePoint, Sighting> entry : sightings.entrySet()) {
        Sighting sighting = entry.getValue();
        Optional<Quote.Packet> packet = sighting.surePacket();
        if (packet.isPresent()) {
          boolean arrives = sighting.packets().isDelivered(sighting.message(), packet.get());
          if (sighting.packets().isOfOtherPoint(packet.get().shift())
              || !(arrives || isUnchanged(direction, entry.getKey()))) {
            packets.put(entry.getKey(), packet.get());
            delivered |= arrives;
          }
        }
      }
      boolean neverSent = packets.isEmpty() && numbers.areWithout(connection, direction, seen);
      return new TooBigMessage(
          connection, direction, seen, new Quote(PerPoint.of(packets), neverSent, delivered));
    }

    /**
     * Whether the message comes from between a point and the next one, and nothing between them
     * rewrites the sequence numbers: then a shifted number in its quote is no device's work.
     */
    private boolean isUnchanged(Direction direction, CapturePoint point) {
      return connection.pairs().stream()
          .filter(pair -> pair.nearPoint(direction).equals(point))
          .filter(pair -> !messages.containsKey(pair.farPoint(direction)))
          .anyMatch(pair -> pair.isnDelta(direction).equals(OptionalLong.of(0)));
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
}
