package org.mssbridge.casefile;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;

/** What earlier runs recorded, so that a run repeats no work. */
public final class Recorded {
  private static final String FILES =
      """
      SELECT f.*, c.position, coalesce(c.given_point, c.point) AS given, r.directory
      FROM capture_file f
      JOIN capture c USING (pair, point)
      JOIN pair_run r USING (pair)
      """;

  private final Map<String, Entry> entries = new HashMap<>();

  /** How the comparison of a pair ended, and the key of what was compared. */
  private record Entry(PairState state, String reason, String requestKey) {}

  /** Reads the records of a case. */
  public static Recorded of(CaseFile file) throws CaseFileException {
    Recorded recorded = new Recorded();
    try {
      Query query = new Query(file.connection());
      Map<String, Files> files = new HashMap<>();
      query.each(
          row ->
              files
                  .computeIfAbsent(row.getString("pair"), pair -> new Files())
                  .add(
                      row.getInt("position"),
                      row.getString("given"),
                      new File(row.getString("file")).isAbsolute()
                          ? row.getString("file")
                          : new File(row.getString("directory"), row.getString("file")).getPath(),
                      row.getObject("bytes") == null ? -1 : row.getLong("bytes"),
                      row.getString("modified")),
          FILES);
      query.each(
          row -> {
            String pair = row.getString("pair");
            String named = files.getOrDefault(pair, new Files()).text();
            recorded.entries.put(
                pair,
                new Entry(
                    PairState.of(row.getString("state")),
                    Objects.toString(row.getString("reason"), ""),
                    key(
                            row.getString("display_filter"),
                            row.getString("points_by"),
                            row.getString("only_codes"))
                        + named));
          },
          "SELECT pair, state, reason, display_filter, points_by, only_codes FROM pair");
    } catch (SQLException e) {
      throw file.failure(e);
    } catch (RuntimeException e) {
      throw file.strange(e);
    }
    return recorded;
  }

  /**
   * How the comparison of a pair ended, if the request was the same: the same files at the same
   * points, with the same lengths and modification times, and the same options.
   */
  public Optional<PairState> state(CaseWriter.Request request) {
    Entry entry = entries.get(request.id());
    return entry != null && entry.requestKey().equals(key(request))
        ? Optional.of(entry.state())
        : Optional.empty();
  }

  /** How the comparison of a pair ended, whatever the request; empty if there was none. */
  public Optional<PairState> state(String pair) {
    return Optional.ofNullable(entries.get(pair)).map(Entry::state);
  }

  /** Why a pair was not compared; empty if it was. */
  public String reason(String pair) {
    return entries.get(pair).reason();
  }

  /** Whether another request was recorded under the same pair name. */
  public boolean isOther(CaseWriter.Request request) {
    return entries.containsKey(request.id()) && state(request).isEmpty();
  }

  /** A text that is the same for the same request, in the sense of {@link #state}. */
  public static String key(CaseWriter.Request request) {
    String options =
        key(
            request.displayFilter().orElse(null),
            request.pointsBy().orElse(null),
            request.onlyCodes().orElse(null));
    Files files = new Files();
    int position = 0;
    for (CaptureSource source : request.sources()) {
      for (FileState file : source.files()) {
        files.add(
            position,
            source.point().name(),
            file.path().toAbsolutePath().toString(),
            file.bytes(),
            file.exists() ? Times.of(file.modified()) : null);
      }
      position++;
    }
    return options + files.text();
  }

  private static String key(String displayFilter, String pointsBy, String onlyCodes) {
    return Objects.toString(displayFilter, "")
        + '\n'
        + Objects.toString(pointsBy, "")
        + '\n'
        + Objects.toString(onlyCodes, "")
        + '\n';
  }

  /**
   * The files of a pair by the point that the user named, in path order. Their order within a point
   * does not matter: it follows from their times. The points of one file have the same one.
   */
  private static final class Files {
    private final Map<String, SortedSet<String>> lines = new HashMap<>();
    private final SortedMap<Integer, String> pointAt = new TreeMap<>();

    void add(int position, String point, String path, long bytes, String modified) {
      pointAt.put(position, point);
      lines.computeIfAbsent(point, p -> new TreeSet<>()).add(path + '\0' + bytes + '\0' + modified);
    }

    String text() {
      return pointAt.values().stream()
          .distinct()
          .map(point -> point + '\0' + lines.get(point))
          .collect(joining("\n"));
    }
  }
}
