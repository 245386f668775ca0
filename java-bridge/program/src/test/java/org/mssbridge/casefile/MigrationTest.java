package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.cli.Story;

/**
 * A case of an older schema version. {@code casefile/version-1} holds one, made by the last program
 * with that version: {@code batch manifest.csv --case case.db --expect expected.csv} in {@code
 * /srv/captures}, with the captures of the two stories.
 */
class MigrationTest {
  private static final Path KEPT =
      ReportOf.projectRoot().resolve("java-bridge/program/src/test/resources/casefile/version-1");

  private static final Instant MODIFIED = Instant.parse("2024-05-01T12:00:00Z");

  /** What two cases of the same captures have in common, whatever the wording of findings. */
  private static final List<String> FACTS =
      List.of(
          "SELECT pair, state, matched, ambiguous FROM pair",
          "SELECT pair, point, position, packets, first, last, complete, clock_offset_s FROM capture",
          "SELECT pair, point, number, sha256, bytes, modified, first_frame FROM capture_file",
          "SELECT * FROM connection",
          "SELECT * FROM sighting",
          "SELECT * FROM pairing",
          "SELECT * FROM expectation",
          """
          SELECT pair, code, severity, severity_rank, finding_group, direction, subject, near_value,
            far_value, count, first, last, accepted
          FROM finding
          """,
          """
          SELECT DISTINCT pair, code, direction, subject, far_value, connection
          FROM finding JOIN finding_connection USING (pair, finding)
          """,
          """
          SELECT DISTINCT pair, code, direction, subject, far_value, point, frame, time
          FROM finding JOIN finding_frame USING (pair, finding)
          """);

  private static final String BOUNDARIES =
      """
      SELECT pair, code, direction, near_value, far_value, near_point, far_point FROM finding
      WHERE near_point IS NOT NULL
      """;

  @TempDir private Path folder;
  private Path file;
  private CaseRows rows;

  @BeforeEach
  void copyOldCase() throws Exception {
    for (String name : List.of("case.db", "manifest.csv", "expected.csv")) {
      modified(Files.copy(KEPT.resolve(name), folder.resolve(name)));
    }
    for (String story : List.of("options", "uploads")) {
      for (Path capture : Story.of(KEPT.resolve(story + ".txt")).captures(folder.resolve(story))) {
        modified(capture);
      }
    }
    file = folder.resolve("case.db");
    rows = new CaseRows(file);
    rows.execute("UPDATE run SET directory = '" + folder + "'");
    assertThat(version()).isEqualTo("1");
  }

