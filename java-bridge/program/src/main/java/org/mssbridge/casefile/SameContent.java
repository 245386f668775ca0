package org.mssbridge.casefile;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;

/**
 * Tells whether the files of a compared pair hold the same bytes under other names or with other
 * times, so that the pair need not be compared again.
 */
public final class SameContent {
  private final CaseFile file;

  /** A file of a pair in the database. */
  private record Row(String point, int number, String sha256) {}

  public SameContent(CaseFile file) {
    this.file = file;
  }

  /**
   * Reads the files, and if their content is that of the pair in the case, records their names and
   * times.
   *
   * @return false if any differs, or the case does not know its content; then nothing is recorded
   */
  public boolean renew(String pair, List<CaptureSource> sources, Verification.Hash hash)
      throws CaseFileException, IOException {
    try {
      List<Row> rows = rows(pair);
      if (rows.size() != sources.stream().mapToInt(source -> source.files().size()).sum()
          || rows.stream().anyMatch(row -> row.sha256() == null)) {
        return false;
      }
      Map<Row, FileState> now = new HashMap<>();
      for (CaptureSource source : sources) {
        for (FileState state : source.files()) {
          Optional<Row> row = find(rows, source.point().name(), hash.of(state.path()));
          if (row.isEmpty() || !state.isUnchanged()) {
            return false;
          }
          rows.remove(row.get());
          now.put(row.get(), state);
        }
      }
      record(pair, now);
      return true;
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  /** The files, without those of captures that hold several points: those are simply read again. */
  private List<Row> rows(String pair) throws SQLException {
    return new ArrayList<>(
        new Query(file.connection())
            .list(
                row ->
                    new Row(row.getString("point"), row.getInt("number"), row.getString("sha256")),
                """
                SELECT f.point, f.number, f.sha256 FROM capture_file f
                JOIN capture c USING (pair, point)
                WHERE f.pair = ? AND c.given_point IS NULL
                ORDER BY f.point, f.number
                """,
                pair));
  }

  private static Optional<Row> find(List<Row> rows, String point, String sha256) {
    return rows.stream()
        .filter(row -> row.point().equals(point) && row.sha256().equals(sha256))
        .findFirst();
  }

  private void record(String pair, Map<Row, FileState> now) throws SQLException {
    try (PreparedStatement update =
        file.connection()
            .prepareStatement(
                "UPDATE capture_file SET file = ?, modified = ? WHERE pair = ? AND point = ? AND"
                    + " number = ?")) {
      for (Map.Entry<Row, FileState> each : now.entrySet()) {
        update.setString(1, each.getValue().path().toString());
        update.setString(2, Times.of(each.getValue().modified()));
        update.setString(3, pair);
        update.setString(4, each.getKey().point());
        update.setInt(5, each.getKey().number());
        update.executeUpdate();
      }
    }
  }
}
