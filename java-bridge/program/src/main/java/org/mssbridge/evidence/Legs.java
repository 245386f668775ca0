package org.mssbridge.evidence;

import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;

/** Makes legs of pairs. */
public final class Legs {
  private Legs() {}

  /** The leg that a direction of a pair crosses. */
  public static Leg of(PairedConnection pair, Direction direction) {
    return new Leg(direction, pair.nearPoint(direction), pair.farPoint(direction));
  }
}
