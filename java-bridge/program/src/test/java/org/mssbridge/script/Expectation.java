package org.mssbridge.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.mssbridge.model.Direction;

/**
 * A finding that a script expects in the report, or forbids.
 *
 * @param line its line in the script
 * @param negated whether no finding like this may appear
 * @param code the finding's code, as {@code mss.clamped}
 * @param direction the direction, null where the script has none
 * @param connection the connection's name in the script, null where it has none
 * @param facts values by name, in the script's order
 * @param frames frame numbers by capture point
 */
public record Expectation(
    int line,
    boolean negated,
    String code,
    Direction direction,
    String connection,
    Map<String, String> facts,
    Map<String, List<Integer>> frames) {

  /**
   * {@code expect [not] CODE [c2s|s2c] [on NAME] [KEY=VALUE…] [POINT:FRAME,…]}, without its first
   * word. A frame is a number or the label of a packet.
   */
  static Expectation take(
      ScriptWords words,
      List<ScriptPoint> points,
      BiFunction<ScriptPoint, String, List<Integer>> framesOfLabel) {
    boolean negated = words.accept("not");
    String code = words.take("the code of a finding");
    boolean directed = words.nextIs("c2s") || words.nextIs("s2c");
    Direction direction = directed ? ScriptChange.takeDirection(words) : null;
    String connection = words.accept("on") ? words.take("the name of a connection") : null;
    Map<String, String> facts = new LinkedHashMap<>();
    Map<String, List<Integer>> frames = new LinkedHashMap<>();
    while (!words.atEnd()) {
      String word = words.peek();
      int equals = word.indexOf('=');
      if (equals > 0) {
        facts.put(word.substring(0, equals), word.substring(equals + 1));
        words.take("a fact");
      } else {
        takeFrames(words, points, framesOfLabel, frames);
      }
    }
    return new Expectation(words.line, negated, code, direction, connection, facts, frames);
  }

  private static void takeFrames(
      ScriptWords words,
      List<ScriptPoint> points,
      BiFunction<ScriptPoint, String, List<Integer>> framesOfLabel,
      Map<String, List<Integer>> frames) {
    ScriptException bad = words.expected("KEY=VALUE or POINT:FRAME");
    String[] parts = words.take("frames").split(":", 2);
    ScriptPoint point =
        points.stream().filter(p -> p.name().equals(parts[0])).findFirst().orElse(null);
    if (point == null || parts.length < 2) {
      throw bad;
    }
    List<Integer> numbers = new ArrayList<>();
    for (String part : parts[1].split(",", -1)) {
      if (part.matches("[0-9]+")) {
        numbers.add(Integer.valueOf(part));
      } else {
        numbers.addAll(framesOfLabel.apply(point, part));
      }
    }
    if (numbers.isEmpty()) {
      throw words.error("no frame of " + point.name() + " is called '" + parts[1] + "'");
    }
    frames.put(point.name(), numbers);
  }
}
