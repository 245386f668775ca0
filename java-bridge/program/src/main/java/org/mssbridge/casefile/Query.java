package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs SELECT statements on a case file. */
final class Query {
  private final Connection connection;

  Query(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value from the current row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Receives one row after another. */
  interface RowSink {
    void accept(ResultSet row) throws SQLException;
  }

  /** The values made from all rows. */
  <T> List<T> list(Row<T> row, String sql, Object... values) throws SQLException {
    List<T> all = new ArrayList<>();
    each(result -> all.add(row.of(result)), sql, values);
    return all;
  }

  /** The number in the first column of the first row. */
  long number(String sql, Object... values) throws SQLException {
    return list(row -> row.getLong(1), sql, values).get(0);
  }

  /** Passes all rows to a sink. */
  void each(RowSink sink, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          sink.accept(rows);
        }
      }
    }
  }

  /** The text of a column; empty if it is null. */
  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }
}
