package org.mssbridge.casefile;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What earlier runs recorded, so that a run does nothing twice. */
public final class Recorded {
  private final Map<String, Entry> entries = new HashMap<>();

  /** A pair: how it ended, and of what. */
  private record Entry(String state, String reason, String question) {}

  /** Reads it from the case. */
  public static Recorded of(CaseFile file) throws CaseFileException {
    Recorded recorded = new Recorded();
    try (Statement statement = file.connection().createStatement()) {
      Map<String, StringBuilder> files = new HashMap<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT pair, point, file, bytes, modified FROM capture_file JOIN capture USING (pair,"
                  + " point) ORDER BY pair, position, file")) {
        while (rows.next()) {
          file(
              files.computeIfAbsent(rows.getString(1), pair -> new StringBuilder()),
              rows.getString(2),
              rows.getString(3),
              rows.getObject(4) == null ? -1 : rows.getLong(4),
              rows.getString(5));
        }
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT pair, state, reason, display_filter, only_codes FROM pair")) {
        while (rows.next()) {
          String pair = rows.getString(1);
          String named = files.getOrDefault(pair, new StringBuilder()).toString();
          recorded.entries.put(
              pair,
              new Entry(
                  rows.getString(2),
                  Objects.toString(rows.getString(3), ""),
                  question(rows.getString(4), rows.getString(5)) + named));
        }
      }
    } catch (SQLException e) {
      throw file.failure(e);
    }
    return recorded;
  }

  /**
   * How a pair ended, where the very same was asked: the same files with the same lengths and times
   * of change, and the same options.
   */
  public Optional<String> state(CaseWriter.Asked asked) {
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
    StringBuilder question =
        new StringBuilder(
            question(asked.displayFilter().orElse(null), asked.onlyCodes().orElse(null)));
    for (CaseWriter.Capture capture : asked.captures()) {
      capture.files().stream()
          .sorted((a, b) -> a.path().toString().compareTo(b.path().toString()))
          .forEach(
              state ->
                  file(
                      question,
                      capture.point(),
                      state.path().toString(),
                      state.bytes(),
                      state.bytes() < 0 ? null : Times.of(state.modified())));
    }
    return question.toString();
  }

  private static String question(String displayFilter, String onlyCodes) {
    return Objects.toString(displayFilter, "") + '\n' + Objects.toString(onlyCodes, "") + '\n';
  }

  private static void file(
      StringBuilder question, String point, String file, long bytes, String modified) {
    question.append(point).append('\0').append(file).append('\0');
    question.append(bytes).append('\0').append(modified).append('\n');
  }
}
