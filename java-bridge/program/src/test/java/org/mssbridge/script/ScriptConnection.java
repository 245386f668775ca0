package org.mssbridge.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.model.Direction;

/**
 * A connection as its two hosts created it. Its {@code points} are those that its packets pass, in
 * the order of the client's packets; each of a proxy's two connections has one point.
 */
final class ScriptConnection {
  final String name;
  final ScriptEndpoint client;
  final ScriptEndpoint server;
  final List<ScriptPoint> points;

  /** The number of the IP protocol. */
  int protocol = SegmentEncoder.PROTOCOL_TCP;

  private final Map<Direction, Sender> senders =
      Map.of(
          Direction.C2S, new Sender(1_000_000, 64_240, 0x1000),
          Direction.S2C, new Sender(2_000_000, 65_160, 0x8000));

  /** The header fields and stream contents of one host. */
  private static final class Sender {
    private RtpSource rtp;
    long isn;
    int ttl = 64;
    int windowField;
    int nextId;
    long next;
    final TreeMap<Long, byte[]> texts = new TreeMap<>();

    Sender(long isn, int windowField, int nextId) {
      this.isn = isn;
      this.windowField = windowField;
      this.nextId = nextId;
    }
  }

  private ScriptConnection(
      String name, ScriptEndpoint client, ScriptEndpoint server, List<ScriptPoint> points) {
    this.name = name;
    this.client = client;
    this.server = server;
    this.points = points;
  }

  /** {@code connection NAME CLIENT -> SERVER [at P,…] [isn A B] …}, without its first word. */
  static ScriptConnection take(ScriptWords words, List<ScriptPoint> all, int repetition) {
    return take(words, all, repetition, SegmentEncoder.PROTOCOL_TCP);
  }

  /** {@code datagram NAME CLIENT -> SERVER [protocol N] …}, without its first word. */
  static ScriptConnection takeDatagram(ScriptWords words, List<ScriptPoint> all, int repetition) {
    return take(words, all, repetition, FrameEncoder.PROTOCOL_UDP);
  }

  private static ScriptConnection take(
      ScriptWords words, List<ScriptPoint> all, int repetition, int protocol) {
    String name = words.take("a name for the connection");
    ScriptEndpoint first = ScriptEndpoint.take(words);
    ScriptEndpoint client = first.plus(repetition);
    words.expect("->");
    ScriptEndpoint server = ScriptEndpoint.take(words);
    List<ScriptPoint> points = words.accept("at") ? takePoints(words, all) : all;
    ScriptConnection connection = new ScriptConnection(name, client, server, points);
    connection.protocol = words.accept("protocol") ? words.takeInt("an IP protocol") : protocol;
    long ownIsn = first.port() % 100 * 100_000L;
    connection.senders.values().forEach(sender -> sender.isn += ownIsn);
    while (!words.atEnd()) {
      String property = words.take("a property of the connection");
      for (Direction direction : Direction.values()) {
        connection.takeProperty(words, property, connection.senders.get(direction));
      }
    }
    connection.senders.values().forEach(sender -> sender.isn += repetition * 640_007L);
    return connection;
  }

  private static List<ScriptPoint> takePoints(ScriptWords words, List<ScriptPoint> all) {
    String word = words.take("capture points such as client,server");
    List<String> names = Arrays.asList(word.split(",", -1));
    List<ScriptPoint> points =
        names.stream()
            .flatMap(name -> all.stream().filter(point -> point.name().equals(name)))
            .toList();
    if (points.size() != names.size()) {
      throw words.error("not every one of " + names + " is a point declared above");
    }
    return points;
  }

  private void takeProperty(ScriptWords words, String property, Sender sender) {
    switch (property) {
      case "isn" -> sender.isn = words.takeLong("two ISNs");
      case "ttl" -> sender.ttl = words.takeInt("two TTLs");
      case "window" -> sender.windowField = words.takeInt("two window fields");
      case "rtp" -> sender.rtp = new RtpSource(words.takeInt("two RTP payload types"));
      case "rtpseq" -> sender.rtp.sequence = words.takeInt("two RTP sequence numbers");
      case "id" -> sender.nextId = words.takeInt("two IP identifications");
      default -> throw words.error("a connection has no property '" + property + "'");
    }
  }

  /** The content of a packet, with an RTP header if the sender of a direction sends RTP. */
  byte[] content(Direction direction, byte[] content) {
    RtpSource rtp = senders.get(direction).rtp;
    return rtp == null || content.length < RtpSource.HEADER_BYTES ? content : rtp.next(content);
  }

  /** The ISN that the sender of a direction chose. */
  long isn(Direction direction) {
    return senders.get(direction).isn;
  }

  int ttl(Direction direction) {
    return senders.get(direction).ttl;
  }

  int windowField(Direction direction) {
    return senders.get(direction).windowField;
  }

  /** Reserves an IP ID for each piece of a segment and returns the first. */
  int takeIds(Direction direction, int count) {
    Sender sender = senders.get(direction);
    int first = sender.nextId;
    sender.nextId = first + count & 0xffff;
    return first;
  }

  /** The relative sequence number after the data sent so far in a direction. */
  long next(Direction direction) {
    return senders.get(direction).next;
  }

  void sent(Direction direction, long end) {
    Sender sender = senders.get(direction);
    sender.next = Math.max(sender.next, end);
  }

  /** The first point that a segment of a direction passes. */
  ScriptPoint near(Direction direction) {
    return pathOf(direction).get(0);
  }

  /** The points in the order in which a segment of a direction passes them. */
  List<ScriptPoint> pathOf(Direction direction) {
    if (direction == Direction.C2S) {
      return points;
    }
    List<ScriptPoint> reversed = new ArrayList<>(points);
    Collections.reverse(reversed);
    return reversed;
  }

  /** Sets the stream's content from a relative sequence number on. */
  void setText(Direction direction, long start, byte[] text) {
    senders.get(direction).texts.put(start, text);
  }

  /**
   * The stream's bytes: the text that was set, and elsewhere letters computed from the position.
   */
  byte[] payload(Direction direction, ScriptRange range) {
    byte[] bytes = new byte[range.length()];
    long seed = name.hashCode() * 31L + (direction == Direction.C2S ? 0 : 1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = letter(seed, range.start() + i);
    }
    senders
        .get(direction)
        .texts
        .forEach(
            (start, text) -> {
              long from = Math.max(start, range.start());
              long to = Math.min(start + text.length, range.end());
              if (from < to) {
                System.arraycopy(
                    text,
                    (int) (from - start),
                    bytes,
                    (int) (from - range.start()),
                    (int) (to - from));
              }
            });
    return bytes;
  }

  private static byte letter(long seed, long position) {
    long mixed = (position + seed) * 0x9E3779B97F4A7C15L;
    return (byte) ('a' + Long.remainderUnsigned(mixed ^ mixed >>> 29, 26));
  }
}
