package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.casefile.CaseRows;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** A batch that is run again after files, folders or options changed. */
class ResumedBatchTest {
  @TempDir private Path folder;
  private Path client;
  private Path server;
  private Path manifest;
  private Path file;
  private CaseRows rows;

  @BeforeEach
  void prepare() throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    client = Files.copy(seed[0], folder.resolve("client.pcap"));
    server = Files.copy(seed[1], folder.resolve("server.pcap"));
    manifest =
        Files.write(
            folder.resolve("m.csv"), List.of("id,client,server", "[a]*,client.pcap,server.pcap"));
    file = folder.resolve("case.db");
    rows = new CaseRows(file);
  }

  private CommandRun batch(Object... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("batch", manifest, "--case", file), Stream.of(options)).toArray());
  }

  @Test
  void comparisonIsKeptWhileItsFilesAreMissing() throws IOException {
    batch().assertDone();
    List<String> before = rows.content();
    Path away = Files.move(server, folder.resolve("away"));

    CommandRun run = batch();
    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out())
        .startsWith("1 pair: 0 compared, 1 could not be compared\nfailed: ")
        .contains("no such file; check the name; what was compared before stays in the case")
        .doesNotContain("replaced");
    assertThat(rows.content()).isEqualTo(before);
    assertThat(rows.of("SELECT run, state FROM attempt ORDER BY run"))
        .containsExactly("1|compared", "2|failed");

    Files.move(away, server);
    assertThat(batch().out()).startsWith("1 pair: 0 compared, 1 compared before\n");
    assertThat(CommandRun.of("verify", file).out()).contains("all as recorded");
  }

  @Test
  void reportRequestedLaterIsWritten() throws IOException {
    batch().assertDone();
    List<String> before = rows.content();
    Path reports = folder.resolve("reports");
    assertThat(batch("--json", reports).out()).startsWith("1 pair: 1 compared\n");
    assertThat(reports.resolve("%5ba%5d%2a.json")).isRegularFile();
    assertThat(rows.content()).isEqualTo(before);
    assertThat(batch("--json", reports).out()).startsWith("1 pair: 0 compared, 1 compared before");
  }

  @Test
  void sameNamesInAnotherFolderAreOtherFiles() throws Exception {
    batch().assertDone();
    rows.execute("UPDATE run SET directory = '/elsewhere'");
    rows.execute("UPDATE capture_file SET file = point || '.pcap'");
    assertThat(batch().out()).startsWith("1 pair: 1 compared\n1 of them replaced");
    rows.execute("UPDATE run SET directory = '" + folder + "'");
    rows.execute("UPDATE capture_file SET file = point || '.pcap'");
    assertThat(batch().out()).startsWith("1 pair: 0 compared, 1 compared before\n");
  }

  @Test
  void pairWithWildcardsInItsNameCanBeExpected() throws IOException {
    Path policy =
        Files.write(folder.resolve("p.csv"), List.of("pair,reason", "[a]*,known to the last sign"));
    CommandRun run = batch("--expect", policy, "--fail-on", "comment");
    assertThat(run.status()).as(run.out()).isEqualTo(Main.DONE);
    assertThat(rows.of("SELECT DISTINCT accepted FROM finding"))
        .containsExactly("known to the last sign");
  }

  @Test
  void captureThatChangesWhileItIsReadIsNotCompared() throws Exception {
    // The tshark of this test writes to the capture while it is read, as a capture program does.
    Path tshark =
        Files.writeString(
            folder.resolve("tshark"),
            "#!/bin/sh\nfor word; do [ \"$word\" = -T ] && printf x >>'"
                + server
                + "'; done\nexec tshark \"$@\"\n");
    assertThat(tshark.toFile().setExecutable(true)).isTrue();
    for (String frames : List.of("evidence", "all")) {
      CommandRun run = batch("--retry", "--sandbox", "off", "--tshark", tshark, "--frames", frames);
      assertThat(run.status()).as(run.out()).isEqualTo(Main.PARTLY_DONE);
      assertThat(run.out()).contains("server.pcap: was changed while it was read; end what writes");
      assertThat(rows.of("SELECT point, length(sha256) FROM capture_file ORDER BY point"))
          .containsExactly("client|64", "server|-");
    }
    CommandRun.compare(client, server, "--sandbox", "off", "--tshark", tshark)
        .assertUnusable(server, "was changed while it was read");
    assertThat(batch().out()).as("as it is now").startsWith("1 pair: 1 compared\n");
  }
}
