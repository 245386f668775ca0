package org.mssbridge.finding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Named facts in the order in which they are told. A name holds its unit; a value is a number, a
 * text, a truth value or a list of these.
 */
public record Facts(Map<String, Object> values) {
  /** No fact. */
  public static final Facts NONE = new Facts(Map.of());

  /** Keeps a copy that cannot be changed. */
  public Facts {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** One fact. */
  public static Facts of(String name, long value) {
    return NONE.and(name, value);
  }

  /** One fact. */
  public static Facts of(String name, String value) {
    return NONE.and(name, value);
  }

  /** These and a number. */
  public Facts and(String name, long value) {
    return with(name, value);
  }

  /** These and a number with a fraction. */
  public Facts and(String name, double value) {
    return with(name, value);
  }

  /** These and a text. */
  public Facts and(String name, String value) {
    return with(name, value);
  }

  /** These and a truth value. */
  public Facts and(String name, boolean value) {
    return with(name, value);
  }

  /** These and a list. */
  public Facts and(String name, List<?> value) {
    return with(name, List.copyOf(value));
  }

  /** These and a number that may be unknown: then there is no such fact. */
  public Facts and(String name, OptionalInt value) {
    return value.isPresent() ? and(name, value.getAsInt()) : this;
  }

  private Facts with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Facts(more);
  }
}
