package org.mssbridge.discover;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mssbridge.pairing.SharedConnections;

/**
 * Points that saw the same connections.
 *
 * @param points in the order of the path, from the client's side on
 * @param steps between each point and the next
 */
public record FoundPath(List<Point> points, List<Step> steps) {
  public FoundPath {
    points = List.copyOf(points);
    steps = List.copyOf(steps);
  }

  /**
   * The captures of a point, in the order of time.
   *
   * @param firstNanos time of its first packet on its own clock, nanoseconds since 1970
   */
  public record Point(List<Path> files, long firstNanos) {
    public Point {
      files = List.copyOf(files);
    }
  }

  /**
   * Two neighbouring points.
   *
   * @param connections number of connections that both saw, each counted in each pair of captures
   * @param confidence that of the best of them, 0 to 1
   * @param clock how far the clocks are apart; empty where that is not known
   * @param isOrdered whether the captures show which point is nearer the client
   */
  public record Step(
      int connections,
      double confidence,
      Optional<SharedConnections.Offset> clock,
      boolean isOrdered) {}

  /** Whether the captures show the order of all points. */
  public boolean isOrdered() {
    return steps.stream().allMatch(Step::isOrdered);
  }
}
