package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.StringJoiner;

/** Inserts rows, many at a time. */
final class Rows implements AutoCloseable {
  private static final int BATCH = 1000;

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
  private final Map<String, Integer> waiting = new LinkedHashMap<>();

  Rows(Connection connection) {
    this.connection = connection;
  }

  /**
   * Adds a row; one whose key is there already is left out.
   *
   * @param values of all columns, in the order of the schema; an empty optional is null
   */
  void add(String table, Object... values) throws SQLException {
    PreparedStatement statement = statements.get(table);
    if (statement == null) {
      statement = connection.prepareStatement(insert(table, values.length));
      statements.put(table, statement);
    }
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, plain(values[i]));
    }
    statement.addBatch();
    if (waiting.merge(table, 1, Integer::sum) == BATCH) {
      flush();
    }
  }

  private static String insert(String table, int columns) {
    StringJoiner marks = new StringJoiner(", ", "(", ")");
    for (int i = 0; i < columns; i++) {
      marks.add("?");
    }
    return "INSERT INTO " + table + " VALUES " + marks + " ON CONFLICT DO NOTHING";
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

  /** Writes what waits, tables that others refer to first. */
  void flush() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.executeBatch();
    }
    waiting.clear();
  }

  /** Forgets what waits. */
  void clear() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.clearBatch();
    }
    waiting.clear();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
  }
}
