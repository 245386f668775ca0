package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.casefile.CaseRows;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Installation;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** A batch that is killed loses nothing and does nothing twice, and leaves the same case. */
class KilledBatchTest {
  private static final int PAIRS = 6;

  @TempDir private Path folder;
  private Installation program;

  @BeforeEach
  void prepare() throws IOException {
    program = Installation.in(Files.createDirectory(folder.resolve("installed")));
    Path[] seed = ReportOf.example("seed-20633");
    List<String> lines = new ArrayList<>(List.of("id,client,server"));
    for (int i = 0; i < PAIRS; i++) {
      Files.copy(seed[0], folder.resolve("client" + i + ".pcap"));
      Files.copy(seed[1], folder.resolve("server" + i + ".pcap"));
      lines.add("pair" + i + ",client" + i + ".pcap,server" + i + ".pcap");
    }
    // Rotated files are joined in a folder beside the case, which a killed run leaves behind.
    lines.add("rotated,client[01].pcap,server[01].pcap");
    lines.add("gone,nothing.pcap,server1.pcap");
    Files.write(folder.resolve("manifest.csv"), lines);
  }

  private ProcessBuilder batch(Path work) throws IOException {
    Files.createDirectories(work);
    ProcessBuilder builder =
        program.command(
            program.launcher(),
            "batch",
            folder.resolve("manifest.csv"),
            "--case",
            "case.db",
            "--json",
            "reports");
    builder.environment().put("SOURCE_DATE_EPOCH", "1700000000");
    return builder.directory(work.toFile());
  }

  @Test
  void killedAtTwoMoments() throws Exception {
    killed(2);
  }

  @Test
  @Tag("slow")
  void killedAtTwentyMoments() throws Exception {
    killed(20);
  }

  private void killed(int times) throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    long startedNanos = System.nanoTime();
    assertThat(Installation.run(batch(undisturbed)).status()).isEqualTo(Main.PARTLY_DONE);
    long wholeMillis = (System.nanoTime() - startedNanos) / 1_000_000;
    List<String> expected = content(undisturbed);
    assertThat(expected).hasSizeGreaterThan(100);

    Random random = new Random(20633);
    for (int time = 0; time < times; time++) {
      Path work = folder.resolve("killed" + time);
      ProcessBuilder builder = batch(work);
      Process process = builder.start();
      long millis = wholeMillis * (20 + random.nextInt(70)) / 100;
      process.waitFor(millis, TimeUnit.MILLISECONDS);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();

      List<String> done = compared(work);
      CommandRun second = Installation.run(batch(work));
      assertThat(second.status()).as(second.err()).isEqualTo(Main.PARTLY_DONE);
      assertThat(content(work)).as("killed after %d ms", millis).isEqualTo(expected);
      assertThat(second.out()).contains((PAIRS + 1 - done.size()) + " compared");
      assertThat(reports(work)).isEqualTo(reports(undisturbed));
      assertThat(work.resolve("case.db.scratch")).doesNotExist();
    }
  }

  private static List<String> content(Path work) {
    return new CaseRows(work.resolve("case.db")).content();
  }

  private static List<String> compared(Path work) {
    Path file = work.resolve("case.db");
    if (!Files.exists(file)) {
      return List.of();
    }
    CaseRows rows = new CaseRows(file);
    boolean begun = !rows.of("SELECT 1 FROM sqlite_master WHERE name = 'pair'").isEmpty();
    return begun ? rows.of("SELECT pair FROM pair WHERE state = 'compared'") : List.of();
  }

  /** The reports that are there, byte for byte; a part of one is none. */
  private static List<String> reports(Path work) throws IOException {
    List<String> reports = new ArrayList<>();
    try (Stream<Path> files = Files.list(work.resolve("reports"))) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        if (file.toString().endsWith(".json")) {
          reports.add(file.getFileName() + "\n" + Files.readString(file));
        }
      }
    }
    return reports;
  }
}
