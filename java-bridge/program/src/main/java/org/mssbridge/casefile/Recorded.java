package org.mssbridge.casefile;

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

/** What earlier runs recorded, so that a run does nothing twice. */
public final class Recorded {
  private static final String FILES =
      """
      SELECT f.*, c.position, r.directory
      FROM capture_file f
      JOIN capture c USING (pair, point)
      JOIN pair_run r USING (pair)
      """;

  private final Map<String, Entry> entries = new HashMap<>();

  /** A pair: how it ended, and of what. */
  private record Entry(PairState state, String reason, String question) {}

  /** Reads it from the case. */
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
                      row.getString("point"),
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
                    question(row.getString("display_filter"), row.getString("only_codes"))
                        + named));
          },
          "SELECT pair, state, reason, display_filter, only_codes FROM pair");
    } catch (SQLException e) {
      throw file.failure(e);
    }
    return recorded;
  }

  /**
   * How a pair ended, where the very same was asked: the same files in the same places with the
   * same lengths and times of change, and the same options.
   */
  public Optional<PairState> state(CaseWriter.Asked asked) {
    Entry entry = entries.get(asked.id());
    return entry != null && entry.question().equals(question(asked))
        ? Optional.of(entry.state())
        : Optional.empty();
  }

  /** Why a pair was not compared; empty where it was. */
  public String reason(String pair) {
    return entries.get(pair).reason();
  }

  /** Whether something else was recorded under this name. */
  public boolean isOther(CaseWriter.Asked asked) {
    return entries.containsKey(asked.id()) && state(asked).isEmpty();
  }

  private static String question(CaseWriter.Asked asked) {
    String question = question(asked.displayFilter().orElse(null), asked.onlyCodes().orElse(null));
    Files files = new Files();
    int position = 0;
    for (CaptureSource source : asked.sources()) {
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
    return question + files.text();
  }

  private static String question(String displayFilter, String onlyCodes) {
    return Objects.toString(displayFilter, "") + '\n' + Objects.toString(onlyCodes, "") + '\n';
  }

  /** The files of a pair by their points; the order within a point, that of time, is not asked. */
  private static final class Files {
    private final SortedMap<Integer, SortedSet<String>> lines = new TreeMap<>();

    void add(int position, String point, String path, long bytes, String modified) {
      lines
          .computeIfAbsent(position, p -> new TreeSet<>())
          .add(point + '\0' + path + '\0' + bytes + '\0' + modified);
    }

    String text() {
      return lines.toString();
    }
  }
}
