package org.mssbridge.finding;

import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The part of the path between two neighbouring points, in one direction.
 *
 * @param direction the direction
 * @param near the point nearer the sender
 * @param far the point nearer the receiver
 */
public record Leg(Direction direction, CapturePoint near, CapturePoint far) {
  /** Such as {@code between client and server}: in the order of the path, for both directions. */
  public String between() {
    return direction == Direction.C2S
        ? "between " + near + " and " + far
        : "between " + far + " and " + near;
  }

  /** The same leg in the other direction. */
  public Leg reverse() {
    return new Leg(direction.reverse(), far, near);
  }

  /** The names of the two points as facts. */
  public Facts facts() {
    return Facts.of("near_point", near.name()).and("far_point", far.name());
  }
}
