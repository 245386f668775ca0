package org.mssbridge.script;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.mssbridge.model.Direction;
import org.mssbridge.script.Change.Effect;

/** All devices on the path: what a connection looks like at each point because of them. */
record Devices(List<Change> changes) {

  /** The address and port of an end as seen at a point; the script names those of the first. */
  Endpoint endpointAt(Connection connection, Point point, boolean ofClient) {
    Endpoint endpoint = ofClient ? connection.client : connection.server;
    Point first = connection.points.get(0);
    for (Change change : onLegs(first, point, c -> c.concerns(connection, c.direction()))) {
      if (change.effect() instanceof Effect.Mapping mapping && mapping.ofClient() == ofClient) {
        endpoint = mapping.mapped();
      }
    }
    return endpoint;
  }

  /** The ISN of a direction as seen at a point. */
  long isnAt(Connection connection, Point point, Direction direction) {
    long isn = connection.isn(direction);
    Point near = connection.near(direction);
    for (Change change : onLegs(near, point, c -> c.concerns(connection, direction))) {
      if (change.effect() instanceof Effect.IsnShift shift) {
        isn += shift.delta();
      }
    }
    return isn & 0xffff_ffffL;
  }

  /** One-way delay of the legs between two points. */
  long delayNanos(Connection connection, Direction direction, Point from, Point to) {
    return onLegs(from, to, change -> change.concerns(connection, direction)).stream()
        .mapToLong(change -> change.effect() instanceof Effect.Delay delay ? delay.nanos() : 0)
        .sum();
  }

  /** The segment as it leaves the legs between two points. */
  Segment cross(Connection connection, Segment segment, Point from, Point to) {
    Direction direction = segment.direction();
    Segment crossed = segment;
    boolean sackForgotten = false;
    for (Change change : onLegs(from, to, c -> c.concerns(connection, direction))) {
      if (change.effect() instanceof Effect.Edit edit) {
        crossed = edit.edit().apply(crossed);
      }
      sackForgotten |= change.effect() instanceof Effect.SackForgotten;
    }
    if (sackForgotten) {
      long shift =
          isnAt(connection, from, direction.reverse()) - isnAt(connection, to, direction.reverse());
      crossed = crossed.withSackError(crossed.sackError() + shift);
    }
    return crossed;
  }

  /** In the order in which a packet meets them; each leg's own changes in the order declared. */
  private List<Change> onLegs(Point from, Point to, Predicate<Change> wanted) {
    List<Change> met = new ArrayList<>();
    int step = from.position() < to.position() ? 1 : -1;
    for (int at = from.position(); at != to.position(); at += step) {
      int leg = step > 0 ? at : at - 1;
      changes.stream().filter(c -> c.leg() == leg).filter(wanted).forEach(met::add);
    }
    return met;
  }
}
