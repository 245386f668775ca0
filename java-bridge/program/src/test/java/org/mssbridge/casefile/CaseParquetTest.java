package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** {@code mssbridge case --parquet}: DuckDB reads what SQLite holds. */
class CaseParquetTest {
  private static final Path OLD =
      ReportOf.projectRoot()
          .resolve("java-bridge/program/src/test/resources/casefile/version-1/case.db");

  private static final String TIME = "____-__-__T__:__:__._________Z";

  @TempDir private static Path shared;
  @TempDir private Path folder;
  private static Path compared;
  private Path file;
  private Path out;

  @BeforeAll
  static void compare() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    compared =
        CaseCommandTest.caseOf(
            shared,
            CaseCommandTest.pair("seed", seed[0], seed[1]),
            CaseCommandTest.pair("missing", shared.resolve("missing.pcap"), seed[1]));
  }

  @BeforeEach
  void copy() throws IOException {
    file = Files.copy(compared, folder.resolve("case.db"));
    out = folder.resolve("tables");
  }

  private CommandRun export() {
    return CommandRun.of("case", file, "--parquet", out);
  }

  private static void execute(Path file, String sql) throws SQLException {
    new CaseRows(file).execute(sql);
  }

  /** The names of all files below a folder, and what they hold. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(each).toString(), HexFormat.of().formatHex(Files.readAllBytes(each)));
      }
    }
    return contents;
  }

  /** Adds to each table a row without all that may be null, and one of extreme values. */
  private static void addStrangeRows(Path file) throws Exception {
    try (Connection connection = RawCase.open(file)) {
      for (CaseTable table : CaseTable.all()) {
        for (boolean isFull : new boolean[] {true, false}) {
          String places = String.join(", ", Collections.nCopies(table.columns().size(), "?"));
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO " + table.name() + " VALUES (" + places + ")")) {
            // By the names of schema.sql; a new case has its columns in this order.
            for (int i = 0; i < table.columns().size(); i++) {
              CaseTable.Column column = table.columns().get(i);
              if (isFull || !column.nullable()) {
                insert.setObject(i + 1, extreme(column, isFull));
              }
            }
            insert.execute();
          }
        }
      }
    }
  }

  private static Object extreme(CaseTable.Column column, boolean isFull) {
    return switch (column.type()) {
      case INTEGER -> isFull ? (1L << 53) + 1 : -1; // A double would lose it.
      case REAL -> isFull ? Double.MIN_VALUE : Double.NEGATIVE_INFINITY;
      case TIME -> isFull ? "2262-04-11T23:47:16.854775806Z" : "1677-09-22T00:00:00.000000001Z";
      case BLOB -> isFull ? new byte[] {0, -1, '\'', 10} : new byte[0];
      case TEXT ->
          column.name().equals("state") ? "failed" : isFull ? "'\"\n\t\u0001\u202e€𝄞,NULL" : "";
    };
  }

  private static void assertSameRows(Path file, Path out) throws Exception {
    ParquetFolder parquet = new ParquetFolder(out);
    try (Connection connection = RawCase.open(file);
        Statement statement = connection.createStatement()) {
      for (CaseTable table : CaseTable.all()) {
        try (ResultSet rows = statement.executeQuery(table.select())) {
          List<List<Object>> stored = ParquetFolder.rows(rows);
          assertThat(parquet.rows(table.name())).as(table.name()).isEqualTo(stored);
        }
      }
    }
  }

  @Test
  void everyTableHasTheRowsOfTheCase() throws Exception {
    addStrangeRows(file);
    // Without the summary, which expects JSON in texts.
    try (CaseFile opened = CaseFile.forReading(file)) {
      new CaseParquet(opened).write(out);
    }
    for (CaseTable table : CaseTable.all()) {
      String count = "SELECT count(*) FROM " + table.name();
      assertThat(Long.parseLong(new CaseRows(file).of(count).get(0)))
          .as(count)
          .isGreaterThanOrEqualTo(2);
    }
    assertSameRows(file, out);
  }

  @Test
  void tablesAreThoseOfTheCase() throws Exception {
    List<String> names = CaseTable.all().stream().map(CaseTable::name).sorted().toList();
    assertThat(names)
        .containsExactlyElementsOf(
            new CaseRows(file)
                .of("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"));
    export().assertDone();
    try (Stream<Path> tables = Files.list(out)) {
      assertThat(tables.map(table -> table.getFileName().toString()).sorted())
          .containsExactlyElementsOf(names);
    }
  }

  @Test
  void typesAreThoseOfThePage() throws Exception {
    export().assertDone();
    String schema =
        """
        SELECT concat_ws(' ', name, type, repetition_type, logical_type) FROM parquet_schema(%s)
        """;
    String time =
        " TimestampType(isAdjustedToUTC=1, unit=TimeUnit(MILLIS=<null>, MICROS=<null>,"
            + " NANOS=NanoSeconds()))";
    assertThat(ParquetFolder.ask(schema.formatted(new ParquetFolder(out).files("connection"))))
        .extracting(row -> row.get(0))
        .startsWith(
            "connection",
            "pair BYTE_ARRAY REQUIRED StringType()",
            "connection INT64 REQUIRED",
            "first INT64 REQUIRED" + time,
            "points INT64 REQUIRED",
            "confidence DOUBLE REQUIRED",
            "isn_delta_c2s INT64 OPTIONAL");
    assertThat(
            ParquetFolder.ask(
                "SELECT DISTINCT compression FROM parquet_metadata('" + out + "/*/*.parquet')"))
        .containsExactly(List.of("ZSTD"));
  }

  /** So a new column with times needs its name in {@link CaseTable}. */
  @Test
  void whatLooksLikeATimeIsOne() throws Exception {
    for (CaseTable table : CaseTable.all()) {
      for (CaseTable.Column column : table.columns()) {
        String like = column.name() + (column.type() == CaseTable.Type.TIME ? " NOT " : " ");
        assertThat(
                new CaseRows(file)
                    .of("SELECT * FROM " + table.name() + " WHERE " + like + "LIKE '" + TIME + "'"))
            .as(table.name() + "." + column.name())
            .isEmpty();
      }
    }
  }

  @Test
  void sameCaseGivesTheSameBytesAndReplacesAnEarlierExport() throws Exception {
    export().assertDone();
    Map<String, String> first = contents(out);
    export().assertDone();
    assertThat(contents(out)).isEqualTo(first).hasSameSizeAs(CaseTable.all());
    execute(file, "DELETE FROM cause");
    export().assertDone();
    assertSameRows(file, out);
    assertNothingElse();
  }

  /** Beside the case and the export there is nothing. */
  private void assertNothingElse() throws IOException {
    try (Stream<Path> beside = Files.list(folder)) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .allMatch(name -> name.startsWith("case.db") || name.equals("tables"));
    }
  }

  @Test
  void emptyCaseHasEmptyTables() throws Exception {
    file = folder.resolve("case.db-empty");
    CaseFile.forWriting(file).close();
    export().assertDone();
    assertSameRows(file, out);
    assertThat(new ParquetFolder(out).rows("finding")).isEmpty();
  }

  @Test
  void emptyFolderIsFilledAlsoThroughALink() throws Exception {
    Path real = Files.createDirectory(folder.resolve("case.db-real"));
    Files.createSymbolicLink(out, real);
    export().assertDone();
    assertThat(out).isSymbolicLink();
    assertSameRows(file, real);
  }

  @Test
  void olderCaseIsExportedInTodaysTables() throws Exception {
    file = Files.copy(OLD, folder.resolve("case.db-old"));
    export().assertDone();
    assertThat(new ParquetFolder(out).rows("finding_occurrence")).isNotEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(Files.readAllBytes(OLD));
    CaseFile.forWriting(file).close();
    assertSameRows(file, out);
  }

  private void assertUntouched(String reason) throws IOException {
    Map<String, String> before = contents(folder);
    before.keySet().removeIf(name -> name.startsWith("case.db-"));
    export().assertUnusable(out, reason);
    Map<String, String> after = contents(folder);
    after.keySet().removeIf(name -> name.startsWith("case.db-"));
    assertThat(after).isEqualTo(before);
    assertNothingElse();
  }

  @Test
  void folderWithOtherFilesStays() throws Exception {
    export().assertDone();
    Path notes = Files.writeString(out.resolve("finding/notes.txt"), "mine");
    assertUntouched("it holds other files, such as finding/notes.txt; name a folder that is new");
    Files.delete(notes);
    Path link = Files.createSymbolicLink(out.resolve("mine"), folder);
    assertUntouched("such as mine");
    Files.delete(link);
    Files.createDirectory(out.resolve("mine"));
    assertUntouched("such as mine");
  }

  @Test
  void folderOfTheCaseStays() throws Exception {
    out = folder;
    export().assertUnusable(folder, "it holds other files, such as ");
    CommandRun.of("case", file, "--parquet", "/").assertUnusable("/", "it holds other files");
  }

  @Test
  void fileStays() throws Exception {
    Files.writeString(out, "mine");
    assertUntouched("it is a file; name a folder");
    out = file;
    export().assertUnusable(file, "it is an input");
    out = Path.of("-");
    export().assertUnusable("-", "standard output has the text report");
  }

  @Test
  void folderInAMissingFolder() throws Exception {
    out = folder.resolve("missing/tables");
    export().assertUnusable(out, "make its directory first");
  }

  @Test
  void noOutputIsInside() {
    CommandRun run =
        CommandRun.of("case", file, "--csv", out.resolve("findings.csv"), "--parquet", out);
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.err()).contains("--csv and --parquet name the same file");
  }

  @Test
  void timeThatParquetCannotHold() throws Exception {
    export().assertDone();
    Map<String, String> earlier = contents(out);
    execute(file, "UPDATE capture_file SET modified = '3000-01-01T00:00:00.000000000Z'");
    export()
        .assertOutputsLost(
            file, "the time 3000-01-01T00:00:00Z in capture_file.modified has no place in Parquet");
    assertThat(contents(out)).isEqualTo(earlier);
    assertNothingElse();
  }

  @Test
  void valueThatNoMssbridgeWrote() throws Exception {
    for (String change :
        List.of("first = 'yesterday'", "points = 'two'", "points = 1.5", "confidence = 'high'")) {
      Files.delete(file);
      copy();
      execute(file, "UPDATE connection SET " + change);
      CommandRun run = export();
      assertThat(run.status()).as(change).isEqualTo(Main.UNUSABLE);
      assertThat(run.err())
          .as(change)
          .contains("holds a value that no mssbridge wrote")
          .hasLineCount(1);
      assertThat(out).doesNotExist();
    }
  }
}
