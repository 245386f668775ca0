package org.mssbridge.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** {@code mssbridge verify}: checks whether the captures are those that were compared. */
class VerifyCommandTest {
  @TempDir private Path folder;
  private Path file;
  private Path client;
  private Path server;

  @BeforeEach
  void compare() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    client = Files.copy(seed[0], folder.resolve("client.pcap"));
    server = Files.copy(seed[1], folder.resolve("server.pcap"));
    file =
        CaseCommandTest.caseOf(
            folder,
            CaseCommandTest.pair("a", client, server),
            CaseCommandTest.pair("again", client, server));
  }

  @Test
  void unchangedFilesPass() {
    CommandRun run = CommandRun.of("verify", file);
    run.assertDone();
    assertThat(run.out()).isEqualTo(file + ": 4 files with a digest: all as recorded\n");
  }

  @Test
  void oneAddedByteIsReportedInEveryPair() throws IOException {
    Files.write(client, new byte[1], StandardOpenOption.APPEND);
    CommandRun run = CommandRun.of("verify", file);
    assertThat(run.status()).isEqualTo(Main.FAILED_ON_FINDING);
    assertThat(run.out().lines())
        .hasSize(3)
        .anyMatch(
            line ->
                line.matches("changed +.*client.pcap \\(a, client\\); SHA-256 was .{64}, is .{64}"))
        .anyMatch(line -> line.contains("client.pcap (again, client)"))
        .last()
        .isEqualTo(file + ": 4 files with a digest: 2 not as recorded");
  }

  @Test
  void missingAndReplacedFilesAreReportedDifferently() throws IOException {
    Files.delete(client);
    Files.delete(server);
    Files.createDirectory(server);
    CommandRun run = CommandRun.of("verify", "--jobs", "1", file);
    assertThat(run.status()).isEqualTo(Main.FAILED_ON_FINDING);
    assertThat(run.out())
        .contains("missing    " + client + " (a, client); it was at " + client)
        .contains("unreadable " + server + " (a, server); it is no regular file");
  }

  @Test
  void filesWithoutADigestAreNotADifference() throws IOException {
    Path missing = folder.resolve("missing.pcap");
    file = CaseCommandTest.caseOf(folder, CaseCommandTest.pair("m", missing, server));
    CommandRun run = CommandRun.of("verify", file);
    assertThat(run.out()).contains("no digest  " + missing + " (m, client); there is none now");
    assertThat(run.status()).isEqualTo(Main.DONE);
  }

  @Test
  void relativeNamesStartFromTheFolderOfTheirRun() throws Exception {
    try (Connection connection = RawCase.open(file);
        Statement sql = connection.createStatement()) {
      sql.execute("UPDATE capture_file SET file = point || '.pcap'");
      sql.execute("UPDATE run SET directory = '" + folder + "'");
      sql.execute(
          "INSERT INTO run SELECT 2, started, ended, version, tshark, java, command,"
              + " '/elsewhere', time_zone FROM run");
    }
    assertThat(CommandRun.of("verify", file).out()).contains("4 files with a digest: all as");
    Files.delete(server);
    assertThat(CommandRun.of("verify", file).out())
        .contains("missing    server.pcap (a, server); it was at " + server);
  }
}
