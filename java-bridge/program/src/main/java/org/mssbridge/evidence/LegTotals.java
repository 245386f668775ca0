package org.mssbridge.evidence;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.Direction;

/** Sums over all connections that cross a leg and that nothing on it ends. */
public final class LegTotals<T> {
  private final Evidence evidence;
  private final Map<Leg, T> totals = new LinkedHashMap<>();

  public LegTotals(Evidence evidence) {
    this.evidence = evidence;
  }

  /** What is to be done with a direction of a pair and the totals of its leg. */
  public interface Step<T> {
    void apply(PairedConnection pair, Direction direction, T total);
  }

  /** Applies a step to every direction of every connection. */
  public void forEach(Supplier<T> none, Step<T> step) {
    for (PairedConnection pair : evidence.pairs()) {
      if (!evidence.middlebox(pair).endsConnections()) {
        for (Direction direction : Direction.values()) {
          T total = totals.computeIfAbsent(Legs.of(pair, direction), leg -> none.get());
          step.apply(pair, direction, total);
        }
      }
    }
  }
}
