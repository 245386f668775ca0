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

  @Override
  public String toString() {
    return name;
  }
}
