package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A file as a case recorded it.
 *
 * @param pair the pair it belongs to
 * @param point the capture point
 * @param name its name as given to the run
 * @param path its path: relative names are resolved against the folder in which the run was started
 * @param sha256 the recorded digest of its bytes, hexadecimal; empty if it could not be read
 */
public record RecordedFile(
    String pair, String point, String name, Path path, Optional<String> sha256) {

  /**
   * All files of a case, sorted by pair, point and number.
   *
   * @throws CaseFileException if the case cannot be read
   */
  public static List<RecordedFile> of(CaseFile file) throws CaseFileException {
    return file.read(connection -> list(new Query(connection)));
  }

  private static List<RecordedFile> list(Query query) throws SQLException {
    return query.list(
        row ->
            new RecordedFile(
                row.getString("pair"),
                row.getString("point"),
                row.getString("file"),
                Path.of(row.getString("directory")).resolve(row.getString("file")),
                Query.text(row, "sha256")),
        """
        SELECT f.pair, f.point, f.file, f.sha256, r.directory
        FROM capture_file f
        JOIN pair_run r USING (pair)
        ORDER BY f.pair, f.point, f.number
        """);
  }
}
