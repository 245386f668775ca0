package org.mssbridge.script;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.mssbridge.model.Direction;

/**
 * A connection as its two ends made it. Its {@code points} are those that its packets pass, in path
 * order; two connections of a proxy have one each.
 */
final class Connection {
  private static final int FIRST_TTL = 64;

  final String name;
  final Endpoint client;
  final Endpoint server;
  final List<Point> points;
  private final long[] isns = {1_000_000, 2_000_000};
  private final int[] ttls = {FIRST_TTL, FIRST_TTL};
  private final int[] windowFields = {64_240, 65_160};
  private final int[] nextIds = {0x1000, 0x8000};
  private final long[] nexts = {0, 0};
  private final List<TreeMap<Long, byte[]>> texts = List.of(new TreeMap<>(), new TreeMap<>());

  private Connection(String name, Endpoint client, Endpoint server, List<Point> points) {
    this.name = name;
    this.client = client;
    this.server = server;
    this.points = points;
  }

  /** {@code connection NAME CLIENT -> SERVER [isn A B] …}, without its first word. */
  static Connection take(Words words, List<Point> all, int repetition) {
    String name = words.take("a name for the connection");
    Endpoint client = Endpoint.take(words).plus(repetition);
    words.expect("->");
    Endpoint server = Endpoint.take(words);
    List<Point> points = all;
    long[] isns = null;
    int[] ttls = null;
    int[] windows = null;
    int[] ids = null;
    while (!words.atEnd()) {
      String word = words.take("a property of the connection");
      switch (word) {
        case "at" -> points = takePoints(words, all);
        case "isn" ->
            isns =
                new long[] {words.takeLong("the client's ISN"), words.takeLong("the server's ISN")};
        case "ttl" -> ttls = takePair(words, "TTL");
        case "window" -> windows = takePair(words, "window field");
        case "id" -> ids = takePair(words, "first IP ID");
        default -> throw words.error("a connection has no property '" + word + "'");
      }
    }
    Connection connection = new Connection(name, client, server, points);
    connection.set(isns, ttls, windows, ids);
    for (int side = 0; side < 2; side++) {
      connection.isns[side] += repetition * 640_007L;
    }
    return connection;
  }

  private static int[] takePair(Words words, String what) {
    return new int[] {words.takeInt("the client's " + what), words.takeInt("the server's " + what)};
  }

  private static List<Point> takePoints(Words words, List<Point> all) {
    List<String> names =
        Arrays.asList(words.take("capture points such as client,server").split(","));
    List<Point> points = all.stream().filter(point -> names.contains(point.name())).toList();
    if (points.size() != names.size()) {
      throw words.error("not every one of " + names + " is a point declared above");
    }
    return points;
  }

  private void set(long[] newIsns, int[] newTtls, int[] newWindows, int[] newIds) {
    if (newIsns != null) {
      System.arraycopy(newIsns, 0, isns, 0, 2);
    }
    copy(newTtls, ttls);
    copy(newWindows, windowFields);
    copy(newIds, nextIds);
  }

  private static void copy(int[] from, int[] to) {
    if (from != null) {
      System.arraycopy(from, 0, to, 0, 2);
    }
  }

  /** The ISN as the sender of that direction chose it. */
  long isn(Direction direction) {
    return isns[direction.ordinal()];
  }

  int ttl(Direction direction) {
    return ttls[direction.ordinal()];
  }

  int windowField(Direction direction) {
    return windowFields[direction.ordinal()];
  }

  /** Takes as many IP identifiers as a segment has pieces, and gives the first. */
  int takeIds(Direction direction, int count) {
    int first = nextIds[direction.ordinal()];
    nextIds[direction.ordinal()] = first + count & 0xffff;
    return first;
  }

  /** The relative sequence number after all that was sent in that direction so far. */
  long next(Direction direction) {
    return nexts[direction.ordinal()];
  }

  void sent(Direction direction, long end) {
    nexts[direction.ordinal()] = Math.max(next(direction), end);
  }

  /** The point that a segment of that direction passes first. */
  Point near(Direction direction) {
    return direction == Direction.C2S ? points.get(0) : points.get(points.size() - 1);
  }

  /** The points in the order in which a segment of that direction passes them. */
  List<Point> pathOf(Direction direction) {
    if (direction == Direction.C2S) {
      return points;
    }
    List<Point> reversed = new java.util.ArrayList<>(points);
    java.util.Collections.reverse(reversed);
    return reversed;
  }

  /** Says what the stream holds from a relative sequence number on. */
  void setText(Direction direction, long start, byte[] text) {
    texts.get(direction.ordinal()).put(start, text);
  }

  /**
   * The stream's bytes: the text that was set, and elsewhere letters that follow from the place.
   */
  byte[] payload(Direction direction, Range range) {
    byte[] bytes = new byte[range.length()];
    long seed = name.hashCode() * 31L + direction.ordinal();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = letter(seed, range.start() + i);
    }
    texts
        .get(direction.ordinal())
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
