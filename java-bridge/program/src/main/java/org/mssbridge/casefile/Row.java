package org.mssbridge.casefile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A row to insert: columns and their values; columns that it does not name are null. */
final class Row {
  private final String table;
  private final List<String> columns = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  private Row(String table) {
    this.table = table;
  }

  /** A row of a table, without values. */
  static Row of(String table) {
    return new Row(table);
  }

  /** Sets the value of a column; an empty optional becomes null. */
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

  /** The values as JDBC takes them: numbers, texts and null. */
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
