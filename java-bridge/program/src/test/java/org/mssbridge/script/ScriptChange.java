package org.mssbridge.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.mssbridge.model.Direction;

/**
 * A change that the device on one leg makes to segments.
 *
 * @param leg the leg from the point at this position to the next
 * @param connection the connection that it applies to, null for all
 * @param direction the direction that it applies to, null for both
 */
record ScriptChange(int leg, String connection, Direction direction, Effect effect) {

  /** One effect of a device. */
  sealed interface Effect {
    /** One-way delay, in nanoseconds. */
    record Delay(long nanos) implements Effect {}

    /** Adds a constant to the ISN of the direction. */
    record IsnShift(long delta) implements Effect {}

    /** SACK edges are not translated with the sequence numbers. */
    record SackUntranslated() implements Effect {}

    /** NAT: the client or the server has another endpoint after this leg. */
    record Mapping(boolean ofClient, ScriptEndpoint mapped) implements Effect {}

    /** Any other change of header fields or options. */
    record Edit(UnaryOperator<ScriptSegment> edit) implements Effect {}
  }

  /** {@code between A B [on NAME] {[c2s|s2c] CHANGE…}}, without its first word. */
  static List<ScriptChange> takeAll(ScriptWords words, List<ScriptPoint> points) {
    int near = takePoint(words, points).position();
    int far = takePoint(words, points).position();
    if (far != near + 1) {
      throw words.error("'between' needs two neighbouring points in path order");
    }
    String connection = words.accept("on") ? words.take("the name of a connection") : null;
    Direction direction = null;
    List<ScriptChange> changes = new ArrayList<>();
    while (!words.atEnd()) {
      if (words.accept("both")) {
        direction = null;
      } else if (words.nextIs("c2s") || words.nextIs("s2c")) {
        direction = takeDirection(words);
      } else {
        changes.add(new ScriptChange(near, connection, direction, takeEffect(words)));
      }
    }
    return changes;
  }

  static ScriptPoint takePoint(ScriptWords words, List<ScriptPoint> points) {
    for (ScriptPoint point : points) {
      if (words.accept(point.name())) {
        return point;
      }
    }
    throw words.expected("one of the points " + points.stream().map(ScriptPoint::name).toList());
  }

  static Direction takeDirection(ScriptWords words) {
    for (Direction direction : Direction.values()) {
      if (words.accept(direction.label())) {
        return direction;
      }
    }
    throw words.expected("c2s or s2c");
  }

  private static Effect takeEffect(ScriptWords words) {
    String word = words.take("a change");
    return switch (word) {
      case "delay" -> new Effect.Delay(words.takeDurationNanos());
      case "isn" -> new Effect.IsnShift(words.takeLong("a number to add to the ISN"));
      case "sack" -> {
        words.expect("untranslated");
        yield new Effect.SackUntranslated();
      }
      case "nat" -> takeMapping(words);
      default -> new Effect.Edit(takeEdit(words, word));
    };
  }

  private static Effect takeMapping(ScriptWords words) {
    boolean ofClient = words.accept("client");
    if (!ofClient) {
      words.expect("server");
    }
    return new Effect.Mapping(ofClient, ScriptEndpoint.take(words));
  }

  private static UnaryOperator<ScriptSegment> takeEdit(ScriptWords words, String word) {
    return switch (word) {
      case "hops" -> {
        int hops = words.takeInt("a number of routers");
        yield segment -> segment.withIp(segment.ip().withTtl(segment.ip().ttl() - hops));
      }
      case "ttl" -> {
        int ttl = words.takeInt("a TTL");
        yield segment -> segment.withIp(segment.ip().withTtl(ttl));
      }
      case "dscp" -> {
        int dscp = words.takeInt("a DSCP");
        yield segment -> segment.withIp(segment.ip().withDscp(dscp));
      }
      case "ecn" -> {
        int ecn = words.takeInt("the ECN bits, 0 to 3");
        yield segment -> segment.withIp(segment.ip().withEcn(ecn));
      }
      case "df" -> segment -> segment.withIp(segment.ip().withDontFragment(true));
      case "nodf" -> segment -> segment.withIp(segment.ip().withDontFragment(false));
      case "fragment" -> {
        int mtuBytes = words.takeInt("the largest fragment in bytes, 0 to reassemble");
        yield segment -> segment.withIp(segment.ip().withMtu(mtuBytes));
      }
      case "clamp" -> OptionEdits.clamp(words.takeInt("an MSS in bytes"));
      case "strip" -> OptionEdits.strip(ScriptOption.takeKinds(words));
      case "add" -> OptionEdits.add(ScriptOption.takeList(words));
      case "set" -> OptionEdits.set(ScriptOption.takeList(words));
      default -> throw words.error("no device does '" + word + "'");
    };
  }

  boolean appliesTo(ScriptConnection ofConnection, Direction ofDirection) {
    String baseName = ofConnection.name.replaceAll("#.*", "");
    return (connection == null || connection.equals(baseName))
        && (direction == null || direction == ofDirection);
  }
}
