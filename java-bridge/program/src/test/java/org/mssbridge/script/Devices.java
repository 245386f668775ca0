package org.mssbridge.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mssbridge.model.Direction;
import org.mssbridge.script.ScriptChange.Effect;

/** All devices on the path: how a connection looks at each point after their changes. */
record Devices(List<ScriptChange> changes) {

  /**
   * The endpoint of the client or server as seen at a point; the script has the one at the first
   * point.
   */
  ScriptEndpoint endpointAt(ScriptConnection connection, ScriptPoint point, boolean ofClient) {
    ScriptEndpoint endpoint = ofClient ? connection.client : connection.server;
    ScriptPoint first = connection.points.get(0);
    for (ScriptChange change : onLegs(first, point, c -> c.appliesTo(connection, c.direction()))) {
      if (change.effect() instanceof Effect.Mapping mapping && mapping.ofClient() == ofClient) {
        endpoint = mapping.mapped();
      }
    }
    return endpoint;
  }

  /** The ISN of a direction as seen at a point. */
  long isnAt(ScriptConnection connection, ScriptPoint point, Direction direction) {
    long isn = connection.isn(direction);
    ScriptPoint near = connection.near(direction);
    for (ScriptChange change : onLegs(near, point, c -> c.appliesTo(connection, direction))) {
      if (change.effect() instanceof Effect.IsnShift shift) {
        isn += shift.delta();
      }
    }
    return isn & 0xffff_ffffL;
  }

  /** One-way delay of the legs between two points. */
  long delayNanos(
      ScriptConnection connection, Direction direction, ScriptPoint from, ScriptPoint to) {
    return onLegs(from, to, change -> change.appliesTo(connection, direction)).stream()
        .mapToLong(change -> change.effect() instanceof Effect.Delay delay ? delay.nanos() : 0)
        .sum();
  }

  /** The segment after the legs between two points. */
  ScriptSegment cross(
      ScriptConnection connection, ScriptSegment segment, ScriptPoint from, ScriptPoint to) {
    Direction direction = segment.direction();
    ScriptSegment crossed = segment;
    boolean sackUntranslated = false;
    for (ScriptChange change : onLegs(from, to, c -> c.appliesTo(connection, direction))) {
      if (change.effect() instanceof Effect.Edit edit) {
        crossed = edit.edit().apply(crossed);
      }
      sackUntranslated |= change.effect() instanceof Effect.SackUntranslated;
    }
    if (sackUntranslated) {
      long shift =
          isnAt(connection, from, direction.reverse()) - isnAt(connection, to, direction.reverse());
      crossed = crossed.withSackError(crossed.sackError() + shift);
    }
    return crossed;
  }

  /**
   * The changes in the order in which a packet passes them; those of one leg in the order declared.
   */
  private List<ScriptChange> onLegs(
      ScriptPoint from, ScriptPoint to, Predicate<ScriptChange> wanted) {
    List<ScriptChange> passed = new ArrayList<>();
    int step = from.position() < to.position() ? 1 : -1;
    for (int at = from.position(); at != to.position(); at += step) {
      int leg = step > 0 ? at : at - 1;
      changes.stream().filter(c -> c.leg() == leg).filter(wanted).forEach(passed::add);
    }
    return passed;
  }
}
