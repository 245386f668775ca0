package org.mssbridge.finding;

import java.util.Set;

/** The verdict on what is between two capture points. Its leg is always present. */
public interface MiddleboxVerdict extends Finding {
  /** What the devices between the points do; empty where this is unknown. */
  Set<PathFunction> functions();

  /** Whether no device is visible between the points. */
  default boolean isNothing() {
    return functions().equals(Set.of(PathFunction.NONE));
  }
}
