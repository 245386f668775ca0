package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** Cases that another program wrote to, and files that are where a case is to be, or beside it. */
class HostileCaseTest {
  /** The tables that {@code verify} reads. */
  private static final List<String> FILES = List.of("run", "attempt", "capture_file");

  @TempDir private Path folder;

  private static Connection open(Path file) throws SQLException {
    return RawCase.open(file);
  }

  /** The content of all files of a folder, by name. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return contents;
  }

  private Path capture(String name) throws IOException {
    return Files.copy(ReportOf.example("seed-20633")[0], folder.resolve(name));
  }

  private void assertRefusedUntouched(Path file, String reason) throws IOException {
    Map<String, String> before = contents(folder);
    assertThatThrownBy(() -> CaseFile.forWriting(file).close())
        .isInstanceOf(CaseFileException.class)
        .hasMessageContaining(reason)
        .message()
        .hasLineCount(1);
    assertThat(contents(folder)).isEqualTo(before);
    if (Files.exists(file)) {
      assertThatThrownBy(() -> CaseFile.forReading(file).close())
          .isInstanceOf(CaseFileException.class)
          .hasMessageContaining(reason);
      assertThat(contents(folder)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "wal"})
  void databaseOfAnotherProgramIsNotTouched(String journal) throws Exception {
    Path file = folder.resolve("mail.db");
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=" + journal);
      statement.execute("CREATE TABLE letter (text)");
    }
    assertRefusedUntouched(file, "is a database, but not a case file");
  }

  /** Its own file has no table yet: all of them are in the log. */
  @Test
  void databaseOfAnotherProgramThatRunsIsNotTouched() throws Exception {
    Path file = folder.resolve("mail.db");
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("CREATE TABLE letter (text)");
      assertRefusedUntouched(file, "is a database, but not a case file");
    }
  }

  @Test
  void caseThatIsStillInTheLogIsOpened() throws Exception {
    Path file = folder.resolve("case.db");
    Path copy = folder.resolve("copy.db");
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=wal");
      statement.execute("BEGIN");
      SqlScript.run(connection, "schema.sql");
      SqlScript.run(connection, "views.sql");
      statement.execute("PRAGMA application_id=" + Schema.APPLICATION_ID);
      statement.execute("PRAGMA user_version=" + Schema.VERSION);
      statement.execute("COMMIT");
      // As a program leaves them that is killed now.
      Files.copy(file, copy);
      Files.copy(folder.resolve("case.db-wal"), folder.resolve("copy.db-wal"));
    }
    CaseFile.forWriting(copy).close();
    CaseFile.forReading(copy).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm", "-journal"})
  void captureBesideTheCaseIsNotTakenForAFileOfSqlite(String suffix) throws Exception {
    capture("case.db" + suffix);
    assertRefusedUntouched(
        folder.resolve("case.db"), "has a name that SQLite uses beside the case");
    CaseFile.forWriting(folder.resolve("other.db")).close();
    Files.copy(folder.resolve("other.db"), folder.resolve("case.db"));
    assertRefusedUntouched(
        folder.resolve("case.db"), "has a name that SQLite uses beside the case");
  }

  @Test
  void linkBesideTheCaseIsNotTakenForAFileOfSqlite() throws Exception {
    Files.createSymbolicLink(folder.resolve("case.db-wal"), capture("client.pcap").getFileName());
    assertRefusedUntouched(
        folder.resolve("case.db"), "has a name that SQLite uses beside the case");
  }

  @Test
  void caseWithTwoNamesIsNotWritten() throws Exception {
    Path file = folder.resolve("case.db");
    CaseFile.forWriting(file).close();
    Path other = Files.createLink(folder.resolve("other.db"), file);
    assertThatThrownBy(() -> CaseFile.forWriting(other).close())
        .isInstanceOf(CaseFileException.class)
        .hasMessageContaining("has another name, a hard link");
  }

  /** Whatever a row holds, a command reads it or says in one line that it cannot. */
  @Test
  void strangeValuesAreRefusedInOneLine() throws Exception {
    Path[] seed = ReportOf.example("seed-20633");
    Path good =
        CaseCommandTest.caseOf(
            folder,
            CaseCommandTest.pair("a", seed[0], seed[1]),
            CaseCommandTest.pair("gone", folder.resolve("gone"), seed[1]));
    Path file = folder.resolve("strange.db");
    List<String> columns =
        new CaseRows(good)
            .of(
                "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c"
                    + " WHERE t.type = 'table' AND t.name <> 'expectation'");
    assertThat(columns).hasSizeGreaterThan(50);
    List<String> refused = new ArrayList<>();
    List<String> raw = new ArrayList<>();
    Path[] outputs = {folder.resolve("x.html"), folder.resolve("x.csv"), folder.resolve("x.json")};
    for (String column : columns) {
      String[] names = column.split("\\|", -1);
      Files.copy(good, file, StandardCopyOption.REPLACE_EXISTING);
      try (Connection connection = open(file);
          Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA ignore_check_constraints = 1");
        statement.execute(
            String.format(
                "UPDATE OR IGNORE %s SET \"%s\" = char(97, 0, 10, 27)", names[0], names[1]));
      } catch (SQLException e) {
        continue; // A key of another type.
      }
      for (CommandRun run :
          List.of(
                  CommandRun.of(
                      "case",
                      file,
                      "--html",
                      outputs[0],
                      "--csv",
                      outputs[1],
                      "--ndjson",
                      outputs[2]),
                  CommandRun.of("verify", file))
              .subList(0, FILES.contains(names[0]) ? 2 : 1)) {
        if (run.status() == Main.UNUSABLE) {
          refused.add(column);
        }
        if (Stream.of("\u001b", "\0", "internal error", "Exception")
            .anyMatch((run.out() + run.err())::contains)) {
          raw.add(column + ": " + run);
        }
      }
    }
    assertThat(raw).isEmpty();
    assertThat(refused).contains("capture_file|file", "finding|severity");
  }
}
