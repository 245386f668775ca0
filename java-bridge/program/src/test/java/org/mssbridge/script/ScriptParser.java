package org.mssbridge.script;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.Direction;

/** Parses the lines of a script in order; {@link PacketScript} combines them. */
final class ScriptParser {
  final List<ScriptPoint> points = new ArrayList<>();
  final List<ScriptPoint> given = new ArrayList<>();
  boolean isOneFile;
  final List<ScriptChange> changes = new ArrayList<>();
  final Map<String, ScriptConnection> connections = new LinkedHashMap<>();
  final List<ScriptedPacket> packets = new ArrayList<>();
  final List<ScriptedIcmpError> icmpErrors = new ArrayList<>();
  final List<ScriptSighting> noise = new ArrayList<>();
  final List<ScriptWords> expectations = new ArrayList<>();
  boolean nothingElse;
  Instant start = Instant.parse("2024-01-01T00:00:00Z");

  /** The latest connection with each name; a repetition declares its names again. */
  private final Map<String, ScriptConnection> named = new HashMap<>();

  private ScriptConnection current;
  private long lastNanos;
  private long shiftNanos;
  private int repetition;

  void parse(String text) {
    String[] lines = text.split("\n", -1);
    for (int number = 1; number <= lines.length; number++) {
      ScriptWords words = ScriptWords.of(number, lines[number - 1].strip());
      if (words.accept("repeat")) {
        number = repeat(words, lines);
      } else {
        parseLine(words);
      }
    }
  }

  /** {@code repeat N every DURATION} … {@code end}; returns the number of the last line. */
  private int repeat(ScriptWords words, String[] lines) {
    int times = words.takeInt("how many times");
    words.expect("every");
    long everyNanos = words.takeDurationNanos();
    int end = words.line;
    while (end < lines.length && !lines[end].strip().equals("end")) {
      end++;
    }
    if (end == lines.length) {
      throw words.error("expected a line 'end' somewhere below 'repeat'");
    }
    for (repetition = 0; repetition < times; repetition++) {
      shiftNanos = repetition * everyNanos;
      for (int number = words.line + 1; number <= end; number++) {
        parseLine(ScriptWords.of(number, lines[number - 1].strip()));
      }
    }
    repetition = 0;
    shiftNanos = 0;
    return end + 1;
  }

  private void parseLine(ScriptWords words) {
    if (words.atEnd()) {
      return;
    }
    char first = words.peek().charAt(0);
    if (first == '+' || Character.isDigit(first)) {
      parseEvent(words);
    } else {
      parseDeclaration(words);
    }
  }

  private void parseDeclaration(ScriptWords words) {
    String word = words.take("a declaration");
    switch (word) {
      case "start" -> start = takeInstant(words);
      case "point" -> points.add(ScriptPoint.take(words, points.size()));
      case "given" -> given.addAll(takeGiven(words));
      case "one" -> {
        if (!words.accept("file")) {
          throw words.expected("one file");
        }
        isOneFile = true;
      }
      case "between" -> changes.addAll(ScriptChange.takeAll(words, points));
      case "connection" -> declare(ScriptConnection.take(words, points, repetition));
      case "datagram" -> {
        current = ScriptConnection.takeDatagram(words, points, repetition);
        named.put(current.name, current);
      }
      case "stream" -> {
        ScriptConnection connection = takeConnection(words);
        Direction direction = ScriptChange.takeDirection(words);
        long at = words.takeLong("a relative sequence number");
        connection.setText(direction, at, words.takeBytes("what the stream holds"));
      }
      case "expect" -> expect(words);
      default ->
          throw words.error(
              "expected a time, start, point, given, between, connection, datagram, stream, repeat or"
                  + " expect, found '"
                  + word
                  + "'");
    }
    if (!word.equals("expect")) {
      words.end();
    }
  }

  private List<ScriptPoint> takeGiven(ScriptWords words) {
    List<ScriptPoint> order = new ArrayList<>();
    while (!words.atEnd()) {
      ScriptException bad = words.expected("the name of every point, once");
      String name = words.take("a point");
      ScriptPoint point =
          points.stream().filter(p -> p.name().equals(name)).findFirst().orElse(null);
      if (point == null || order.contains(point)) {
        throw bad;
      }
      order.add(point);
    }
    if (order.size() != points.size()) {
      throw words.error("expected the name of every point, once");
    }
    return order;
  }

  private static Instant takeInstant(ScriptWords words) {
    try {
      return Instant.parse(words.take("an instant"));
    } catch (DateTimeException e) {
      throw words.error("expected an instant such as 2024-01-01T00:00:00Z");
    }
  }

  private void declare(ScriptConnection connection) {
    named.put(connection.name, connection);
    String unique = repetition == 0 ? connection.name : connection.name + "#" + repetition;
    if (connections.putIfAbsent(unique, connection) != null) {
      throw new IllegalStateException("two connections are called " + unique);
    }
    current = connection;
  }

  private void expect(ScriptWords words) {
    if (words.accept("nothing")) {
      words.expect("else");
      nothingElse = true;
      words.end();
    } else {
      expectations.add(words);
    }
  }

  /** A line that starts with a time. */
  private void parseEvent(ScriptWords words) {
    boolean relative = words.nextStartsWith("+");
    lastNanos =
        relative ? lastNanos + words.takeDurationNanos() : words.takeTimeNanos() + shiftNanos;
    if (points.isEmpty()) {
      throw words.error("expected a line 'point NAME' before the first packet");
    }
    if (words.accept("unreachable")) {
      icmpErrors.add(ScriptedIcmpError.takeUnreachable(words, lastNanos, points));
    } else if (words.accept("time-exceeded")) {
      icmpErrors.add(ScriptedIcmpError.takeTimeExceeded(words, lastNanos, points));
    } else if (words.accept("parameter-problem")) {
      icmpErrors.add(ScriptedIcmpError.takeParameterProblem(words, lastNanos, points));
    } else if (words.accept("too-big")) {
      icmpErrors.add(ScriptedIcmpError.takeTooBig(words, lastNanos, points));
    } else if (words.accept("background")) {
      noise.addAll(Noise.takeBackground(words, lastNanos, points));
    } else if (words.accept("raw")) {
      noise.add(Noise.takeRaw(words, lastNanos, points));
    } else {
      parsePackets(words, takeConnection(words));
    }
    words.end();
  }

  private void parsePackets(ScriptWords words, ScriptConnection connection) {
    if (!Macros.isNext(words)) {
      packets.add(ScriptedPacket.take(words, lastNanos, connection, points, shiftNanos));
      return;
    }
    Devices devices = new Devices(changes);
    ScriptConnection before = current;
    current = connection;
    for (String line : Macros.expand(words, connection, devices, lastNanos - shiftNanos)) {
      parseLine(ScriptWords.of(words.line, line));
    }
    current = before;
  }

  private ScriptConnection takeConnection(ScriptWords words) {
    ScriptConnection connection = named.get(words.peek());
    if (connection != null) {
      words.take("a connection");
      return connection;
    }
    if (current == null) {
      throw words.error("expected a line 'connection …' before the first packet");
    }
    return current;
  }
}
