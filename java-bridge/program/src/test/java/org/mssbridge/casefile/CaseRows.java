package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The contents of a case file, read without the program. */
public record CaseRows(Path file) {
  /** The rows of a query, columns separated by bars, null as {@code -}. */
  public List<String> of(String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = RawCase.open(file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          cells.add(Objects.toString(rows.getString(column), "-"));
        }
        found.add(String.join("|", cells));
      }
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
    return found;
  }

  /** Changes the file. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = RawCase.open(file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** All contents except when and how they were made. */
  public List<String> content() {
    List<String> content = new ArrayList<>();
    for (String table : of("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
      if (!List.of("run", "attempt").contains(table)) {
        of("SELECT * FROM " + table).stream()
            .sorted()
            .forEach(row -> content.add(table + ": " + row));
      }
    }
    return content;
  }
}
