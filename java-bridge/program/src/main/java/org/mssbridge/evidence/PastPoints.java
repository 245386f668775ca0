package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The way from one point to another past points between them.
 *
 * @param between the points between, in path order
 */
public record PastPoints(Leg leg, List<CapturePoint> between) {
  public PastPoints {
    between = List.copyOf(between);
  }

  static PastPoints of(TracedConnection traced, PairedConnection pair, Direction direction) {
    List<CapturePoint> path = new ArrayList<>(traced.at().points());
    int near = path.indexOf(pair.nearPoint(direction));
    int far = path.indexOf(pair.farPoint(direction));
    return new PastPoints(
        Legs.of(pair, direction), path.subList(Math.min(near, far) + 1, Math.max(near, far)));
  }
}
