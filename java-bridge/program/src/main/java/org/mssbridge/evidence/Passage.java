package org.mssbridge.evidence;

import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * One direction of a connection across one leg on which packets are passed on, changed or not.
 * Where a proxy ends the connection on the leg there is no passage: what it sends is another
 * connection's.
 *
 * @param pair the connection at both points
 * @param leg the leg; connections that cross the same one share it
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

  /** What the near point saw. */
  public Flow near() {
    return pair.nearFlow(direction());
  }

  /** What the far point saw. */
  public Flow far() {
    return pair.farFlow(direction());
  }

  /** Which transmissions became what at the far point. */
  public Alignment alignment() {
    return pair.alignment(direction());
  }

  /** An occurrence on the connection, yet without frames. */
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
