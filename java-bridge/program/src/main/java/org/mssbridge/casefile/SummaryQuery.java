package org.mssbridge.casefile;

import static org.mssbridge.casefile.Query.text;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mssbridge.casefile.CaseSummary.Boundary;
import org.mssbridge.casefile.CaseSummary.Duplicate;
import org.mssbridge.casefile.CaseSummary.Extent;
import org.mssbridge.casefile.CaseSummary.NotCompared;

/** Reads the summary from a case file; the database does the counting. */
final class SummaryQuery {
  private static final int MOST_PLACES = 5;

  private final Connection connection;
  private final Query query;

  SummaryQuery(Connection connection) {
    this.connection = connection;
    this.query = new Query(connection);
  }

  CaseSummary run() throws SQLException {
    Extent extent = extent();
    Remarks remarks = new Remarks(query);
    TimeScale scale = TimeScale.of(extent.first(), extent.last());
    SqlScript.run(connection, "summary.sql");
    List<Boundary> boundaries = boundaries(scale);
    return new CaseSummary(
        extent,
        remarks.list(),
        notCompared(),
        scale,
        extent.first().isEmpty()
            ? List.of()
            : scale.steps(extent.first().get(), extent.last().orElseThrow()),
        boundaries,
        RequestTimes.list(query, scale),
        SentAgain.list(query),
        new ChangeQuery(query, scale, remarks.areComparable()).list(),
        duplicates(),
        runs());
  }

  private Extent extent() throws SQLException {
    return query
        .list(
            row ->
                new Extent(
                    row.getLong("compared"),
                    row.getLong("failed"),
                    row.getLong("unpaired"),
                    row.getLong("connections"),
                    row.getLong("matched"),
                    row.getLong("findings"),
                    text(row, "first"),
                    text(row, "last")),
            """
            SELECT count(*) FILTER (WHERE state = 'compared') AS compared,
              count(*) FILTER (WHERE state = 'failed') AS failed,
              count(*) FILTER (WHERE state = 'unpaired') AS unpaired,
              (SELECT count(*) FROM connection) AS connections,
              coalesce(sum(matched), 0) AS matched,
              (SELECT count(*) FROM finding) AS findings,
              (SELECT min(first) FROM connection) AS first,
              (SELECT max(first) FROM connection) AS last
            FROM pair
            """)
        .get(0);
  }

  private List<NotCompared> notCompared() throws SQLException {
    return query.list(
        row ->
            new NotCompared(
                row.getString("pair"),
                PairState.of(row.getString("state")),
                text(row, "reason").orElse("")),
        "SELECT pair, state, reason FROM pair WHERE state <> 'compared' ORDER BY state, pair");
  }

  private List<Boundary> boundaries(TimeScale scale) throws SQLException {
    Map<Long, Map<String, Long>> trends = new HashMap<>();
    query.each(
        row ->
            trends
                .computeIfAbsent(row.getLong("border"), b -> new TreeMap<>())
                .put(row.getString("step"), row.getLong("connections")),
        """
        SELECT x.border, substr(n.first, 1, ?) AS step, count(*) AS connections
        FROM crossing x
        JOIN connection n ON n.pair = x.pair AND n.connection = x.connection
        GROUP BY x.border, step
        """,
        scale.prefix());
    return query.list(
        row ->
            new Boundary(
                row.getString("near_point"),
                row.getString("far_point"),
                row.getLong("pairs"),
                row.getLong("connections"),
                functions(row.getString("near_point"), row.getString("far_point")),
                trends.get(row.getLong("rowid"))),
        "SELECT rowid, * FROM border ORDER BY connections DESC, near_point, far_point");
  }

  private Map<String, Long> functions(String near, String far) throws SQLException {
    Map<String, Long> functions = new LinkedHashMap<>();
    query.each(
        row -> functions.put(row.getString("value"), row.getLong("connections")),
        """
        SELECT j.value, sum(p.connections) AS connections FROM (
          SELECT functions, count(*) AS connections FROM pairing
          WHERE near_point = ? AND far_point = ? GROUP BY functions
        ) p, json_each(p.functions) j
        GROUP BY j.value ORDER BY connections DESC, j.value
        """,
        near,
        far);
    return functions;
  }

  private List<Duplicate> duplicates() throws SQLException {
    return query.list(
        row ->
            new Duplicate(
                row.getString("sha256"),
                row.getLong("places"),
                row.getLong("names"),
                query.list(
                    place -> place.getString(1),
                    """
                    SELECT pair || ' ' || point || ': ' || file FROM capture_file
                    WHERE sha256 = ? ORDER BY pair, point, number LIMIT ?
                    """,
                    row.getString("sha256"),
                    MOST_PLACES)),
        """
        SELECT sha256, count(*) AS places, count(DISTINCT file) AS names FROM capture_file
        WHERE sha256 IS NOT NULL GROUP BY sha256 HAVING count(*) > 1
        ORDER BY places DESC, sha256
        """);
  }

  private List<CaseSummary.Run> runs() throws SQLException {
    return query.list(
        row ->
            new CaseSummary.Run(
                row.getString("started"),
                text(row, "ended"),
                row.getString("version"),
                row.getString("tshark"),
                row.getString("command"),
                row.getString("directory"),
                row.getLong("pairs")),
        """
        SELECT r.*, (SELECT count(*) FROM attempt a WHERE a.run = r.run) AS pairs
        FROM run r ORDER BY r.run
        """);
  }
}
