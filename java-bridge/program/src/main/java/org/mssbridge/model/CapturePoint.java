package org.mssbridge.model;

import static java.util.Objects.requireNonNull;

/**
 * A place on the path where a capture was taken.
 *
 * @param name the name that reports use, such as {@code client}; unique within a comparison
 */
public record CapturePoint(String name) {
  public CapturePoint {
    requireNonNull(name);
  }

  /** Asked for each connection: nearly always there is one object for a point. */
  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof CapturePoint point && name.equals(point.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
