package org.mssbridge.casefile;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Remarks that a reader needs before comparing the pairs of a case with one another. */
final class Remarks {
  private final Query query;

  Remarks(Query query) {
    this.query = query;
  }

  /**
   * Whether all pairs were compared with the same options, so that a missing finding is really
   * absent.
   */
  boolean areComparable() throws SQLException {
    return query.number(
            """
            SELECT count(*) FROM (
              SELECT DISTINCT display_filter, only_codes FROM pair WHERE state = 'compared'
            )
            """)
        < 2;
  }

  List<String> list() throws SQLException {
    List<String> remarks = new ArrayList<>();
    query.each(
        row ->
            remarks.add(
                "the last run, begun at "
                    + CaseWords.time(row.getString(1))
                    + " UTC, goes on or was stopped"),
        "SELECT started FROM run WHERE run = (SELECT max(run) FROM run) AND ended IS NULL");
    if (!areComparable()) {
      remarks.add(
          "pairs were compared with different --filter or --only: what is not found in one of them"
              + " may be there");
    }
    query.each(
        row -> remarks.add("all pairs were compared with " + row.getString(1)),
        """
        SELECT rtrim(coalesce('--filter ' || min(display_filter) || ' ', '')
          || coalesce('--only ' || min(only_codes), ''))
        FROM pair WHERE state = 'compared'
        HAVING count(DISTINCT coalesce(display_filter, '') || char(10) || coalesce(only_codes, '')) = 1
          AND (min(display_filter) IS NOT NULL OR min(only_codes) IS NOT NULL)
        """);
    query.each(
        row -> remarks.add("pairs were compared by different programs: " + row.getString(1)),
        """
        SELECT group_concat(program, ', ') FROM (
          SELECT DISTINCT 'mssbridge ' || version || ' with tshark ' || tshark AS program FROM pair
          WHERE state = 'compared' ORDER BY program
        )
        HAVING count(*) > 1
        """);
    query.each(
        row ->
            remarks.add(
                "cut short or damaged at the end of a file: "
                    + CaseWords.count(row.getLong(1), "capture")),
        "SELECT count(*) FROM capture WHERE complete = 0 HAVING count(*) > 0");
    return remarks;
  }
}
