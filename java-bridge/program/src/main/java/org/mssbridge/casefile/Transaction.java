package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.SQLException;

/** Runs several statements together or not at all. */
final class Transaction {
  /** The statements. */
  interface Work {
    void run() throws SQLException;
  }

  private Transaction() {}

  /**
   * Runs the statements.
   *
   * @throws SQLException the first error: after a full disk SQLite has already rolled back on its
   *     own, and a second rollback fails too
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
