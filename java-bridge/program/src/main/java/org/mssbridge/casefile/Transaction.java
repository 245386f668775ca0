package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.SQLException;

/** Several statements that are done together or not at all. */
final class Transaction {
  /** The statements. */
  interface Work {
    void run() throws SQLException;
  }

  private Transaction() {}

  /**
   * Does them.
   *
   * @throws SQLException the first that went wrong: where the disk is full, SQLite has taken all
   *     back by itself, and refuses to do so again
   */
  static void run(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      undo(connection, e);
      throw e;
    }
    connection.setAutoCommit(true);
  }

  private static void undo(Connection connection, Exception reason) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }
}
