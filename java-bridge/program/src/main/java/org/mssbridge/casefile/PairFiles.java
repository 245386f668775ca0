package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of one pair after another. */
final class PairFiles {
  private final Connection connection;
  private String pair;
  private Map<String, List<Part>> files = Map.of();
  private String started;

  /**
   * A file of a capture.
   *
   * @param file its name as given to the run
   * @param sha256 the digest of its bytes; empty if it could not be read
   * @param firstFrame the number of its first frame in the capture; 0 if frames of several files
   *     alternate
   */
  record Part(String file, Optional<String> sha256, long firstFrame) {
    String fileName() {
      return String.valueOf(Path.of(file).getFileName());
    }
  }

  /**
   * A frame in its file.
   *
   * @param file the file; empty if frames of several files alternate
   * @param frame its number in the file, or in the capture if the file is unknown
   */
  record Place(Optional<Part> file, long frame) {}

  PairFiles(CaseFile file) {
    this.connection = file.connection();
  }

  /** Loads the files of a pair, unless it is the current one. */
  void of(String newPair) throws SQLException {
    if (newPair.equals(pair)) {
      return;
    }
    pair = newPair;
    files = new LinkedHashMap<>();
    Query query = new Query(connection);
    query.each(
        row ->
            files
                .computeIfAbsent(row.getString("point"), p -> new ArrayList<>())
                .add(
                    new Part(
                        row.getString("file"),
                        Query.text(row, "sha256"),
                        row.getLong("first_frame"))),
        """
        SELECT f.point, f.file, f.sha256, f.first_frame FROM capture_file f
        JOIN capture c USING (pair, point)
        WHERE f.pair = ? ORDER BY c.position, f.number
        """,
        pair);
    started =
        query
            .list(row -> row.getString(1), "SELECT started FROM pair_run WHERE pair = ?", pair)
            .get(0);
  }

  /** When the run that compared the pair began. */
  String runStarted() {
    return started;
  }

  /** The files by point, in the order of the path and of time. */
  Map<String, List<Part>> files() {
    return files;
  }

  /** Finds the file that holds a frame of a point's capture. */
  Place place(String point, long frame) {
    List<Part> parts = files.getOrDefault(point, List.of());
    if (parts.size() == 1) {
      return new Place(Optional.of(parts.get(0)), frame);
    }
    Part found = null;
    for (Part part : parts) {
      if (part.firstFrame() <= 0) {
        return new Place(Optional.empty(), frame);
      }
      if (part.firstFrame() <= frame) {
        found = part;
      }
    }
    return found == null
        ? new Place(Optional.empty(), frame)
        : new Place(Optional.of(found), frame - found.firstFrame() + 1);
  }
}
