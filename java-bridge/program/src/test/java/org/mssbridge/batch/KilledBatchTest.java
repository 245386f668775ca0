package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  /** A moment of a batch, known by a file that has appeared. */
  private enum Moment {
    CASE_IS_MADE {
      @Override
      boolean hasCome(Path work) {
        return Files.exists(work.resolve("case.db"));
      }
    },
    BATCH_HAS_BEGUN {
      @Override
      boolean hasCome(Path work) {
        return Files.exists(work.resolve("case.db.scratch/lock"));
      }
    },
    FIRST_REPORT_IS_THERE {
      @Override
      boolean hasCome(Path work) throws IOException {
        return count(work.resolve("reports"), ".json") >= 1;
      }
    },
    SECOND_REPORT_IS_THERE {
      @Override
      boolean hasCome(Path work) throws IOException {
        return count(work.resolve("reports"), ".json") >= 2;
      }
    },
    FOURTH_REPORT_IS_THERE {
      @Override
      boolean hasCome(Path work) throws IOException {
        return count(work.resolve("reports"), ".json") >= 4;
      }
    },
    LAST_REPORT_IS_THERE {
      @Override
      boolean hasCome(Path work) throws IOException {
        return count(work.resolve("reports"), ".json") > PAIRS;
      }
    };

    abstract boolean hasCome(Path work) throws IOException;

    private static long count(Path folder, String suffix) throws IOException {
      if (!Files.isDirectory(folder)) {
        return 0;
      }
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().endsWith(suffix)).count();
      }
    }

    /** Looks until it has come, or the program has ended. */
    void await(Process process, Path work) throws IOException, InterruptedException {
      while (process.isAlive() && !hasCome(work)) {
        Thread.sleep(5);
      }
    }
  }

  @Test
  void killedAtTwoMoments() throws Exception {
    killed(Moment.BATCH_HAS_BEGUN, Moment.FOURTH_REPORT_IS_THERE);
  }

  @Test
  @Tag("slow")
  void killedAtEveryMoment() throws Exception {
    killed(Moment.values());
  }

  private void killed(Moment... moments) throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    assertThat(Installation.run(batch(undisturbed)).status()).isEqualTo(Main.PARTLY_DONE);
    List<String> expected = content(undisturbed);
    assertThat(expected).hasSizeGreaterThan(100);

    for (Moment moment : moments) {
      Path work = folder.resolve(moment.name());
      ProcessBuilder builder = batch(work);
      Process process = builder.start();
      moment.await(process, work);
      List<ProcessHandle> descendants = process.descendants().toList();
      descendants.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      descendants.forEach(each -> each.onExit().join()); // Java is the launcher's child.
      assertThat(moment.hasCome(work)).as("killed when %s", moment).isTrue();

      List<String> done = compared(work);
      CommandRun second = Installation.run(batch(work));
      assertThat(second.status()).as(second.err()).isEqualTo(Main.PARTLY_DONE);
      assertThat(content(work)).as("killed when %s", moment).isEqualTo(expected);
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
