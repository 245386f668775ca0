package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.report.Report;

/** Opening cases: which files are accepted, and reading while another program writes. */
class CaseFileTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");

  @TempDir private Path folder;

  private static CaseWriter writer(CaseFile file) throws CaseFileException {
    return new CaseWriter(file, new StartedRun("1", "4.0.17", List.of("batch"), Path.of("/"), NOW));
  }

  private static void fail(CaseWriter writer, String pair, CaptureSource... sources)
      throws CaseFileException {
    writer.notCompared(
        new CaseWriter.Request(
            pair, Optional.empty(), Optional.empty(), List.of(), List.of(sources)),
        PairState.FAILED,
        "no reason",
        new Report.Tool("1", "4.0.17", List.of(), NOW),
        NOW,
        NOW);
  }

  private static void sql(Path path, String statement) throws Exception {
    try (Connection connection = RawCase.open(path);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private void assertRefused(Path path, String why) {
    assertThatThrownBy(() -> CaseFile.forReading(path).close())
        .isInstanceOf(CaseFileException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(why)
        .message()
        .hasLineCount(1);
  }

  @Test
  void otherFilesAreRejectedAsCase() throws Exception {
    assertRefused(folder.resolve("missing.db"), "no such case file");
    assertRefused(folder, "has no table ");
    assertRefused(Files.writeString(folder.resolve("text.db"), "hello"), "is not a case file");
    assertRefused(Files.createFile(folder.resolve("empty.db")), "is a database, but not a case");
    Path other = folder.resolve("other.db");
    sql(other, "CREATE TABLE pair (pair TEXT)");
    assertRefused(other, "is a database, but not a case file");
    assertThatThrownBy(() -> CaseFile.forWriting(other)).hasMessageContaining("not a case file");
    sql(other, "INSERT INTO pair VALUES ('still there')");
  }

  @ParameterizedTest
  @CsvSource({"0, an older", "7, a newer"})
  void otherSchemaVersionsAreRejected(int version, String words) throws Exception {
    Path path = folder.resolve("case.db");
    CaseFile.forWriting(path).close();
    sql(path, "PRAGMA user_version = " + version);
    assertRefused(path, "was made by " + words + " version of mssbridge (schema " + version);
    if (version > Schema.VERSION) {
      assertThatThrownBy(() -> CaseFile.forWriting(path))
          .hasMessageContaining("was made by a newer version of mssbridge")
          .message()
          .hasLineCount(1);
    }
  }

  /** What stands with the key is read with each search for a key, and facts may have megabytes. */
  @Test
  void factsAreStoredApartFromTheKeyOfAFinding() throws Exception {
    Path path = folder.resolve("case.db");
    CaseFile.forWriting(path).close();
    assertThat(new CaseRows(path).of("SELECT wr FROM pragma_table_list('finding')"))
        .containsExactly("0");
  }

  @Test
  void damagedCaseIsRejectedInOneLine() throws Exception {
    Path path = folder.resolve("case.db");
    CaseFile.forWriting(path).close();
    byte[] bytes = Files.readAllBytes(path);
    Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
    Files.write(path, bytes);
    try (CaseFile file = CaseFile.forReading(path)) {
      assertThatThrownBy(() -> CaseSummary.of(file))
          .isInstanceOf(CaseFileException.class)
          .hasMessageStartingWith(path + ": the case file cannot be used: ")
          .message()
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a?mode=memory.db", "b#c.db", "100%41.db", "ä ü \u202e.db", "file:x.db"})
  void specialCharactersInANameAreLiteral(String name) throws Exception {
    Path path = folder.resolve(name);
    try (CaseFile file = CaseFile.forWriting(path);
        CaseWriter writer = writer(file)) {
      fail(writer, "one");
    }
    assertThat(path).isRegularFile();
    try (CaseFile file = CaseFile.forReading(path)) {
      assertThat(CaseSummary.of(file).extent().failed()).isEqualTo(1);
    }
  }

  @Test
  void readerSeesCommittedDataDuringATransaction() throws Exception {
    Path path = folder.resolve("case.db");
    try (CaseFile file = CaseFile.forWriting(path);
        CaseWriter writer = writer(file)) {
      fail(writer, "one");
      try (Statement open = file.connection().createStatement()) {
        open.execute("BEGIN IMMEDIATE");
        open.execute(
            "INSERT INTO pair SELECT 'two', state, reason, version, tshark, display_filter,"
                + " only_codes, verdict, matched, ambiguous, points_by FROM pair");
        try (CaseFile reader = CaseFile.forReading(path)) {
          CaseSummary summary = CaseSummary.of(reader);
          assertThat(summary.extent().failed()).isEqualTo(1);
          assertThat(summary.remarks()).anyMatch(r -> r.contains("goes on or was stopped"));
        }
        open.execute("COMMIT");
      }
      try (CaseFile reader = CaseFile.forReading(path)) {
        assertThat(CaseSummary.of(reader).extent().failed()).isEqualTo(2);
      }
    }
  }

  @Test
  void oneReaderSeesOneStateOnly() throws Exception {
    Path path = folder.resolve("case.db");
    try (CaseFile file = CaseFile.forWriting(path);
        CaseWriter writer = writer(file)) {
      fail(writer, "one");
      try (CaseFile reader = CaseFile.forReading(path)) {
        assertThat(CaseSummary.of(reader).extent().failed()).isEqualTo(1);
        fail(writer, "two");
        assertThat(
                reader
                    .<Long>read(c -> new Query(c).number("SELECT count(*) FROM pair"))
                    .longValue())
            .isEqualTo(1);
      }
    }
  }

  @Test
  void readerCannotWrite() throws Exception {
    Path path = folder.resolve("case.db");
    CaseFile.forWriting(path).close();
    try (CaseFile reader = CaseFile.forReading(path);
        Statement statement = reader.connection().createStatement()) {
      assertThatThrownBy(() -> statement.execute("DELETE FROM pair"))
          .hasMessageContaining("readonly");
    }
  }

  /** A conflict is reported: nothing of the pair is written, and one line names the case. */
  @Test
  void pairWithADuplicateRowIsABugAndNotWritten() throws Exception {
    Path path = folder.resolve("case.db");
    CaptureSource source =
        CaptureSource.of(new CapturePoint("client"), List.of(folder.resolve("a.pcap")));
    try (CaseFile file = CaseFile.forWriting(path);
        CaseWriter writer = writer(file)) {
      assertThatThrownBy(() -> fail(writer, "twice", source, source))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(path + ": the case refused a row: ")
          .hasMessageContaining("capture.pair, capture.point")
          .message()
          .hasLineCount(1);
      fail(writer, "after it");
    }
    assertThat(new CaseRows(path).of("SELECT pair FROM pair")).containsExactly("after it");
  }
}
