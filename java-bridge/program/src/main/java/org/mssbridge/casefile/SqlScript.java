package org.mssbridge.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** SQL scripts among the resources of this package. */
final class SqlScript {
  private SqlScript() {}

  /** Runs all statements of a script. */
  static void run(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(text(name));
    }
  }

  private static String text(String name) {
    try (InputStream input = SqlScript.class.getResourceAsStream(name)) {
      return new String(input.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " is part of the program", e);
    }
  }
}
