package org.mssbridge.model;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One value for each of several capture points, keyed by the point and never by its position.
 *
 * @param <T> the value's type; {@code null} is not a value
 */
public final class PerPoint<T> {
  // A path has few points and a capture many connections: lists take less room than maps.
  private final Points points;
  private final List<T> values;

  private PerPoint(Points points, List<T> values) {
    this.points = points;
    this.values = values;
  }

  /** Different points, in order. */
  private static final class Points extends AbstractSet<CapturePoint> {
    private final List<CapturePoint> inOrder;

    Points(List<CapturePoint> inOrder) {
      this.inOrder = inOrder;
    }

    int indexOf(CapturePoint point) {
      return inOrder.indexOf(point);
    }

    @Override
    public boolean contains(Object point) {
      return inOrder.contains(point);
    }

    @Override
    public Iterator<CapturePoint> iterator() {
      return inOrder.iterator();
    }

    @Override
    public int size() {
      return inOrder.size();
    }
  }

  /** The values of the map, in its order. */
  public static <T> PerPoint<T> of(Map<CapturePoint, T> values) {
    return new PerPoint<>(new Points(List.copyOf(values.keySet())), List.copyOf(values.values()));
  }

  /** Values at the same points as others, in their order; both share the points. */
  public static <T> PerPoint<T> like(PerPoint<?> others, List<T> values) {
    if (values.size() != others.points.size()) {
      throw new IllegalArgumentException(values.size() + " values for " + others.points);
    }
    return new PerPoint<>(others.points, List.copyOf(values));
  }

  /** A value at one point. */
  public static <T> PerPoint<T> of(CapturePoint point, T value) {
    return new PerPoint<>(new Points(List.of(point)), List.of(value));
  }

  /** Values at two points, in this order. */
  public static <T> PerPoint<T> of(CapturePoint point, T value, CapturePoint other, T otherValue) {
    return point.equals(other)
        ? of(point, otherValue)
        : new PerPoint<>(new Points(List.of(point, other)), List.of(value, otherValue));
  }

  /** The value at the point, empty where there is none. */
  public Optional<T> at(CapturePoint point) {
    int index = points.indexOf(point);
    return index < 0 ? Optional.empty() : Optional.of(values.get(index));
  }

  /** The points that have a value, in order. */
  public Set<CapturePoint> points() {
    return points;
  }

  /** Whether the other has equal values at the same points, in any order. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PerPoint<?> that) || !points.equals(that.points)) {
      return false;
    }
    for (CapturePoint point : points) {
      if (!at(point).equals(that.at(point))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int sum = 0; // Of any order.
    for (int i = 0; i < values.size(); i++) {
      sum += points.inOrder.get(i).hashCode() ^ values.get(i).hashCode();
    }
    return sum;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? "" : ", ").append(points.inOrder.get(i));
      text.append('=').append(values.get(i));
    }
    return text.append('}').toString();
  }
}
