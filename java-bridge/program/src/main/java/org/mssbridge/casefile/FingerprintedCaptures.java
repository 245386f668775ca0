package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.mssbridge.model.FileState;

/**
 * The fingerprints of captures that the case keeps, by their SHA-256, so that a capture is read
 * once, whatever its names. What another version of the program kept does not count.
 */
public final class FingerprintedCaptures {
  private final CaseFile file;
  private final String version;
  private final Map<String, Digested> files = new HashMap<>();
  private final Map<String, Capture> captures = new HashMap<>();
  private boolean isNew;

  /**
   * A capture without its fingerprints.
   *
   * @param sha256 of the file as it is stored
   * @param reason why it cannot be used; empty if it can
   * @param packets number of frames
   * @param firstNanos time of its first packet, nanoseconds since 1970
   * @param lastNanos time of its last packet
   * @param connections number of connections
   */
  public record Capture(
      String sha256,
      Optional<String> reason,
      int packets,
      long firstNanos,
      long lastNanos,
      int connections) {
    /** A capture that cannot be used. */
    public static Capture unusable(String sha256, String reason) {
      return new Capture(sha256, Optional.of(reason), 0, 0, 0, 0);
    }

    /** Whether the first packet of the other is after the last of this, as their clocks say. */
    public boolean isBefore(Capture other) {
      return lastNanos <= other.firstNanos;
    }
  }

  private record Digested(String sha256, long bytes, String modified) {}

  private FingerprintedCaptures(CaseFile file, String version) {
    this.file = file;
    this.version = version;
  }

  /**
   * What a case keeps.
   *
   * @param version of this program
   */
  public static FingerprintedCaptures of(CaseFile file, String version) throws CaseFileException {
    FingerprintedCaptures kept = new FingerprintedCaptures(file, version);
    try {
      Query query = new Query(file.connection());
      query.each(
          row ->
              kept.files.put(
                  row.getString("file"),
                  new Digested(
                      row.getString("sha256"), row.getLong("bytes"), row.getString("modified"))),
          "SELECT * FROM fingerprinted_file");
      query.each(
          row -> kept.captures.put(row.getString("sha256"), capture(row)),
          "SELECT sha256, reason, packets, first, last, connections FROM fingerprinted_capture"
              + " WHERE version = ?",
          version);
      kept.isNew = kept.captures.isEmpty();
      return kept;
    } catch (SQLException e) {
      throw file.failure(e);
    } catch (RuntimeException e) {
      throw file.strange(e);
    }
  }

  private static Capture capture(ResultSet row) throws SQLException {
    Optional<String> reason = Query.text(row, "reason");
    return reason.isPresent()
        ? Capture.unusable(row.getString("sha256"), reason.get())
        : new Capture(
            row.getString("sha256"),
            reason,
            row.getInt("packets"),
            Times.nanos(row.getString("first")),
            Times.nanos(row.getString("last")),
            row.getInt("connections"));
  }

  /** Whether nothing was kept before, so that no file can be one that is known. */
  public boolean isNew() {
    return isNew;
  }

  /** The SHA-256 of a file that has not changed since it was taken; empty if it has to be taken. */
  public synchronized Optional<String> sha256(FileState state) {
    Digested known = files.get(name(state.path()));
    return known != null
            && known.bytes() == state.bytes()
            && known.modified().equals(Times.of(state.modified()))
        ? Optional.of(known.sha256())
        : Optional.empty();
  }

  /** The capture with that content; empty if it has to be read. */
  public synchronized Optional<Capture> capture(String sha256) {
    return Optional.ofNullable(captures.get(sha256));
  }

  /**
   * Keeps where a capture is, and what was read of it; both at once or nothing.
   *
   * @param fingerprints null for a capture that cannot be used
   */
  public synchronized void keep(FileState state, Capture capture, byte[] fingerprints)
      throws CaseFileException {
    try {
      Transaction.run(
          file.connection(),
          () -> {
            replace(
                "fingerprinted_capture",
                Row.of("fingerprinted_capture")
                    .set("sha256", capture.sha256())
                    .set("version", version)
                    .set("reason", capture.reason())
                    .set("packets", fingerprints == null ? null : capture.packets())
                    .set("first", fingerprints == null ? null : Times.ofNanos(capture.firstNanos()))
                    .set("last", fingerprints == null ? null : Times.ofNanos(capture.lastNanos()))
                    .set("connections", fingerprints == null ? null : capture.connections())
                    .set("fingerprints", fingerprints));
            replaceFile(state, capture.sha256());
          });
    } catch (SQLException e) {
      throw file.failure(e);
    }
    captures.put(capture.sha256(), capture);
  }

  /** Keeps where a known capture is. */
  public synchronized void keep(FileState state, String sha256) throws CaseFileException {
    try {
      Transaction.run(file.connection(), () -> replaceFile(state, sha256));
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private void replaceFile(FileState state, String sha256) throws SQLException {
    String modified = Times.of(state.modified());
    replace(
        "fingerprinted_file",
        Row.of("fingerprinted_file")
            .set("file", name(state.path()))
            .set("sha256", sha256)
            .set("bytes", state.bytes())
            .set("modified", modified));
    files.put(name(state.path()), new Digested(sha256, state.bytes(), modified));
  }

  private void replace(String table, Row row) throws SQLException {
    String places = String.join(", ", row.columns().stream().map(column -> "?").toList());
    try (PreparedStatement statement =
        file.connection()
            .prepareStatement(
                "REPLACE INTO "
                    + table
                    + " ("
                    + String.join(", ", row.columns())
                    + ") VALUES ("
                    + places
                    + ")")) {
      List<Object> values = row.values();
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i));
      }
      statement.execute();
    }
  }

  /** The fingerprints of a capture that can be used. */
  public synchronized byte[] fingerprints(String sha256) throws CaseFileException {
    try {
      return Objects.requireNonNull(
          new Query(file.connection())
              .list(
                  row -> row.getBytes("fingerprints"),
                  "SELECT fingerprints FROM fingerprinted_capture WHERE sha256 = ?",
                  sha256)
              .get(0));
    } catch (SQLException e) {
      throw file.failure(e);
    } catch (RuntimeException e) {
      throw file.strange(e);
    }
  }

  private static String name(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }
}
