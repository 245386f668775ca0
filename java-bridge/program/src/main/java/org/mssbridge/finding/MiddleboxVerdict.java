package org.mssbridge.finding;

import java.util.Set;

/** The verdict on what is between two capture points. Its leg is always there. */
public interface MiddleboxVerdict extends Finding {
  /** What the devices between the points do; empty where that cannot be told. */
  Set<PathFunction> functions();

  /** Whether nothing is between the points that shows. */
  default boolean isNothing() {
    return functions().equals(Set.of(PathFunction.NONE));
  }
}
