package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * Merges cases of different pairs, each made by a run of its own on one pair, into one. What was
 * one run of the user is one run there.
 */
public final class CaseMerge {
  /** The tables that do not belong to a pair alone. */
  private static final Set<String> OTHERS =
      Set.of("run", "attempt", "expectation", "fingerprinted_capture", "fingerprinted_file");

  /** The tables that belong to a pair, those that others refer to first. */
  private final List<CaseTable> tables;

  private final CaseFile into;

  public CaseMerge(CaseFile into) throws CaseFileException {
    this.into = into;
    this.tables = CaseTable.all().stream().filter(table -> !OTHERS.contains(table.name())).toList();
  }

  /**
   * Adds the only run of a case.
   *
   * @param number its number here, from 1
   */
  public void run(int number, Path run) throws CaseFileException {
    with(
        run,
        statement ->
            statement.execute(
                """
                INSERT INTO main.run (run, started, ended, version, tshark, java, command,
                  directory, time_zone)
                SELECT %d, started, ended, version, tshark, java, command, directory, time_zone
                FROM part.run
                """
                    .formatted(number)));
  }

  /**
   * Adds the pairs of a case, and the attempts of those runs that {@link #run} added, which are
   * known by the time of their start.
   */
  public void add(Path pairs) throws CaseFileException {
    with(pairs, this::copy);
  }

  /** Works with another case as well. */
  private interface Work {
    void run(Statement statement) throws SQLException;
  }

  private void with(Path other, Work work) throws CaseFileException {
    // It may be of an older schema: then a migrated copy is read.
    try (CaseFile part = CaseFile.forReading(other);
        Statement statement = into.connection().createStatement();
        PreparedStatement attach = into.connection().prepareStatement("ATTACH ? AS part")) {
      attach.setString(1, part.readPath().toString());
      attach.execute();
      try {
        work.run(statement);
      } finally {
        statement.execute("DETACH part");
      }
    } catch (SQLException e) {
      throw into.failure(e);
    }
  }

  private void copy(Statement statement) throws SQLException {
    Connection connection = into.connection();
    Transaction.run(
        connection,
        () -> {
          for (CaseTable table : tables) {
            String columns =
                String.join(", ", table.columns().stream().map(CaseTable.Column::name).toList());
            statement.execute(
                String.format(
                    "INSERT INTO main.%1$s (%2$s) SELECT %2$s FROM part.%1$s",
                    table.name(), columns));
          }
          statement.execute(
              """
              INSERT INTO main.attempt (pair, run, started, ended, state)
              SELECT a.pair, max(r.run), a.started, a.ended, a.state FROM part.attempt a
              JOIN part.run own ON own.run = a.run
              JOIN main.run r ON r.started = own.started
              GROUP BY a.pair, a.run
              """);
        });
  }
}
