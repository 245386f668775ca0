package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mssbridge.model.Severity;

/** A policy of known and accepted findings, applied to the findings of a case. */
public final class Expectations {
  /**
   * The columns of a policy; each may hold a pattern such as {@code mss.*}, or be empty for any
   * value.
   */
  public static final List<String> COLUMNS =
      List.of("pair", "code", "direction", "near_point", "far_point", "near_value", "far_value");

  /** The column with the reason why a finding is accepted. */
  public static final String REASON = "reason";

  private final CaseFile file;

  public Expectations(CaseFile file) {
    this.file = file;
  }

  /**
   * Findings of one kind at one boundary that no line of the policy accepts.
   *
   * @param code their code
   * @param severity their severity
   * @param way their direction in words, such as {@code client to server}; empty for both or none
   * @param message the message of the first one
   * @param pairs number of pairs with such a finding
   * @param connections number of connections with such a finding
   */
  public record Unexpected(
      String code, String severity, String way, String message, long pairs, long connections) {}

  /** Replaces the policy, and marks the findings that it accepts. */
  public void apply(List<Map<String, String>> policy) throws CaseFileException {
    try (Statement statement = file.connection().createStatement()) {
      Transaction.run(
          file.connection(),
          () -> {
            statement.executeUpdate("DELETE FROM expectation");
            insert(policy);
            statement.executeUpdate(
                "UPDATE finding SET accepted = NULL WHERE accepted IS NOT NULL");
            if (!policy.isEmpty()) {
              statement.executeUpdate(accept());
            }
          });
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private void insert(List<Map<String, String>> policy) throws SQLException {
    try (Rows rows = new Rows(file.connection())) {
      int number = 1;
      for (Map<String, String> expected : policy) {
        Row row = Row.of("expectation").set("number", number++);
        COLUMNS.forEach(column -> row.set(column, expected.get(column)));
        rows.add(row.set("reason", expected.getOrDefault(REASON, "expected")));
      }
      rows.flush();
    }
  }

  private static String accept() {
    return "UPDATE finding AS f SET accepted = (SELECT e.reason FROM expectation e WHERE "
        + condition()
        + " ORDER BY e.number LIMIT 1)";
  }

  private static String condition() {
    List<String> conditions = new ArrayList<>();
    for (String column : COLUMNS) {
      conditions.add(
          String.format("(e.%1$s IS NULL OR f.%1$s = e.%1$s OR f.%1$s GLOB e.%1$s)", column));
    }
    return String.join(" AND ", conditions);
  }

  /** The lines of the policy that accept no finding, as line numbers from 1. */
  public List<Integer> unused() throws CaseFileException {
    try {
      return new Query(file.connection())
          .list(
              row -> row.getInt(1),
              "SELECT number FROM expectation e WHERE NOT EXISTS (SELECT 1 FROM finding f WHERE "
                  + condition()
                  + ") ORDER BY number");
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  /**
   * Findings that are not accepted, the severest first.
   *
   * @param pairs the pairs to look at
   * @param least findings below this severity are ignored
   */
  public List<Unexpected> unexpected(List<String> pairs, Severity least) throws CaseFileException {
    Connection connection = file.connection();
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TEMP TABLE IF NOT EXISTS wanted (pair TEXT PRIMARY KEY)");
      statement.executeUpdate("DELETE FROM wanted");
      try (Rows rows = new Rows(connection)) {
        for (String pair : pairs) {
          rows.add(Row.of("wanted").set("pair", pair));
        }
        rows.flush();
      }
      return new Query(connection)
          .list(
              row ->
                  new Unexpected(
                      row.getString("code"),
                      row.getString("severity"),
                      CaseWords.way(row.getString("direction")),
                      row.getString("message"),
                      row.getLong("pairs"),
                      row.getLong("connections")),
              """
              SELECT code, severity, direction, min(finding.message) AS message,
                count(DISTINCT pair) AS pairs,
                count(DISTINCT pair || ' ' || connection) AS connections
              FROM finding LEFT JOIN finding_occurrence USING (pair, finding)
              WHERE accepted IS NULL AND severity_rank >= ? AND pair IN wanted
              GROUP BY code, near_point, far_point, direction, near_value, far_value, severity
              ORDER BY severity_rank DESC, connections DESC, code, message
              """,
              least.compareTo(Severity.COMMENT));
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }
}
