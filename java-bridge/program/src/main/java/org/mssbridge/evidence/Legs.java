package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;

/** Creates legs from pairs. */
public final class Legs {
  private Legs() {}

  /** The leg that one direction of a pair crosses. */
  public static Leg of(PairedConnection pair, Direction direction) {
    return new Leg(direction, pair.nearPoint(direction), pair.farPoint(direction));
  }
}
