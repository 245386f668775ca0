package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a case file holds, asked from outside the program. */
public record CaseRows(Path file) {
  /** The rows that a query gives, columns parted by bars, null as {@code -}. */
  public List<String> of(String query) {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
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

  /** Changes it. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** All that does not say when and how it was made. */
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
