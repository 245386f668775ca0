package org.mssbridge.casefile;

import static org.mssbridge.casefile.Query.text;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.casefile.CaseSummary.Unaffected;
import org.mssbridge.model.Severity;

/**
 * Counts findings of the same kind over all pairs. The tables of {@code summary.sql} must exist.
 */
final class ChangeQuery {
  private static final Comparator<CaseChange> SEVEREST_FIRST =
      Comparator.comparing(CaseChange::severity)
          .thenComparing(CaseChange::connections)
          .thenComparing(CaseChange::pairs)
          .reversed()
          .thenComparing(CaseChange::code)
          .thenComparing(c -> c.near().orElse(""))
          .thenComparing(c -> c.direction().orElse(""))
          .thenComparing(CaseChange::example);

  private final Query query;
  private final TimeScale scale;
  private final boolean comparable;

  /**
   * The affected connections of a change: their number, their times, and their places among all
   * that crossed the boundary.
   */
  private static final class Spread {
    final Map<String, Long> trend = new TreeMap<>();
    long connections;
    long crossings;
    long firstPlace = Long.MAX_VALUE;
    long lastPlace;
    String since;
    String until;

    /** Adds a step; steps must come in the order of time. */
    void add(ResultSet row) throws SQLException {
      trend.put(row.getString("step"), row.getLong("connections"));
      connections += row.getLong("connections");
      crossings += row.getLong("crossings");
      if (row.getLong("crossings") > 0) {
        firstPlace = Math.min(firstPlace, row.getLong("first_place"));
        lastPlace = Math.max(lastPlace, row.getLong("last_place"));
      }
      since = since == null ? row.getString("since") : since;
      until = row.getString("until");
    }
  }

  /**
   * @param comparable false if pairs were compared with different options, so that the absence of a
   *     finding proves nothing
   */
  ChangeQuery(Query query, TimeScale scale, boolean comparable) {
    this.query = query;
    this.scale = scale;
    this.comparable = comparable;
  }

  List<CaseChange> list() throws SQLException {
    Map<Long, Spread> spreads = spreads();
    Map<Long, NavigableSet<String>> pairs = somePairs();
    List<CaseChange> changes =
        query.list(
            row ->
                change(
                    row,
                    spreads.getOrDefault(row.getLong("number"), new Spread()),
                    pairs.getOrDefault(row.getLong("number"), new TreeSet<>())),
            """
            SELECT c.rowid AS number, c.*, b.connections AS crossings, b.pairs AS crossing_pairs
            FROM change c LEFT JOIN border b ON b.rowid = c.border
            """);
    changes.sort(SEVEREST_FIRST);
    return changes;
  }

  /** The first pairs of each change, by name. */
  private Map<Long, NavigableSet<String>> somePairs() throws SQLException {
    Map<Long, NavigableSet<String>> pairs = new HashMap<>();
    query.each(
        row -> {
          NavigableSet<String> names =
              pairs.computeIfAbsent(row.getLong("number"), change -> new TreeSet<>());
          names.add(row.getString("pair"));
          if (names.size() > CaseChange.MOST_PAIRS) {
            names.pollLast();
          }
        },
        """
        SELECT c.rowid AS number, f.pair
        FROM finding f
        CROSS JOIN change c
        WHERE c.code = f.code
          AND c.near_point IS f.near_point
          AND c.far_point IS f.far_point
          AND c.direction IS f.direction
          AND c.near_value IS f.near_value
          AND c.far_value IS f.far_value
          AND c.severity_rank = f.severity_rank
          AND c.accepted IS f.accepted
          AND c.subject IS f.subject
        """);
    return pairs;
  }

  private Map<Long, Spread> spreads() throws SQLException {
    Map<Long, Spread> spreads = new HashMap<>();
    query.each(
        row -> spreads.computeIfAbsent(row.getLong("change"), c -> new Spread()).add(row),
        """
        SELECT a.change, substr(n.first, 1, ?) AS step, count(*) AS connections,
          count(x.place) AS crossings, min(x.place) AS first_place, max(x.place) AS last_place,
          min(n.first) AS since, max(n.first) AS until
        FROM affected a
        JOIN change c ON c.rowid = a.change
        JOIN connection n ON n.pair = a.pair AND n.connection = a.connection
        LEFT JOIN crossing x
          ON x.pair = a.pair AND x.connection = a.connection AND x.border = c.border
        GROUP BY a.change, step
        ORDER BY a.change, step
        """,
        scale.prefix());
    return spreads;
  }

