package org.mssbridge.casefile;

import static org.mssbridge.casefile.Query.text;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.evidence.RetransmissionCause;

/**
 * Data that was sent again for one reason, over all pairs.
 *
 * @param direction of the data, {@code c2s} or {@code s2c}
 * @param near where something was lost, in the direction of what was lost; empty where it was not
 *     between two points
 */
record SentAgain(
    String direction,
    RetransmissionCause cause,
    Optional<String> near,
    Optional<String> far,
    long segments,
    long bytes,
    long connections,
    long pairs) {
  /** All of a case, the most segments first. */
  static List<SentAgain> list(Query query) throws SQLException {
    return query.list(
        row ->
            new SentAgain(
                row.getString("direction"),
                RetransmissionCause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                text(row, "near_point"),
                text(row, "far_point"),
                row.getLong("segments"),
                row.getLong("bytes"),
                row.getLong("connections"),
                row.getLong("pairs")),
        """
        SELECT direction, cause, near_point, far_point, sum(segments) AS segments,
          sum(bytes) AS bytes, count(DISTINCT pair || ' ' || connection) AS connections,
          count(DISTINCT pair) AS pairs
        FROM retransmission
        GROUP BY direction, cause, near_point, far_point
        ORDER BY sum(segments) DESC, direction, cause, near_point, far_point
        """);
  }
}
