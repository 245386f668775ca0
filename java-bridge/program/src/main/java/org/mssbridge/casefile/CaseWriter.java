package org.mssbridge.casefile;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePiece;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;

/**
 * Writes pairs into a case, each in one transaction: whatever happens, a pair is there whole or not
 * at all. May be used by several threads.
 */
public final class CaseWriter implements AutoCloseable {
  private final CaseFile file;
  private final Connection connection;
  private final Rows rows;
  private final int run;

  /**
   * A run of the program.
   *
   * @param version of the program
   * @param tshark version of tshark
   * @param command the command line without the program's name
   * @param directory where it was started
   * @param started when
   */
  public record Run(
      String version, String tshark, List<String> command, Path directory, Instant started) {
    public Run {
      command = List.copyOf(command);
    }
  }

  /**
   * What was asked of a pair.
   *
   * @param id names it in the case
   * @param displayFilter frames that do not match it are not looked at
   * @param only codes of the findings that are wanted; all where empty
   * @param sources in the order of the path
   */
  public record Asked(
      String id, Optional<String> displayFilter, List<String> only, List<CaptureSource> sources) {
    public Asked {
      only = List.copyOf(only);
      sources = List.copyOf(sources);
    }

    Optional<String> onlyCodes() {
      return only.isEmpty() ? Optional.empty() : Optional.of(String.join(",", only));
    }
  }

  /** Begins a run. */
  public CaseWriter(CaseFile file, Run started) throws CaseFileException {
    this.file = file;
    this.connection = file.connection();
    this.rows = new Rows(connection);
    try {
      this.run = begin(started);
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private int begin(Run started) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO run (started, version, tshark, java, command, directory, time_zone)"
                + " VALUES (?, ?, ?, ?, ?, ?, 'UTC') RETURNING run")) {
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

  /** Records a pair that was compared; what an earlier run found on it is replaced. */
  public synchronized void compared(Asked asked, Report report, Instant started, Instant ended)
      throws CaseFileException {
    record(asked, "compared", null, report.tool(), Optional.of(report), started, ended);
  }

  /**
   * Records a pair that was not compared.
   *
   * @param state {@code failed} or {@code unpaired}
   * @param reason why, in one line
   */
  public synchronized void notCompared(
      Asked asked, String state, String reason, Report.Tool tool, Instant started, Instant ended)
      throws CaseFileException {
    record(asked, state, reason, tool, Optional.empty(), started, ended);
  }

  /**
   * Notes that a pair could not be compared this time, where the case holds a comparison of it:
   * that stays.
   *
   * @return false where it holds none; then nothing is noted
   */
  public synchronized boolean keep(String pair, String state, Instant started, Instant ended)
      throws CaseFileException {
    try {
      boolean isHeld =
          new Query(connection)
                  .number("SELECT count(*) FROM pair WHERE pair = ? AND state = 'compared'", pair)
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

  private void captures(String pair, Report report) throws SQLException {
    int position = 0;
    for (ReadCapture capture : report.captures()) {
      PointCapture.Extent extent = capture.content().extent();
      Clock clock =
          report.evidence().comparison().clocks().at(capture.point()).orElse(Clock.identity());
      rows.add(
          "capture",
          pair,
          capture.point().name(),
          position++,
          extent.packets(),
          Times.ofNanos(extent.firstNanos()),
          Times.ofNanos(extent.lastNanos()),
          extent.complete(),
          clock.offsetSeconds(),
          clock.lowSeconds(),
          clock.highSeconds(),
          clock.driftPpm(),
          JsonText.of(capture.lastingCommand()));
      files(pair, capture.point(), capture.input().pieces());
    }
  }

  private void sources(Asked asked) throws SQLException {
    int position = 0;
    for (CaptureSource source : asked.sources()) {
      rows.add(
          "capture",
          asked.id(),
          source.point().name(),
          position++,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          JsonText.of(List.of()));
      files(
          asked.id(),
          source.point(),
          source.files().stream().map(f -> new CapturePiece(f, OptionalInt.empty())).toList());
    }
  }

  private void files(String pair, CapturePoint point, List<CapturePiece> pieces)
      throws SQLException {
    int number = 0;
    for (CapturePiece piece : pieces) {
      FileState file = piece.file();
      rows.add(
          "capture_file",
          pair,
          point.name(),
          number++,
          file.path().toString(),
          file.sha256(),
          file.exists() ? file.bytes() : null,
          file.exists() ? Times.of(file.modified()) : null,
          piece.firstFrame());
    }
  }

  private void attempt(String pair, String state, Instant started, Instant ended)
      throws SQLException {
    rows.add("attempt", pair, run, Times.of(started), Times.of(ended), state);
  }

  /** Replaces a pair and all that hangs on it. */
  private void record(
      Asked asked,
      String state,
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
            delete.setString(1, asked.id());
            delete.executeUpdate();
            pair(asked, state, reason, tool, report);
            if (report.isEmpty()) {
              sources(asked);
            } else {
              captures(asked.id(), report.get());
              new PairRows(asked.id(), report.get(), rows).add();
            }
            attempt(asked.id(), state, started, ended);
            rows.flush();
          });
    } catch (SQLException e) {
      throw file.failure(e);
    }
  }

  private void pair(
      Asked asked, String state, String reason, Report.Tool tool, Optional<Report> report)
      throws SQLException {
    rows.add(
        "pair",
        asked.id(),
        state,
        reason,
        tool.version(),
        tool.tshark(),
        asked.displayFilter(),
        asked.onlyCodes(),
        report.map(Report::verdict),
        report.map(r -> r.evidence().comparison().matched()),
        report.map(r -> r.evidence().comparison().ambiguous()));
  }

  /** Notes that the run came to its end. */
  public synchronized void end(Instant ended) throws CaseFileException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE run SET ended = ? WHERE run = ?")) {
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
