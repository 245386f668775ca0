package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.casefile.CaseRows;
import org.mssbridge.cli.CommandRun;
import org.mssbridge.cli.Main;
import org.mssbridge.cli.ReportOf;

/** A folder of captures from several taps, good and bad ones, and the case that is made of it. */
class BatchTest {
  @TempDir private Path folder;
  private Path client;
  private Path server;
  private Path file;
  private CaseRows rows;

  @BeforeEach
  void prepare() throws IOException {
    Files.createDirectories(folder.resolve("client"));
    Files.createDirectories(folder.resolve("server"));
    Path[] seed = ReportOf.example("seed-20633");
    client = Files.copy(seed[0], folder.resolve("client/monday.pcap"));
    server = Files.copy(seed[1], folder.resolve("server/monday.pcap"));
    file = folder.resolve("case.db");
    rows = new CaseRows(file);
  }

  private CommandRun batch(Object... arguments) {
    return CommandRun.of(
        Stream.concat(Stream.of("batch", "--case", file), Stream.of(arguments)).toArray());
  }

  private Path manifest(String... lines) throws IOException {
    return Files.write(folder.resolve("manifest"), List.of(lines));
  }

  private void assertSameAsCompare(String pair) throws IOException {
    assertThat(rows.of("SELECT code, direction, message FROM finding WHERE pair = '" + pair + "'"))
        .containsExactlyElementsOf(
            ReportOf.captures(client, server).findings().stream()
                .map(
                    f ->
                        f.get("code")
                            + "|"
                            + Objects.toString(f.get("direction"), "-")
                            + "|"
                            + f.get("message"))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id,client,server\nmonday,client/monday.pcap,server/*.pcap",
        "\ufeffid , server , client\r\nmonday,\"server/monday.pcap\",client/monday.pcap\r\n",
        "{\"id\": \"monday\", \"client\": \"client/monday.pcap\", \"server\": \"server/m*\"}"
      })
  void manifestNamesFilesOrPatternsFromItsOwnFolder(String text) throws IOException {
    CommandRun run = batch(manifest(text));

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(Main.DONE);
    assertThat(run.out()).startsWith("1 pair: 1 compared\n");
    assertThat(rows.of("SELECT pair, state FROM pair")).containsExactly("monday|compared");
    assertThat(rows.of("SELECT near_value, far_value FROM finding WHERE code = 'mss.clamped'"))
        .containsExactly("1460|1380", "1460|1380");
  }

  /** tshark gets the signal of Ctrl-C, too, and may end of it before the program does. */
  @ParameterizedTest
  @ValueSource(ints = {2, 130})
  void interruptedTsharkIsNoFailureOfThePair(int status) throws IOException {
    Path interrupted = folder.resolve("interrupted");
    Files.writeString(
        interrupted,
        "#!/bin/sh\ncase $* in *'-T ek'*) exit " + status + " ;; esac\nexec tshark \"$@\"\n");
    Files.setPosixFilePermissions(interrupted, PosixFilePermissions.fromString("rwx------"));
    Path manifest = manifest("id,client,server", "m,client/monday.pcap,server/monday.pcap");

    CommandRun run = batch(manifest, "--tshark", interrupted);
    assertThat(run.status()).as(run.err()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out()).contains("status " + status);
    assertThat(rows.of("SELECT * FROM pair")).isEmpty();

    assertThat(batch(manifest).out()).startsWith("1 pair: 1 compared\n");
  }

  @Test
  void caseHoldsWhatTheReportSays() throws IOException {
    batch(manifest("id,client,server", "monday,client/monday.pcap,server/monday.pcap"));
    ReportOf report = ReportOf.captures(client, server);

    assertSameAsCompare("monday");
    Map<String, Object> clamped = report.finding("mss.clamped", "c2s");
    String where =
        " WHERE pair = 'monday' AND finding = (SELECT finding FROM finding WHERE code ="
            + " 'mss.clamped' AND direction = 'c2s')";
    assertThat(rows.of("SELECT frame FROM finding_frame" + where + " AND point = 'server'"))
        .containsExactly(((List<?>) map(clamped.get("frames")).get("server")).get(0).toString());
    assertThat(rows.of("SELECT cause FROM cause" + where + " ORDER BY rank"))
        .containsExactlyElementsOf(
            ReportOf.maps(clamped.get("causes")).stream()
                .map(c -> (String) c.get("cause"))
                .toList());
    assertThat(rows.of("SELECT sha256, bytes, first_frame FROM capture_file ORDER BY point"))
        .containsExactlyElementsOf(
            ReportOf.maps(report.root().get("captures")).stream()
                .map(c -> c.get("sha256") + "|" + c.get("bytes") + "|1")
                .toList());
    assertThat(rows.of("SELECT verdict FROM pair"))
        .containsExactly((String) map(report.root().get("summary")).get("verdict"));
    assertThat(rows.of("SELECT lost_bytes_c2s, sack_translated FROM connection WHERE points = 2"))
        .containsExactly("2760|0");
    assertThat(rows.of("SELECT command FROM capture WHERE point = 'client'"))
        .singleElement()
        .asString()
        .contains("\"-T\",\"ek\"");
    assertThat(rows.of("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(rows.of("PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void badPairsAreRecordedWithTheirReasonAndTheRestGoesOn() throws IOException {
    Files.createFile(folder.resolve("client/empty.pcap"));
    Files.writeString(folder.resolve("client/text.pcap"), "The server hangs at noon.\n");
    Files.write(
        folder.resolve("client/cut.pcap"), Arrays.copyOf(Files.readAllBytes(client), 20_000));
    CommandRun run =
        batch(
            manifest(
                "id,client,server",
                "empty,client/empty.pcap,server/monday.pcap",
                "text,client/text.pcap,server/monday.pcap",
                "gone,client/gone.pcap,server/monday.pcap",
                "alone,,server/monday.pcap",
                "nothing,client/x*.pcap,server/monday.pcap",
                "cut,client/cut.pcap,server/monday.pcap",
                "\"=2+3\u202e\",client/monday.pcap,server/monday.pcap"));

    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out())
        .startsWith("7 pairs: 2 compared, 3 could not be compared, 2 without a partner\n")
        .contains(
            "failed: empty: ", "0 bytes", "failed: gone: ", "no such file", "no partner: alone")
        .doesNotContain("\u202e", "Exception");
    assertThat(rows.of("SELECT pair, state FROM pair ORDER BY state, pair"))
        .containsExactly(
            "=2+3\u202e|compared",
            "cut|compared",
            "empty|failed",
            "gone|failed",
            "text|failed",
            "alone|unpaired",
            "nothing|unpaired");
    assertThat(rows.of("SELECT complete FROM capture WHERE pair = 'cut' AND point = 'client'"))
        .containsExactly("0");
    assertThat(rows.of("SELECT places FROM duplicate_file ORDER BY places DESC LIMIT 1"))
        .containsExactly("7");
  }

  @Test
  void fileWithoutPermissionIsOneOfThem() throws IOException {
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(client)).as("this user reads everything").isFalse();
    CommandRun run = batch(manifest("id,client,server", "a,client/monday.pcap,server/monday.pcap"));
    assertThat(run.out()).contains("cannot be read; check its permissions");
    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
  }

  @Test
  void secondRunDoesOnlyWhatIsNewOrChanged() throws IOException {
    Path tuesday = Files.copy(server, folder.resolve("server/tuesday.pcap"));
    String[] lines = {
      "id,client,server",
      "monday,client/monday.pcap,server/monday.pcap",
      "tuesday,client/monday.pcap,server/tuesday.pcap",
      "gone,client/gone.pcap,server/monday.pcap"
    };
    batch(manifest(lines));
    List<String> before = rows.content();
    assertThat(batch(manifest(lines)).out())
        .startsWith("3 pairs: 0 compared, 2 compared before, 1 could not be compared\n")
        .contains("failed: gone: ", "no such file");
    assertThat(rows.of("SELECT count(*) FROM attempt")).containsExactly("3");
    assertThat(rows.content()).isEqualTo(before);

    Files.copy(client, tuesday, StandardCopyOption.REPLACE_EXISTING);
    Files.setLastModifiedTime(tuesday, FileTime.fromMillis(0));
    CommandRun third = batch(manifest(lines), "--retry");
    assertThat(third.out())
        .startsWith("3 pairs: 1 compared, 1 compared before, 1 could not")
        .contains("1 of them replaced what the case held");
    assertThat(rows.of("SELECT pair, run FROM attempt WHERE run > 1 ORDER BY pair"))
        .containsExactly("gone|3", "tuesday|3");
    assertThat(rows.of("SELECT code FROM finding WHERE pair = 'tuesday'"))
        .noneMatch(r -> r.contains("mss.clamped"));
    assertThat(rows.of("PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void rotatedFilesOfOnePointAreOneCapture() throws Exception {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    // Their names do not follow the order of time.
    new ProcessBuilder("editcap", "-F", "pcap", "-c", "25", client.toString(), parts + "/tap.pcap")
        .start()
        .waitFor();
    List<Path> cut;
    try (Stream<Path> files = Files.list(parts)) {
      cut = files.sorted().toList();
    }
    assertThat(cut).hasSize(3);
    Files.move(cut.get(0), parts.resolve("z.pcap"));

    CommandRun run =
        batch(manifest("id,client,server", "m,parts/*.pcap,server/monday.pcap"), "--json", folder);

    assertThat(run.status()).as(run.out() + run.err()).isEqualTo(Main.DONE);
    assertSameAsCompare("m");
    Map<String, Object> report = map(ReportOf.parse(folder.resolve("m.json")));
    Map<String, Object> whole = ReportOf.captures(client, server).root();
    for (String part : List.of("clock", "connections", "findings", "summary")) {
      assertThat(report.get(part)).as(part).isEqualTo(whole.get(part));
    }
    assertThat(
            rows.of(
                "SELECT first_frame, file FROM capture_file WHERE point = 'client' ORDER BY number"))
        .hasSize(3)
        .satisfies(
            files -> {
              assertThat(files.get(0)).startsWith("1|").endsWith("z.pcap");
              assertThat(files.get(1)).startsWith("26|");
              assertThat(files.get(2)).startsWith("51|");
            });
    assertThat(Files.exists(folder.resolve("case.db.scratch"))).isFalse();
  }

  @Test
  void rotatedFileThatIsCutShortLosesNothingOfTheOthers() throws Exception {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    new ProcessBuilder("editcap", "-F", "pcap", "-c", "25", client.toString(), parts + "/tap.pcap")
        .start()
        .waitFor();
    try (Stream<Path> files = Files.list(parts)) {
      Path second = files.sorted().toList().get(1);
      byte[] bytes = Files.readAllBytes(second);
      Files.write(second, Arrays.copyOf(bytes, bytes.length - 10));
    }
    batch(manifest("id,client,server", "m,parts/*.pcap,server/monday.pcap"));
    assertThat(rows.of("SELECT packets, complete FROM capture WHERE point = 'client'"))
        .containsExactly("68|0");
  }

  @Test
  void foldersArePairedByNameThenByTime() throws IOException {
    Files.copy(client, folder.resolve("client/tap-0815.pcap"));
    Files.copy(server, folder.resolve("server/late-4711.pcap"));
    Path[] lab = ReportOf.example("lab-13-strip-nop");
    Files.copy(lab[0], folder.resolve("client/lonely.pcap.gz"));
    Files.writeString(folder.resolve("server/broken.pcap"), "no capture");

    CommandRun run = batch("--pair", folder + "/client/*.pcap*=" + folder + "/server/*.pcap*");

    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(rows.of("SELECT state, count(*) FROM pair GROUP BY state"))
        .containsExactly("compared|2", "unpaired|2");
    assertThat(
            rows.of(
                "SELECT group_concat(file, ' ') FROM (SELECT * FROM capture_file ORDER BY point)"
                    + " WHERE pair LIKE '%0815%'"))
        .singleElement()
        .asString()
        .contains("tap-0815.pcap", "late-4711.pcap");
    assertThat(run.out()).contains("no partner: ", "lonely", "broken");
  }

  @Test
  void policyTellsWhatIsNew() throws IOException {
    Path manifest = manifest("id,client,server", "m,client/monday.pcap,server/monday.pcap");
    CommandRun strict = batch(manifest, "--fail-on", "warn");
    assertThat(strict.status()).isEqualTo(Main.FAILED_ON_FINDING);
    assertThat(strict.out())
        .contains("not expected: warn mss.clamped client to server on 1 connection in 1 pair: ");

    Path policy =
        Files.write(
            folder.resolve("policy.csv"),
            List.of(
                "code,near_value,far_value,reason",
                "mss.clamped,1460,1380,change 4711",
                "sack.*,,,ticket 3",
                "pmtud.*,,,",
                "path.lost,,,",
                "ecn.bleached,,,never seen"));
    CommandRun accepting = batch(manifest, "--fail-on", "warn", "--expect", policy);
    assertThat(accepting.status()).as(accepting.out()).isEqualTo(Main.DONE);
    assertThat(accepting.out())
        .contains("expected and not found: code=ecn.bleached, reason=never seen")
        .doesNotContain("not expected:");
    assertThat(rows.of("SELECT DISTINCT accepted FROM finding WHERE code = 'mss.clamped'"))
        .containsExactly("change 4711");

    Files.write(
        policy, List.of("code,far_value", "mss.clamped,1360", "sack.*,", "pmtud.*,", "path.*,"));
    CommandRun other = batch(manifest, "--fail-on", "warn", "--expect", policy);
    assertThat(other.status()).isEqualTo(Main.FAILED_ON_FINDING);
    assertThat(other.out()).contains("expected and not found: code=mss.clamped, far_value=1360");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id,client",
        "id,client,server\na,1.pcap,2.pcap\na,1.pcap,2.pcap",
        "id,client,server\n,1.pcap,2.pcap",
        "id,client,../etc\na,1.pcap,2.pcap",
        "id,client,server,client\na,1.pcap,2.pcap,3.pcap",
        "{\"id\": \"a\", \"client\": \"1\", \"server\": \"2\", \"client\": \"3\"}",
        "id,client,server\na,\"1.pcap,2.pcap",
        "{\"id\": \"a\", \"client\": [1], \"server\": 2}",
        "{\"id\": \"a\", "
      })
  void manifestsThatAreNone(String text) throws IOException {
    Path manifest = manifest(text);
    batch(manifest).assertUnusable(manifest, "");
  }

  @Test
  void usage() throws IOException {
    assertThat(batch().status()).isEqualTo(Main.USAGE);
    assertThat(CommandRun.of("batch", "m.csv").status()).isEqualTo(Main.USAGE);
    assertThat(batch(manifest(""), "--pair", "a=b").status()).isEqualTo(Main.USAGE);
    assertThat(batch("--pair", "a*").status()).isEqualTo(Main.USAGE);
    assertThat(batch(manifest(""), "--jobs", "0").status()).isEqualTo(Main.USAGE);
    batch("--pair", folder + "/x*=" + folder + "/y*").assertUnusable("/x*", "no file matches");
  }

  @Test
  void caseThatIsNone() throws IOException {
    Path manifest = manifest("id,client,server", "m,client/monday.pcap,server/monday.pcap");
    Files.writeString(file, "my notes");
    batch(manifest).assertUnusable(file, "is not a case file");
    assertThat(file).hasContent("my notes");
    Path nowhere = folder.resolve("nowhere/case.db");
    CommandRun.of("batch", manifest, "--case", nowhere).assertUnusable(nowhere, "directory first");
  }

  @Test
  void oneBatchOnlyWorksOnACase() throws IOException {
    Path scratch = Files.createDirectories(folder.resolve("case.db.scratch"));
    Path manifest = manifest("id,client,server", "m,client/monday.pcap,server/monday.pcap");
    try (FileChannel other =
        FileChannel.open(
            scratch.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(other.lock().isValid()).isTrue();
      batch(manifest).assertUnusable(file, "another batch works on this case");
    }
    assertThat(batch(manifest).status()).isEqualTo(Main.DONE);
  }
}
