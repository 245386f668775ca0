package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Fragments;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Group;
import org.mssbridge.model.Input;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.model.Severity;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;

/** A case records a finding's own leg, direction and change, whatever its code and facts are. */
class PairRowsTest {
  private static final CapturePoint CLIENT = new CapturePoint("client");
  private static final CapturePoint SERVER = new CapturePoint("server");
  private static final Leg UPLOAD = new Leg(Direction.C2S, CLIENT, SERVER);
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");

  @TempDir private Path folder;
  private CaseFile file;
  private CaseRows stored;

  /** A finding of a rule that the program does not know. */
  private record Sample(Optional<Leg> leg, Optional<Direction> direction, Optional<Change> change)
      implements Finding {
    @Override
    public Kind kind() {
      return new Kind("sample.finding", Severity.WARN, Group.PROTOCOL, "a sample");
    }

    @Override
    public String message() {
      return "a sample";
    }

    @Override
    public Facts facts() {
      return Facts.NONE;
    }
  }

  @BeforeEach
  void open() throws Exception {
    file = CaseFile.forWriting(folder.resolve("case.db"));
    stored = new CaseRows(file.path());
    StartedRun run = new StartedRun("1", "4.0.17", List.of("batch"), folder, NOW);
    try (CaseWriter writer = new CaseWriter(file, run)) {
      writer.compared(request(), report(), NOW, NOW);
    }
    try (Rows rows = new Rows(file.connection())) {
      for (int connection = 0; connection < 2; connection++) {
        rows.add(
            Row.of("connection")
                .set("pair", "a")
                .set("connection", connection)
                .set("first", "2024-03-02T14:10:05.000000000Z")
                .set("points", 2)
                .set("confidence", 1.0));
        rows.add(
            Row.of("pairing")
                .set("pair", "a")
                .set("connection", connection)
                .set("near_point", "client")
                .set("far_point", "server")
                .set("confidence", 1.0)
                .set("matched_by", "[]")
                .set("functions", "[]"));
      }
      rows.flush();
    }
  }

  @AfterEach
  void close() throws Exception {
    file.close();
  }

  private static CaseWriter.Request request() {
    return new CaseWriter.Request("a", Optional.empty(), Optional.empty(), List.of(), List.of());
  }

  private static Report report(Findings.Reported... findings) {
    PointCapture atClient = capture(CLIENT);
    PointCapture atServer = capture(SERVER);
    Comparison comparison = Comparison.of(List.of(atClient, atServer));
    return new Report(
        new Report.Tool("1", "4.0.17", List.of("batch"), NOW),
        List.of(read(atClient), read(atServer)),
        new Evidence(comparison, Knowledge.load()),
        List.of(findings),
        List.of());
  }

  private static ReadCapture read(PointCapture capture) {
    Path path = Path.of(capture.point() + ".pcap");
    FileState state = new FileState(path, 1, NOW, Optional.of("00"));
    return new ReadCapture(capture, Input.of(capture.point(), state), List.of(), Optional.empty());
  }

  private static PointCapture capture(CapturePoint point) {
    PointCapture.Extent extent = new PointCapture.Extent(60, 0, 1, 0, 0, 0, 0, true);
    Coverage coverage = Coverage.of(extent, RecordedTime.UNKNOWN);
    return new PointCapture(
        point, List.of(), List.of(), Fragments.NONE, List.of(), extent, coverage, Optional.empty());
  }

  private void add(Finding finding, Occurrence... occurrences) throws Exception {
    try (Rows rows = new Rows(file.connection())) {
      Report report = report(new Findings.Reported(finding, List.of(occurrences)));
      new PairRows("a", report, rows).add();
      rows.flush();
    }
  }

  private CaseChange change() throws CaseFileException {
    try (CaseFile reader = CaseFile.forReading(file.path())) {
      CaseSummary summary = CaseSummary.of(reader);
      assertThat(summary.changes()).hasSize(1);
      CaseChange change = summary.changes().get(0);
      assertThat(change.boundary(summary.boundaries())).contains(summary.boundaries().get(0));
      return change;
    }
  }

  @Test
  void findingCountsAtTheBoundaryOfItsLegWithItsShare() throws Exception {
    Leg download = new Leg(Direction.S2C, SERVER, CLIENT);
    add(
        new Sample(
            Optional.of(download),
            Optional.of(Direction.S2C),
            Optional.of(new Change("colour", "red", "blue"))),
        Occurrence.on(1));
    assertThat(CaseWords.what(change())).isEqualTo("server > client: colour red -> blue");
    assertThat(CaseWords.where(change()))
        .isEqualTo("server to client, on 1 of 2 connections (50.0 %) in 1 pair");
    assertThat(stored.of("SELECT near_point, far_point, subject, connections FROM boundary_change"))
        .containsExactly("server|client|colour|1");
  }

  @Test
  void verdictOnBothDirectionsBelongsToItsBoundary() throws Exception {
    add(
        new Sample(Optional.of(UPLOAD), Optional.empty(), Optional.empty()),
        Occurrence.on(0),
        Occurrence.on(1));
    assertThat(CaseWords.what(change())).isEqualTo("client > server: a sample");
    assertThat(CaseWords.where(change())).isEqualTo("on 2 of 2 connections (100.0 %) in 1 pair");
    ByteArrayOutputStream exported = new ByteArrayOutputStream();
    try (CaseFile reader = CaseFile.forReading(file.path())) {
      FindingsNdjson.write(reader, exported);
    }
    assertThat(exported.toString(StandardCharsets.UTF_8))
        .contains("\"direction\":null,\"near_point\":\"client\",\"far_point\":\"server\"");
  }

  /** For example two lost ranges of a segment that a network card split. */
  @Test
  void occurrencesOnOneFrameHaveSeparateRows() throws Exception {
    add(
        new Sample(Optional.of(UPLOAD), Optional.of(Direction.C2S), Optional.empty()),
        Occurrence.on(0).at(CLIENT, 5).saying("bytes 1 to 1380 are lost"),
        Occurrence.on(0).at(CLIENT, 5).saying("bytes 2761 to 4140 are lost"),
        Occurrence.on(0).at(CLIENT, 9).at(CLIENT, 9));
    assertThat(
            stored.of(
                "SELECT occurrence, frame, o.connection, o.message FROM finding_frame"
                    + " JOIN finding_occurrence o USING (pair, finding, occurrence)"
                    + " ORDER BY occurrence"))
        .containsExactly(
            "0|5|0|bytes 1 to 1380 are lost", "1|5|0|bytes 2761 to 4140 are lost", "2|9|0|-");
    assertThat(stored.of("SELECT count FROM finding")).containsExactly("3");
    assertThat(stored.of("SELECT * FROM finding_connection")).containsExactly("a|0|0");
    try (CaseFile reader = CaseFile.forReading(file.path())) {
      ByteArrayOutputStream exported = new ByteArrayOutputStream();
      FindingsNdjson.write(reader, exported);
      assertThat(exported.toString(StandardCharsets.UTF_8))
          .contains("\"count\":3,\"connections\":[0],\"frames\":{\"client\":[5,9]}");
      exported.reset();
      FindingsEk.write(reader, exported);
      assertThat(exported.toString(StandardCharsets.UTF_8))
          .contains("bytes 1 to 1380 are lost", "bytes 2761 to 4140 are lost");
      exported.reset();
      FindingsCsv.write(reader, exported);
      assertThat(exported.toString(StandardCharsets.UTF_8)).contains(",client 5 9,");
    }
  }
}
