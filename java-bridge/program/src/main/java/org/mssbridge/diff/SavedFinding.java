package org.mssbridge.diff;

import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * A finding of a saved report.
 *
 * @param place what and where it is
 * @param connections number of connections it occurs on
 * @param numbers its numeric facts, by name
 */
record SavedFinding(
    Place place,
    Severity severity,
    String message,
    String nextStep,
    int connections,
    Map<String, Double> numbers) {
  SavedFinding {
    numbers = Map.copyOf(numbers);
  }

  /**
   * By what findings of two reports belong together.
   *
   * @param near the first capture point; empty if it names none
   * @param far the second
   */
  record Place(String code, Optional<Direction> direction, String near, String far) {
    /** The same in the other direction. */
    Place reverse() {
      return new Place(code, direction.map(Direction::reverse), /* near= */ far, /* far= */ near);
    }
  }

  /** How many connections it occurs on, of those matched: 0 if it is about none. */
  double share(long matched) {
    return matched == 0 ? 0 : Math.min(1, (double) connections / matched);
  }
}
