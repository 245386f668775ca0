package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inserts rows, many at a time. None is left out: the database refuses one whose key is there
 * already, as it refuses an unknown column.
 */
final class Rows implements AutoCloseable {
  private static final int BATCH = 1000;

  private final Connection connection;
  private final Map<String, Insert> inserts = new LinkedHashMap<>();

  /** The statement of a table, and how many of its rows wait. */
  private static final class Insert {
    final List<String> columns;
    final PreparedStatement statement;
    int waiting;

    Insert(List<String> columns, PreparedStatement statement) {
      this.columns = columns;
      this.statement = statement;
    }
  }

  Rows(Connection connection) {
    this.connection = connection;
  }

  /**
   * Adds a row, at the latest with the next {@link #flush}.
   *
   * @throws IllegalArgumentException if it names other columns than the table's first row
   */
  void add(Row row) throws SQLException {
    Insert insert = insert(row);
    int parameter = 1;
    for (Object value : row.values()) {
      insert.statement.setObject(parameter++, value);
    }
    insert.statement.addBatch();
    if (++insert.waiting == BATCH) {
      flush();
    }
  }

  private Insert insert(Row row) throws SQLException {
    Insert insert = inserts.get(row.table());
    if (insert == null) {
      insert = new Insert(List.copyOf(row.columns()), connection.prepareStatement(sql(row)));
      inserts.put(row.table(), insert);
    }
    if (!insert.columns.equals(row.columns())) {
      throw new IllegalArgumentException(
          "a row of " + row.table() + " has " + row.columns() + ", the first " + insert.columns);
    }
    return insert;
  }

  private static String sql(Row row) {
    return String.format(
        "INSERT INTO %s (%s) VALUES (%s)",
        row.table(),
        String.join(", ", row.columns()),
        String.join(", ", Collections.nCopies(row.columns().size(), "?")));
  }

  /** Writes what waits, tables that others refer to first. */
  void flush() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.executeBatch();
      insert.waiting = 0;
    }
  }

  /** Forgets what waits. */
  void clear() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.clearBatch();
      insert.waiting = 0;
    }
  }

  @Override
  public void close() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.close();
    }
  }
}