  private static void modified(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(MODIFIED));
  }

  private String version() {
    return rows.of("PRAGMA user_version").get(0);
  }

  private CommandRun batch(Path target) {
    return CommandRun.of(
        "batch",
        folder.resolve("manifest.csv"),
        "--case",
        target,
        "--expect",
        folder.resolve("expected.csv"));
  }

  private Path comparedAgain() {
    Path target = folder.resolve("new.db");
    assertThat(batch(target).out()).startsWith("4 pairs: 2 compared, 1 could not be compared, 1 ");
    return target;
  }

  /** The summary and all exports of a case. */
  private List<String> outputs(String name) throws IOException {
    List<String> outputs = new ArrayList<>();
    outputs.add(CommandRun.of("case", file).out());
    for (String kind : List.of("csv", "ndjson", "ek", "html")) {
      Path target = folder.resolve(name + "." + kind);
      CommandRun.of("case", file, "--" + kind, target).assertDone();
      outputs.add(Files.readString(target));
    }
    return outputs;
  }

  @Test
  void readingDoesNotChangeTheFile() throws Exception {
    byte[] before = Files.readAllBytes(file);
    String text = outputs("read").get(0);
    assertThat(text)
        .startsWith(file + ": 4 pairs: 2 compared, 1 failed, 1 unpaired\n")
        .contains("failed text: manifest.csv: tshark could not read it")
        .contains("ERROR option.changed  client > server: window scale 7 -> 2")
        .contains("NOTE mss.syn-retransmit  MSS 1460 -> 536")
        .containsPattern("path.hops .+ TTL 64 -> 61\n +client to server, on 10 of 11 connections")
        .contains("accepted: as agreed");
    assertThat(CommandRun.of("verify", file).out())
        .isEqualTo(file + ": 7 files with a digest: all as recorded\n");
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(p -> p.getFileName().toString()))
          .contains("case.db")
          .doesNotContain("case.db-wal", "case.db-shm", "case.db-journal");
    }
  }

  @Test
  void migratedFileGivesTheSameOutputAsReadingTheOldOne() throws Exception {
    List<String> before = outputs("before");
    CaseFile.forWriting(file).close();
    assertThat(version()).isEqualTo("6");
    assertThat(outputs("after")).isEqualTo(before);
  }

  @Test
  void migratedFileHasTheSchemaOfANewOne() throws Exception {
    CaseFile.forWriting(file).close();
    Path target = folder.resolve("empty.db");
    CaseFile.forWriting(target).close();
    CaseRows fresh = new CaseRows(target);
    for (String build :
        List.of(
            "PRAGMA user_version",
            "PRAGMA application_id",
            """
            SELECT m.type, m.name, c.name, c.type, c."notnull", c.pk
            FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY m.type, m.name, c.name
            """,
            """
            SELECT m.name, k."table", k."from", k."to", k.on_delete
            FROM sqlite_master m, pragma_foreign_key_list(m.name) k ORDER BY m.name, k.id, k.seq
            """,
            "SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'index') ORDER BY name")) {
      assertThat(rows.of(build)).as(build).isEqualTo(fresh.of(build)).isNotEmpty();
    }
    assertThat(rows.of("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(rows.of("PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void migratedFileHoldsWhatANewComparisonFinds() throws Exception {
    List<String> boundaries = rows.of(BOUNDARIES);
    CaseRows fresh = new CaseRows(comparedAgain());
    CaseFile.forWriting(file).close();
    for (String facts : FACTS) {
      // A rule that was added later finds more.
      assertThat(fresh.of(facts)).as(facts).containsAll(rows.of(facts));
      assertThat(rows.of(facts)).as(facts).isNotEmpty();
    }
    assertThat(rows.of(BOUNDARIES)).containsAll(boundaries);
    assertThat(fresh.of(BOUNDARIES)).containsAll(boundaries);
    assertThat(boundaries).isNotEmpty();
    assertThat(rows.of("SELECT DISTINCT near_point FROM finding WHERE code = 'path.middlebox'"))
        .as("boundary from the facts")
        .containsExactly("client");
  }

  @Test
  void summaryOfBothIsTheSame() throws Exception {
    Path renewed = comparedAgain();
    try (CaseFile old = CaseFile.forReading(file);
        CaseFile fresh = CaseFile.forReading(renewed)) {
      CaseSummary before = CaseSummary.of(old);
      CaseSummary now = CaseSummary.of(fresh);
      assertThat(before.boundaries()).isEqualTo(now.boundaries());
      assertThat(before.notCompared()).hasSameSizeAs(now.notCompared());
      assertThat(counted(now)).containsAll(counted(before));
    }
  }

  /** The changes with values: their lines contain no messages of findings. */
  private static List<String> counted(CaseSummary summary) {
    return summary.changes().stream()
        .filter(change -> change.subject().isPresent())
        .map(
            change ->
                String.join(
                    " ",
                    change.code(),
                    CaseWords.what(change),
                    CaseWords.where(change),
                    CaseWords.when(change),
                    change.accepted().orElse("-"),
                    change.trend().toString()))
        .toList();
  }

  @Test
  void batchResumesAndRepeatsNothing() {
    CommandRun run = batch(file);
    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out())
        .startsWith(
            "4 pairs: 0 compared, 2 compared before, 1 could not be compared, 1 without a partner");
    assertThat(version()).isEqualTo("6");
    assertThat(rows.of("SELECT pair, run, state FROM attempt ORDER BY pair, run"))
        .containsExactly(
            "alone|1|unpaired",
            "alone|2|unpaired",
            "options|1|compared",
            "text|1|failed",
            "uploads|1|compared");
  }

  @Test
  void failedMigrationDoesNotChangeTheFile() throws Exception {
    rows.execute("UPDATE finding SET facts = '{' WHERE code = 'option.changed'");
    List<String> content = rows.content();
    assertThatThrownBy(() -> CaseFile.forWriting(file))
        .isInstanceOf(CaseFileException.class)
        .hasMessageStartingWith(file + ": the case file cannot be used: ")
        .hasMessageContaining("malformed JSON")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(() -> CaseFile.forReading(file)).hasMessageContaining("malformed JSON");
    assertThat(version()).isEqualTo("1");
    assertThat(rows.content()).isEqualTo(content);
  }
}
