package org.mssbridge.finding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Named facts in report order. A name includes its unit; a value is a number, a string, a boolean
 * or a list of these.
 */
public record Facts(Map<String, Object> values) {
  /** No facts. */
  public static final Facts NONE = new Facts(Map.of());

  public Facts {
    // Map.copyOf would lose the order; one fact has none, and there may be as many as connections.
    values =
        values.size() <= 1
            ? Map.copyOf(values)
            : Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** One fact. */
  public static Facts of(String name, long value) {
    return NONE.and(name, value);
  }

  /** One fact. */
  public static Facts of(String name, String value) {
    return NONE.and(name, value);
  }

  /** These facts and an integer. */
  public Facts and(String name, long value) {
    return with(name, value);
  }

  /** These facts and a number with a fraction. */
  public Facts and(String name, double value) {
    return with(name, value);
  }

  /** These facts and a string. */
  public Facts and(String name, String value) {
    return with(name, value);
  }

  /** These facts and a boolean. */
  public Facts and(String name, boolean value) {
    return with(name, value);
  }

  /** These facts and a list. */
  public Facts and(String name, List<?> value) {
    return with(name, List.copyOf(value));
  }

  /** These facts and a number; an unknown number adds no fact. */
  public Facts and(String name, OptionalInt value) {
    return value.isPresent() ? and(name, value.getAsInt()) : this;
  }

  private Facts with(String name, Object value) {
    if (values.isEmpty()) {
      return new Facts(Map.of(name, value));
    }
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Facts(more);
  }
}
