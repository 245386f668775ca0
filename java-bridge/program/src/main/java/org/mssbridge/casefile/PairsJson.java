package org.mssbridge.casefile;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The pairs of a case as a JSON array, for its page. */
final class PairsJson {
  /** More than a person reads, and few enough for a browser. */
  static final int MOST_PAIRS = 20_000;

  private static final List<String> TEXTS =
      List.of("pair", "state", "severity", "first", "verdict");
  private static final List<String> NUMBERS =
      List.of("connections", "error", "warn", "note", "accepted");

  private static final String PAIRS =
      """
      SELECT p.pair, p.state, coalesce(p.verdict, p.reason, '') AS verdict,
        coalesce(p.matched, 0) AS connections,
        coalesce(f.error, 0) AS error, coalesce(f.warn, 0) AS warn, coalesce(f.note, 0) AS note,
        coalesce(f.accepted, 0) AS accepted,
        CASE f.worst WHEN 4 THEN 'error' WHEN 3 THEN 'warn' WHEN 2 THEN 'note' ELSE '' END
          AS severity,
        coalesce(substr(c.first, 1, 19), '') AS first
      FROM pair p
      LEFT JOIN (
        SELECT pair,
          sum(severity_rank = 4 AND accepted IS NULL) AS error,
          sum(severity_rank = 3 AND accepted IS NULL) AS warn,
          sum(severity_rank = 2 AND accepted IS NULL) AS note,
          max(CASE WHEN accepted IS NULL THEN severity_rank END) AS worst,
          sum(accepted IS NOT NULL) AS accepted
        FROM finding GROUP BY pair
      ) f ON f.pair = p.pair
      LEFT JOIN (SELECT pair, min(first) AS first FROM capture GROUP BY pair) c ON c.pair = p.pair
      ORDER BY p.state = 'compared', f.error DESC, f.warn DESC, p.pair
      LIMIT ?
      """;

  private PairsJson() {}

  static void write(CaseFile file, Function<String, Optional<String>> pages, JsonGenerator out)
      throws IOException {
    file.export(connection -> write(connection, pages, out));
  }

  private static void write(
      Connection connection, Function<String, Optional<String>> pages, JsonGenerator out)
      throws SQLException, IOException {
    out.writeStartArray();
    try (PreparedStatement statement = connection.prepareStatement(PAIRS)) {
      statement.setInt(1, MOST_PAIRS);
      ResultSet pairs = statement.executeQuery();
      while (pairs.next()) {
        out.writeStartObject();
        for (String column : TEXTS) {
          out.writeStringField(column, pairs.getString(column));
        }
        for (String column : NUMBERS) {
          out.writeNumberField(column, pairs.getLong(column));
        }
        Optional<String> page = pages.apply(pairs.getString("pair"));
        if (page.isPresent()) {
          out.writeStringField("page", page.get());
        }
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }
}
