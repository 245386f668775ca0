package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Connections past {@link CaseFile}. */
final class RawCase {
  private RawCase() {}

  /** Opens a database; with the program's copy of SQLite, since two in one JVM crash it. */
  static Connection open(Path file) throws SQLException {
    try {
      SqliteLibrary.load();
    } catch (CaseFileException e) {
      throw new SQLException(e);
    }
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }
}
