package org.mssbridge.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One value for each of several capture points, keyed by the point and never by its position.
 *
 * @param <T> the value's type; {@code null} is not a value
 */
public final class PerPoint<T> {
  private final Map<CapturePoint, T> values;

  private PerPoint(Map<CapturePoint, T> values) {
    this.values = values;
  }

  /** The values of the map, in its order. */
  public static <T> PerPoint<T> of(Map<CapturePoint, T> values) {
    return new PerPoint<>(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
  }

  /** A value at one point. */
  public static <T> PerPoint<T> of(CapturePoint point, T value) {
    return new PerPoint<>(Map.of(point, value));
  }

  /** Values at two points, in this order. */
  public static <T> PerPoint<T> of(CapturePoint point, T value, CapturePoint other, T otherValue) {
    Map<CapturePoint, T> values = new LinkedHashMap<>();
    values.put(point, value);
    values.put(other, otherValue);
    return new PerPoint<>(Collections.unmodifiableMap(values));
  }

  /** The value at the point, empty where there is none. */
  public Optional<T> at(CapturePoint point) {
    return Optional.ofNullable(values.get(point));
  }

  /** The points that have a value, in order. */
  public Set<CapturePoint> points() {
    return values.keySet();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PerPoint<?> that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