  private CaseChange change(ResultSet row, Spread spread, Set<String> pairs) throws SQLException {
    boolean onConnections = spread.connections > 0;
    long all = row.getLong("crossings");
    // A share is meaningless if some of the connections were seen on one side only.
    boolean isShare = row.getObject("border") != null && spread.crossings == spread.connections;
    return new CaseChange(
        row.getString("code"),
        Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
        text(row, "direction"),
        text(row, "near_point"),
        text(row, "far_point"),
        text(row, "subject"),
        text(row, "near_value"),
        text(row, "far_value"),
        text(row, "accepted"),
        row.getInt("messages") == 1 ? text(row, "example") : Optional.empty(),
        row.getString("example"),
        row.getLong("findings"),
        row.getLong("pairs"),
        List.copyOf(pairs),
        spread.connections,
        isShare ? OptionalLong.of(all) : OptionalLong.empty(),
        onConnections ? Optional.of(spread.since) : text(row, "first"),
        onConnections ? Optional.of(spread.until) : text(row, "last"),
        ends(row, spread, true),
        ends(row, spread, false),
        spread.trend);
  }

  /** The unaffected connections before the first affected one, or after the last. */
  private Optional<Unaffected> ends(ResultSet row, Spread spread, boolean before)
      throws SQLException {
    if (!comparable || spread.crossings == 0) {
      return Optional.empty();
    }
    Side side =
        new Side(
            row.getLong("border"),
            before ? 1 : spread.lastPlace + 1,
            before ? spread.firstPlace - 1 : row.getLong("crossings"));
    boolean clear =
        Onset.isClear(
                row.getLong("crossings"),
                spread.crossings,
                side.connections(),
                Onset.AMONG_CONNECTIONS)
            && (isClearWithinPairs(row.getLong("number"), spread, side)
                || isClearAmongPairs(row, side));
    return clear ? Optional.of(new Unaffected(side.connections(), pairs(side))) : Optional.empty();
  }

  /** A range of places on a boundary without an affected connection, both ends included. */
  private record Side(long border, long from, long to) {
    long connections() {
      return to - from + 1;
    }
  }

  private static final String OF_SIDE = " FROM crossing WHERE border = ? AND place BETWEEN ? AND ?";

  private long pairs(Side side) throws SQLException {
    return query.number(
        "SELECT count(DISTINCT pair)" + OF_SIDE, side.border(), side.from(), side.to());
  }

  /**
   * Whether the change begins or ends within the pairs that show it: at the same points, but at
   * another time.
   */
  private boolean isClearWithinPairs(long change, Spread spread, Side side) throws SQLException {
    String inPairs = " AND pair IN (SELECT pair FROM affected WHERE change = ?)";
    long all =
        query.number(
            "SELECT count(*) FROM crossing WHERE border = ?" + inPairs, side.border(), change);
    long unaffected =
        query.number(
            "SELECT count(*)" + OF_SIDE + inPairs, side.border(), side.from(), side.to(), change);
    return Onset.isClear(all, spread.crossings, unaffected, Onset.AMONG_CONNECTIONS);
  }

  /**
   * Whether enough whole pairs are on that side, so that the change is not just one pair that
   * differs from the others.
   */
  private boolean isClearAmongPairs(ResultSet row, Side side) throws SQLException {
    long beyond =
        query.number(
            "SELECT count(DISTINCT pair) FROM crossing"
                + " WHERE border = ? AND place NOT BETWEEN ? AND ?",
            side.border(),
            side.from(),
            side.to());
    long all = row.getLong("crossing_pairs");
    return Onset.isClear(all, row.getLong("pairs"), all - beyond, Onset.AMONG_PAIRS);
  }
}
