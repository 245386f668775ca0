package org.mssbridge.casefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A row to insert: the values of the columns that it names; the others are null. */
final class Row {
  private final String table;
  private final List<String> columns = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private Row(String table) {
    this.table = table;
  }

  /** A row of a table, without values as yet. */
  static Row of(String table) {
    return new Row(table);
  }

  /** Gives a column its value; an empty optional is null. */
  Row set(String column, Object value) {
    columns.add(column);
    values.add(plain(value));
    return this;
  }

  String table() {
    return table;
  }

  /** The columns, in the order of {@link #values}. */
  List<String> columns() {
    return Collections.unmodifiableList(columns);
  }

  /** What JDBC takes: numbers, texts and null. */
  List<Object> values() {
    return Collections.unmodifiableList(values);
  }

  private static Object plain(Object value) {
    if (value instanceof Optional<?> optional) {
      return plain(optional.orElse(null));
    }
    if (value instanceof OptionalInt optional) {
      return optional.isPresent() ? optional.getAsInt() : null;
    }
    if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? optional.getAsLong() : null;
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? optional.getAsDouble() : null;
    }
    return value instanceof Boolean bool ? (bool ? 1 : 0) : value;
  }
}
