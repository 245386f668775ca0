package org.mssbridge.rule;

import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The part of the path between two neighbouring points, in one direction.
 *
 * @param direction the direction
 * @param near the point nearer the sender
 * @param far the point nearer the receiver
 */
record Leg(Direction direction, CapturePoint near, CapturePoint far) {
  static Leg of(PairedConnection pair, Direction direction) {
    return new Leg(direction, pair.nearPoint(direction), pair.farPoint(direction));
  }

  /** Such as {@code between client and server}. */
  String between() {
    return "between " + near + " and " + far;
  }

  /** Names of the two points, for facts. */
  Facts facts() {
    return Facts.of("near_point", near.name()).and("far_point", far.name());
  }
}
