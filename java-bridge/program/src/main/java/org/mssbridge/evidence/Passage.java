package org.mssbridge.evidence;

import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * One direction of a connection across a leg that forwards its packets, changed or not. A leg with
 * a proxy has no passage: what the proxy sends belongs to another connection.
 *
 * @param pair the connection at both points
 * @param leg the leg; connections that cross the same leg share the object
 */
public record Passage(PairedConnection pair, Leg leg) {
  /** The direction. */
  public Direction direction() {
    return leg.direction();
  }

  /** The point nearer the sender. */
  public CapturePoint nearPoint() {
    return leg.near();
  }

  /** The point nearer the receiver. */
  public CapturePoint farPoint() {
    return leg.far();
  }

  /** The flow at the near point. */
  public Flow near() {
    return pair.nearFlow(direction());
  }

  /** The flow at the far point. */
  public Flow far() {
    return pair.farFlow(direction());
  }

  /** Which transmission at the near point is which at the far point. */
  public Alignment alignment() {
    return pair.alignment(direction());
  }

  /** An occurrence on the connection, without frames. */
  public Occurrence occurrence() {
    return Occurrence.on(pair.id());
  }

  /** An occurrence on a segment as both points saw it, by its rows in the segment tables. */
  public Occurrence occurrence(int nearRow, int farRow) {
    return occurrence()
        .at(nearPoint(), near().table().frame(nearRow))
        .at(farPoint(), far().table().frame(farRow));
  }
}
