package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.casefile.CaseRows;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.output.LockedFolder;

/** A batch of folders and manifests with unusual or invalid contents. */
class HostileFolderTest {
  @TempDir private Path folder;
  private CaseRows rows;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("client"));
    Files.createDirectories(folder.resolve("server"));
    rows = new CaseRows(folder.resolve("case.db"));
  }

  private void pair(String name) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    Files.copy(seed[0], folder.resolve("client").resolve(name));
    Files.copy(seed[1], folder.resolve("server").resolve(name));
  }

  private CommandRun batch(Object... arguments) {
    return CommandRun.of(
        Stream.concat(Stream.of("batch", "--case", folder.resolve("case.db")), Stream.of(arguments))
            .toArray());
  }

  @Test
  void unusualNamesArePairedAndCompared() throws IOException {
    List<String> names =
        List.of(
            "--help",
            "a b",
            "it's \"it\"",
            "new\nline",
            "\u202eevil",
            "[a]{b}",
            "$(x)",
            "é😀",
            "=2+3");
    for (String name : names) {
      pair(name + ".pcap");
    }
    String longest = "x".repeat(250);
    pair(longest + ".pcap");

    CommandRun run =
        batch("--pair", folder + "/client/*.pcap=" + folder + "/server/*.pcap", "--json", folder);

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(Main.DONE);
    List<String> all = new ArrayList<>(names);
    all.add(longest);
    assertThat(rows.of("SELECT pair FROM pair")).containsExactlyInAnyOrderElementsOf(all);
    try (Stream<Path> reports = Files.list(folder)) {
      assertThat(reports.filter(f -> f.toString().endsWith(".json"))).hasSize(all.size());
    }
  }

  @Test
  void linksToParentFoldersDoNotLoop() throws IOException {
    pair("monday.pcap");
    Files.createSymbolicLink(folder.resolve("client/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("client/round.pcap"), Path.of("round.pcap"));

    CommandRun run =
        batch("--pair", folder + "/client/**/*.pcap=" + folder + "/server/*.pcap", "--quiet");

    assertThat(run.err()).isEmpty();
    assertThat(rows.of("SELECT state FROM pair WHERE pair = 'monday'")).containsExactly("compared");
  }

  @Test
  void linesWithoutFilesCostNothing() throws IOException {
    List<String> lines = new ArrayList<>(List.of("id,client,server"));
    IntStream.range(0, 2000).forEach(i -> lines.add(i + ",client/" + i + ",server/" + i));
    Path manifest = Files.write(folder.resolve("manifest.csv"), lines);

    CommandRun run = batch(manifest);

    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out())
        .startsWith("2000 pairs: 0 compared, 2000 could not be compared\n")
        .contains("and 1980 more, in the case");
  }

  @Test
  void cellWithAnInvalidFileNameIsOneBadPair() throws IOException {
    pair("m.pcap");
    Path manifest =
        Files.write(
            folder.resolve("manifest"),
            List.of(
                "{\"id\": \"nul\", \"client\": \"client/\\u0000\", \"server\": \"server/m.pcap\"}",
                "{\"id\": \"good\", \"client\": \"client/m.pcap\", \"server\": \"server/m.pcap\"}"));

    CommandRun run = batch(manifest);

    assertThat(run.out()).contains("no partner: nul: ", "cannot be the name of a file");
    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(rows.of("SELECT state FROM pair WHERE pair = 'good'")).containsExactly("compared");
  }

  @Test
  void foreignFoldersAreNotTouched() throws IOException {
    pair("m.pcap");
    Path notes = folder.resolve("case.db.scratch/notes.txt");
    Files.createDirectories(notes.getParent());
    Files.writeString(notes, "mine");

    batch("--pair", folder + "/client/*=" + folder + "/server/*")
        .assertUnusable(notes.getParent(), "holds other files");

    assertThat(notes).hasContent("mine");
  }

  @Test
  void caseMayHaveAnyName() throws IOException {
    pair("m.pcap");
    for (String name : List.of("a b?cache=shared&x.db", "50%20.db", "file:x.db", "#.db")) {
      Path file = folder.resolve(name);
      CommandRun run =
          CommandRun.of(
              "batch", "--pair", folder + "/client/*=" + folder + "/server/*", "--case", file);
      assertThat(run.status()).as(run.out() + run.err()).isEqualTo(Main.DONE);
      assertThat(file).isRegularFile();
      assertThat(CommandRun.of("case", file).out()).contains("1 pair: 1 compared");
      assertThat(CommandRun.of("verify", file).out()).contains("2 files with a digest: all as");
    }
  }

  @Test
  void captureThatSqliteWouldDeleteIsRefusedBeforeAnythingIsMade() throws IOException {
    pair("m.pcap");
    Path capture = Files.move(folder.resolve("client/m.pcap"), folder.resolve("case.db-wal"));
    byte[] before = Files.readAllBytes(capture);
    Path manifest =
        Files.writeString(
            folder.resolve("manifest"), "id,client,server\nm,case.db-wal,server/m.pcap\n");
    batch(manifest, "--json", folder.resolve("reports"))
        .assertUnusable("case.db-wal", "it is an input");
    assertThat(capture).hasBinaryContent(before);
    assertThat(folder.resolve("case.db")).doesNotExist();
    assertThat(folder.resolve("reports")).doesNotExist();
  }

  @Test
  void outputsThatMeetTheCaseAreAnErrorOfUsage() throws IOException {
    pair("case.pcap");
    Path scratch = folder.resolve("case.db.scratch");
    CommandRun run =
        batch("--pair", folder + "/client/*=" + folder + "/server/*", "--json", scratch);
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.err()).contains("--case and --json name the same file").hasLineCount(1);
    assertThat(scratch).doesNotExist();
  }

  /** A batch that is under way holds the lock of the case, whatever the other one calls it. */
  @Test
  void linkToACaseHasTheSameLock() throws Exception {
    pair("m.pcap");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), Path.of("case.db"));
    Path scratch = folder.resolve("case.db.scratch");
    try (LockedFolder other = LockedFolder.open(scratch).orElseThrow()) {
      assertThat(other.path()).exists();
      CommandRun.of("batch", "--pair", folder + "/client/*=" + folder + "/server/*", "--case", link)
          .assertUnusable(link, "another batch works on this case");
    }
  }

  @Test
  void outputThatCannotBeWrittenKeepsNothingElseBack() throws IOException {
    pair("m.pcap");
    pair("n.pcap");
    assumeThat(Path.of("/dev/full")).exists();
    Path reports = Files.createDirectory(folder.resolve("reports"));
    Path full = Files.createSymbolicLink(reports.resolve("m.json"), Path.of("/dev/full"));
    Path copies = folder.resolve("copies");
    CommandRun run =
        batch(
            "--pair",
            folder + "/client/*.pcap=" + folder + "/server/*.pcap",
            "--json",
            reports,
            "--annotate",
            copies);
    assertThat(run.err()).startsWith("mssbridge: cannot write " + full + ": ").hasLineCount(1);
    assertThat(run.status()).isEqualTo(Main.UNUSABLE);
    assertThat(run.out()).startsWith("2 pairs: 2 compared\n");
    assertThat(rows.of("SELECT pair FROM pair WHERE state = 'compared'")).hasSize(2);
    assertThat(copies.resolve("m")).isDirectoryContaining("glob:**/m.pcapng");
    assertThat(reports.resolve("n.json")).isRegularFile();
  }
}
