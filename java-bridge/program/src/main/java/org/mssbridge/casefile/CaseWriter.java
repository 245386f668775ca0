package org.mssbridge.casefile;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.report.Report;

/**
 * Writes pairs into a case, each in one transaction: after a crash a pair is there complete or not
 * at all. Thread-safe.
 */
public final class CaseWriter implements AutoCloseable {
  private final CaseFile file;
  private final Connection connection;
  private final Rows rows;
  private final int run;

  /**
   * What to compare, and how: a pair and its options.
   *
   * @param id the pair's name in the case
   * @param displayFilter frames that do not match it are ignored
   * @param pointsBy how several points of one file are told apart; empty for what the file shows
   * @param only codes of the findings to report; empty for all
   * @param sources the captures, in the order of the path
   */
  public record Request(
      String id,
      Optional<String> displayFilter,
      Optional<String> pointsBy,
      List<String> only,
      List<CaptureSource> sources) {
    public Request {
      only = List.copyOf(only);
      sources = List.copyOf(sources);
    }

    Optional<String> onlyCodes() {
      return only.isEmpty() ? Optional.empty() : Optional.of(String.join(",", only));
    }
  }

  /** Records the start of a run. */
  public CaseWriter(CaseFile file, StartedRun started) throws CaseFileException {
    this.file = file;
    this.connection = file.connection();
    this.rows = new Rows(connection);
    try {
      this.run = begin(started);
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private int begin(StartedRun started) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO run (started, version, tshark, java, command, directory, time_zone)
            VALUES (?, ?, ?, ?, ?, ?, 'UTC') RETURNING run
            """)) {
      insert.setString(1, Times.of(started.started()));
      insert.setString(2, started.version());
      insert.setString(3, started.tshark());
      insert.setString(4, Runtime.version().toString());
      insert.setString(5, JsonText.of(started.command()));
      insert.setString(6, started.directory().toString());
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** Records a pair that was compared; it replaces the result of an earlier run. */
  public synchronized void compared(Request request, Report report, Instant started, Instant ended)
      throws CaseFileException {
    record(request, PairState.COMPARED, null, report.tool(), Optional.of(report), started, ended);
  }

  /**
   * Records a pair that was not compared.
   *
   * @param state failed or unpaired
   * @param reason why, in one line
   */
  public synchronized void notCompared(
      Request request,
      PairState state,
      String reason,
      Report.Tool tool,
      Instant started,
      Instant ended)
      throws CaseFileException {
    record(request, state, reason, tool, Optional.empty(), started, ended);
  }

  /**
   * Records a failed attempt on a pair of which the case holds an earlier comparison, and keeps
   * that comparison.
   *
   * @return false if the case holds no comparison; then nothing is recorded
   */
  public synchronized boolean keep(String pair, PairState state, Instant started, Instant ended)
      throws CaseFileException {
    try {
      boolean isHeld =
          new Query(connection)
                  .number(
                      "SELECT count(*) FROM pair WHERE pair = ? AND state = ?",
                      pair,
                      PairState.COMPARED.label())
              > 0;
      if (isHeld) {
        rows.clear();
        attempt(pair, state, started, ended);
        Transaction.run(connection, rows::flush);
      }
      return isHeld;
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private void attempt(String pair, PairState state, Instant started, Instant ended)
      throws SQLException {
    rows.add(
        Row.of("attempt")
            .set("pair", pair)
            .set("run", run)
            .set("started", Times.of(started))
            .set("ended", Times.of(ended))
            .set("state", state.label()));
  }

  /** Replaces a pair and all rows that refer to it. */
  private void record(
      Request request,
      PairState state,
      String reason,
      Report.Tool tool,
      Optional<Report> report,
      Instant started,
      Instant ended)
      throws CaseFileException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM pair WHERE pair = ?")) {
      rows.clear();
      Transaction.run(
          connection,
          () -> {
            delete.setString(1, request.id());
            delete.executeUpdate();
            pair(request, state, reason, tool, report);
            CaptureRows captures = new CaptureRows(request.id(), rows);
            if (report.isPresent()) {
              captures.read(report.get());
              new PairRows(request.id(), report.get(), rows).add();
            } else {
              captures.notRead(request.sources());
            }
            attempt(request.id(), state, started, ended);
            rows.flush();
          });
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private void pair(
      Request request, PairState state, String reason, Report.Tool tool, Optional<Report> report)
      throws SQLException {
    Optional<Comparison> comparison = report.map(r -> r.evidence().comparison());
    rows.add(
        Row.of("pair")
            .set("pair", request.id())
            .set("state", state.label())
            .set("reason", reason)
            .set("version", tool.version())
            .set("tshark", tool.tshark())
            .set("display_filter", request.displayFilter())
            .set("only_codes", request.onlyCodes())
            .set("points_by", request.pointsBy())
            .set("verdict", report.map(Report::verdict))
            .set("matched", comparison.map(Comparison::matched))
            .set("ambiguous", comparison.map(Comparison::ambiguous)));
  }

  /** Records the end of the run. */
  public synchronized void end(Instant ended) throws CaseFileException {
    end(file, run, ended);
  }

  /** Records the end of the only run of a case, which was begun and closed. */
  public static void endFirst(CaseFile file, Instant ended) throws CaseFileException {
    end(file, 1, ended);
  }

  private static void end(CaseFile file, int run, Instant ended) throws CaseFileException {
    try (PreparedStatement update =
        file.connection().prepareStatement("UPDATE run SET ended = ? WHERE run = ?")) {
      update.setString(1, Times.of(ended));
      update.setInt(2, run);
      update.executeUpdate();
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  @Override
  public synchronized void close() throws CaseFileException {
    try {
      rows.close();
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }
}
