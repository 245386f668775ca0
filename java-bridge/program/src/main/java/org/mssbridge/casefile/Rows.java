package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inserts rows in batches. No row is dropped silently: the database refuses a duplicate key and an
 * unknown column.
 */
final class Rows implements AutoCloseable {
  private static final int BATCH = 1000;

  private final Connection connection;
  private final Map<String, Insert> inserts = new LinkedHashMap<>();

  /** The insert statement of a table, and the number of its pending rows. */
  private static final class Insert {
    final List<String> columns;
    final PreparedStatement statement;
    int pending;

    Insert(List<String> columns, PreparedStatement statement) {
      this.columns = columns;
      this.statement = statement;
    }
  }

  Rows(Connection connection) {
    this.connection = connection;
  }

  /**
   * Adds a row; it is written with the next {@link #flush} at the latest.
   *
   * @throws IllegalArgumentException if its columns differ from those of the table's first row
   */
  void add(Row row) throws SQLException {
    Insert insert = insert(row);
    int parameter = 1;
    for (Object value : row.values()) {
      insert.statement.setObject(parameter++, value);
    }
    insert.statement.addBatch();
    if (++insert.pending == BATCH) {
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

  /** Writes all pending rows, table by table in the order in which tables were first used. */
  void flush() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.executeBatch();
      insert.pending = 0;
    }
  }

  /** Drops all pending rows. */
  void clear() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.clearBatch();
      insert.pending = 0;
    }
  }

  @Override
  public void close() throws SQLException {
    for (Insert insert : inserts.values()) {
      insert.statement.close();
    }
  }
}
