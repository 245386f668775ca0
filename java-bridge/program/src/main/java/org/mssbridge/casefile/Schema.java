package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.mssbridge.model.Printable;

/**
 * The tables and views of a case file, in the version that this program writes. Older versions are
 * migrated, one step after another, by the scripts {@code migrate-1-to-2.sql} and so on.
 */
final class Schema {
  /** The version that this program writes. */
  static final int VERSION = 6;

  private static final int OLDEST_VERSION = 1;

  /** "MSSb": marks a database as a case file, also for {@code file(1)}. */
  static final int APPLICATION_ID = 0x4d535362;

  private final Path path;
  private final Connection connection;

  /**
   * @param path the file, for error messages
   */
  Schema(Path path, Connection connection) {
    this.path = path;
    this.connection = connection;
  }

  /** Creates the tables if the database is empty. */
  void create() throws SQLException {
    if (version() == 0) {
      // Two programs may find the database empty at the same time.
      inExclusiveTransaction(
          () -> {
            if (version() == 0 && isEmpty()) {
              SqlScript.run(connection, "schema.sql");
              SqlScript.run(connection, "views.sql");
              set("application_id", APPLICATION_ID);
              set("user_version", VERSION);
            }
          });
      // From the log into the file, which then shows by itself that it is a case.
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
      }
    }
  }

  /** Whether the database is a case, or empty, so that it may become one. */
  boolean isOwn() throws SQLException {
    return pragma("application_id") == APPLICATION_ID || (version() == 0 && isEmpty());
  }

  /**
   * Checks that the database is a case of a version that this program can use.
   *
   * @throws CaseFileException if it is not
   */
  void check() throws SQLException, CaseFileException {
    if (pragma("application_id") != APPLICATION_ID) {
      throw new CaseFileException(
          Printable.of(path) + ": is a database, but not a case file; name another file");
    }
    int version = version();
    if (version < OLDEST_VERSION || version > VERSION) {
      throw new CaseFileException(
          Printable.of(path)
              + ": was made by "
              + (version > VERSION ? "a newer" : "an older")
              + " version of mssbridge (schema "
              + version
              + ", this one reads "
              + OLDEST_VERSION
              + " to "
              + VERSION
              + "); use that one");
    }
  }

  /** Whether an older version of the program made it. */
  boolean isOlder() throws SQLException {
    return version() < VERSION;
  }

  /** Migrates an older version to this one, completely or not at all. */
  void migrate() throws SQLException {
    if (isOlder()) {
      set("foreign_keys", 0); // A table that is made anew would take with it what refers to it.
      try {
        inExclusiveTransaction(this::migrateStepByStep);
      } finally {
        set("foreign_keys", 1);
      }
    }
  }

  private void migrateStepByStep() throws SQLException {
    // Another program may have migrated it while this one waited for the lock.
    for (int from = version(); from < VERSION; from++) {
      SqlScript.run(connection, "migrate-" + from + "-to-" + (from + 1) + ".sql");
      set("user_version", from + 1);
    }
    SqlScript.run(connection, "views.sql");
  }

  /** Runs work in one transaction that locks out other writers from its start. */
  private void inExclusiveTransaction(Transaction.Work work) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        work.run();
        statement.execute("COMMIT");
      } catch (SQLException | RuntimeException e) {
        try {
          statement.execute("ROLLBACK");
        } catch (SQLException again) {
          e.addSuppressed(again); // SQLite has already rolled back on its own.
        }
        throw e;
      }
    }
  }

  private int version() throws SQLException {
    return pragma("user_version");
  }

  private boolean isEmpty() throws SQLException {
    return new Query(connection).number("SELECT count(*) FROM sqlite_master") == 0;
  }

  private int pragma(String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + name)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private void set(String pragma, int value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA " + pragma + " = " + value);
    }
  }
}
