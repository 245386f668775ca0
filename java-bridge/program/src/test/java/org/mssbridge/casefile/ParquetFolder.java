package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The tables of a case as Parquet, read by DuckDB. */
record ParquetFolder(Path folder) {
  private static final long NANOS = 1_000_000_000;

  /** The name under which DuckDB finds a table. */
  String files(String table) {
    return "'" + folder.resolve(table).resolve("*.parquet") + "'";
  }

  /** The rows of a table in their order: numbers, texts, null, and times as the case has them. */
  List<List<Object>> rows(String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (List<Object> column : ask("DESCRIBE SELECT * FROM " + files(table))) {
      boolean isTime = column.get(1).toString().startsWith("TIMESTAMP");
      columns.add(isTime ? "epoch_ns(" + column.get(0) + ")" : column.get(0).toString());
    }
    List<List<Object>> rows = ask("SELECT " + String.join(", ", columns) + " FROM " + files(table));
    for (List<Object> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (columns.get(i).startsWith("epoch_ns") && row.get(i) != null) {
          long nanos = (Long) row.get(i);
          row.set(
              i,
              Times.of(
                  Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))));
        }
      }
    }
    return rows;
  }

  /** The answer of DuckDB, which must not load anything for it. */
  static List<List<Object>> ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET threads = 1; SET autoinstall_known_extensions = false");
      try (ResultSet result = statement.executeQuery(sql)) {
        return rows(result);
      }
    }
  }

  static List<List<Object>> rows(ResultSet result) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    while (result.next()) {
      List<Object> row = new ArrayList<>();
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        Object value = result.getObject(i);
        row.add(comparable(value));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object comparable(Object value) throws SQLException {
    if (value instanceof Blob blob) {
      return comparable(blob.getBytes(1, Math.toIntExact(blob.length())));
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value instanceof Integer number ? number.longValue() : value;
  }
}
