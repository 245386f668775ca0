package org.mssbridge.casefile;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Iterates over all findings of a case, each with its connections, frames and causes. Four query
 * results in the same order are read in parallel, so that none is held in memory.
 */
final class FindingRows {
  /** Receives each finding. */
  interface Sink {
    /** Receives a finding; it may read the parts in any order and stop at any row. */
    void accept(ResultSet finding, Part connections, Part frames, Part causes)
        throws SQLException, IOException;
  }

  /** The rows of a table that belong to the finding. */
  static final class Part implements AutoCloseable {
    private final PreparedStatement statement;
    private final ResultSet rows;
    private boolean more;
    private boolean fresh;
    private String pair;
    private int finding;
    private FrameOfPoint frame;

    private record FrameOfPoint(String point, long frame) {}

    private Part(Connection connection, String sql) throws SQLException {
      statement = connection.prepareStatement(sql);
      rows = statement.executeQuery();
      more = rows.next();
      fresh = true;
    }

    /** Moves to the next row; false if the finding has no more. */
    boolean next() throws SQLException {
      if (!fresh && more) {
        more = rows.next();
      }
      fresh = false;
      if (more && rows.getInt("finding") == finding && rows.getString("pair").equals(pair)) {
        return true;
      }
      fresh = true;
      return false;
    }

    /** Moves to the next row with another frame than the one before; false if there is none. */
    boolean nextFrame() throws SQLException {
      while (next()) {
        FrameOfPoint named = new FrameOfPoint(rows.getString("point"), rows.getLong("frame"));
        if (!named.equals(frame)) {
          frame = named;
          return true;
        }
      }
      return false;
    }

    /** The current row. */
    ResultSet row() {
      return rows;
    }

    private void begin(String newPair, int newFinding) {
      pair = newPair;
      finding = newFinding;
      frame = null;
    }

    private void skipRest() throws SQLException {
      while (next()) {}
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }

  private FindingRows() {}

  /**
   * Passes all findings to a sink.
   *
   * @throws OutputException if the case can no longer be read
   * @throws IOException if the sink cannot write
   */
  static void each(CaseFile file, Sink sink) throws IOException {
    file.export(connection -> each(connection, sink));
  }

  private static void each(Connection connection, Sink sink) throws SQLException, IOException {
    try (Part connections =
            new Part(
                connection,
                """
                SELECT pair, finding, connection FROM finding_occurrence
                WHERE connection IS NOT NULL
                GROUP BY pair, finding, connection ORDER BY pair, finding, connection
                """);
        Part frames =
            new Part(
                connection,
                """
                SELECT f.*, o.connection, o.message FROM finding_frame f
                JOIN finding_occurrence o USING (pair, finding, occurrence)
                ORDER BY f.pair, f.finding, f.point, f.frame, f.occurrence
                """);
        Part causes = new Part(connection, "SELECT * FROM cause ORDER BY pair, finding, rank");
        PreparedStatement findings =
            connection.prepareStatement("SELECT * FROM finding ORDER BY pair, finding");
        ResultSet finding = findings.executeQuery()) {
      while (finding.next()) {
        for (Part part : new Part[] {connections, frames, causes}) {
          part.begin(finding.getString("pair"), finding.getInt("finding"));
        }
        sink.accept(finding, connections, frames, causes);
        connections.skipRest();
        frames.skipRest();
        causes.skipRest();
      }
    }
  }
}
