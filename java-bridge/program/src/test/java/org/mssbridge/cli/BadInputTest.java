package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong inputs, and files with unusual names or ends. */
class BadInputTest {
  private static final int PCAP_HEADER_BYTES = 24;

  /** A header, and an ARP request for 192.0.2.1. */
  private static final String PCAP_OF_ONE_ARP =
      "a1b2c3d40002000400000000000000000000ffff00000001"
          + "65a0bc00000000000000002a0000002a"
          + "ffffffffffff0200000000010806"
          + "0001080006040001020000000001c0000202000000000000c0000201";

  private static final Path SEED =
      Path.of(System.getProperty("mssbridge.root"), "examples", "seed-20633");

  @TempDir Path folder;
  private Path client;
  private Path server;

  @BeforeEach
  void copySeed() throws IOException {
    client = Files.copy(SEED.resolve("client.pcap"), folder.resolve("client.pcap"));
    server = Files.copy(SEED.resolve("server.pcap"), folder.resolve("server.pcap"));
  }

  @Test
  void missingFile() {
    Path missing = folder.resolve("nowhere.pcap");
    CommandRun.compare(client, missing).assertUnusable(missing, "no such file");
  }

  @Test
  void directory() {
    CommandRun.compare(folder, server).assertUnusable(folder, "is a directory");
  }

  @Test
  void nothingIsCreatedForUnreadableCaptures() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "The server hangs at noon.\n");
    Path copies = folder.resolve("new/copies");
    CommandRun.compare(client, text, "--annotate", copies)
        .assertUnusable(text, "tshark could not read it");
    assertThat(copies.getParent()).doesNotExist();
  }

  @Test
  void emptyFile() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.pcap"));
    CommandRun.compare(client, empty).assertUnusable(empty, "0 bytes");
  }

  @Test
  void textInsteadOfACapture() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "The server hangs at noon.\n");
    CommandRun.compare(client, text).assertUnusable(text, "tshark could not read it");
  }

  /** tshark opens each of these: as a video, as JSON, as an image. */
  @Test
  void textsAndImagesThatTsharkReads() throws IOException {
    Path film = Files.writeString(folder.resolve("hi.txt"), "hi\n");
    Path json = Files.writeString(folder.resolve("report.json"), "{\"clock\": []}\n");
    for (Path file : List.of(film, json, SEED.resolve("wireshark.png"))) {
      CommandRun.compare(client, file).assertUnusable(file, "name a capture file");
    }
  }

  /** Files of other formats are captures if they hold IP packets; a pcap file always is one. */
  @Test
  void capturesOfOtherFormats() throws IOException {
    Path snoop = folder.resolve("server.snoop");
    editcap("-F", "snoop", server, snoop);
    CommandRun.compare(client, snoop).assertDone();
    Path lan = folder.resolve("lan.pcap.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(lan))) {
      out.write(HexFormat.of().parseHex(PCAP_OF_ONE_ARP));
    }
    CommandRun.compare(client, lan).assertDone();
  }

  @Test
  void pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    CommandRun.compare(client, pipe).assertUnusable(pipe, "save it to a file first");
  }

  @Test
  void captureWithoutPackets() throws IOException {
    Path header = firstBytes(client, "header.pcap", PCAP_HEADER_BYTES);
    CommandRun.compare(header, server).assertUnusable(header, "holds no packets");
  }

  /** A length that no packet has, in the header of the first one. */
  @Test
  void captureThatIsDamagedBeforeItsFirstPacket() throws IOException {
    byte[] bytes = Files.readAllBytes(client);
    Arrays.fill(bytes, PCAP_HEADER_BYTES + 8, PCAP_HEADER_BYTES + 12, (byte) 0x7f);
    Path damaged = Files.write(folder.resolve("damaged.pcap"), bytes);
    CommandRun.compare(damaged, server)
        .assertUnusable(damaged, "is damaged at byte 24, before its first whole packet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two  words .pcap",
        "'single' \"double\".pcap",
        "-r",
        "@home.pcap",
        "$(id);`id`.pcap",
        "two\nlines.pcap"
      })
  void unusualNamesWork(String name) throws IOException {
    Path renamed = Files.move(client, folder.resolve(name));
    CommandRun.compare(renamed, server).assertDone();
  }

  @Test
  void nameBeyondAsciiWorks() throws IOException {
    assumeThat(System.getProperty("sun.jnu.encoding")).as("names of files").isEqualTo("UTF-8");
    Path renamed = Files.move(client, folder.resolve("Übersicht-客户.pcap"));
    CommandRun.compare(renamed, server).assertDone();
  }

  @Test
  void sameFileTwiceIsComparedWithAWarning() {
    CommandRun run = CommandRun.compare(client, client);
    assertThat(run.err().lines().toList()).hasSize(1);
    assertThat(run.err()).startsWith("mssbridge: warning: " + client + " is given twice");
    assertThat(run.status()).isEqualTo(Main.DONE);
  }

  @Test
  void captureCutInMidPacketIsReportedAsCutShort() throws IOException {
    Path json = folder.resolve("report.json");
    Path cut = firstBytes(client, "cut.pcap", Math.toIntExact(Files.size(client)) - 20);

    CommandRun.compare(client, server, "--json", json).assertDone();
    assertThat(json)
        .content()
        .doesNotContain("capture.cut-short")
        .doesNotContainPattern("\"complete\"\\s*:\\s*false");

    CommandRun.compare(cut, server, "--json", json).assertDone();
    assertThat(json)
        .content()
        .contains("capture.cut-short")
        .containsPattern("\"complete\"\\s*:\\s*false");
  }

  @Test
  void missingTshark() {
    Path nothing = folder.resolve("no-tshark");
    CommandRun.compare(client, server, "--tshark", nothing)
        .assertUnusable(nothing, "cannot be started");
  }

  @Test
  void tsharkTooOld() throws IOException {
    Path old = program("old-tshark", "echo 'TShark (Wireshark) 2.6.20'");
    CommandRun.compare(client, server, "--tshark", old).assertUnusable(old, "2.6.20, older than");
  }

  @Test
  void tsharkThatIsKilled() throws IOException {
    Path killed =
        program(
            "killed-tshark",
            "case $1 in --version) echo 'TShark (Wireshark) 3.6.2';; *) kill -9 $$;; esac");
    CommandRun.compare(client, server, "--tshark", killed).assertUnusable(folder, "killed");
  }

  @Test
  void reportOverAnInputIsRejected() throws IOException {
    byte[] before = Files.readAllBytes(client);
    CommandRun.compare(client, server, "--json", client).assertUnusable(client, "it is an input");
    assertThat(client).hasBinaryContent(before);
  }

  @Test
  void reportOverAnInputThroughALinkIsRejected() throws IOException {
    byte[] before = Files.readAllBytes(client);
    Path link = Files.createSymbolicLink(folder.resolve("report.json"), client);
    CommandRun.compare(client, server, "--json", link).assertUnusable(link, "it is an input");
    assertThat(client).hasBinaryContent(before);
  }

  @Test
  void copyOverAnInputIsRejectedBeforeReading() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path input = inner.resolve("client.pcapng");
    editcap("-F", "pcapng", client, input);
    Path other = Files.createLink(folder.resolve("other.pcapng"), input);
    byte[] before = Files.readAllBytes(input);
    Path json = folder.resolve("report.json");
    CommandRun.compare(input, server, "--annotate", inner, "--json", json)
        .assertUnusable(input, "it is an input");
    CommandRun.compare(input, server, "--json", other).assertUnusable(other, "it is an input");
    assertThat(input).hasBinaryContent(before);
    assertThat(inner).isDirectoryNotContaining(file -> !file.equals(input));
    assertThat(json).doesNotExist();
  }

  @Test
  void oneFileForTwoReportsIsAUsageError() {
    Path json = folder.resolve("report.json");
    CommandRun run =
        CommandRun.compare(client, server, "--json", json, "--ek", folder.resolve("./report.json"));
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.err()).contains("--json and --ek name the same file");
    assertThat(json).doesNotExist();
  }

  @Test
  void copiesAndReportsThatMeetAreAnErrorOfUsage() {
    Path copies = folder.resolve("o");
    CommandRun run =
        CommandRun.compare(
            client, server, "--annotate", copies, "--merged", copies.resolve("client.pcapng"));
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.err()).contains("--annotate and --merged name the same file");
    assertThat(copies).doesNotExist();
  }

  /** The second one has the name that the third would get, to be told from the first. */
  @Test
  void copiesOfAllInputsHaveNamesOfTheirOwn() throws IOException {
    List<Path> inputs = new ArrayList<>();
    for (String name : List.of("1/a.pcap", "2/point3-a.pcap", "3/A.pcap")) {
      Path input = folder.resolve(name);
      Files.createDirectories(input.getParent());
      inputs.add(Files.copy(inputs.isEmpty() ? client : server, input));
    }
    Path copies = folder.resolve("copies");
    CommandRun.compare(inputs.get(0), inputs.get(1), inputs.get(2), "--quiet", "--annotate", copies)
        .assertDone();
    try (Stream<Path> written = Files.list(copies)) {
      assertThat(written.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.pcapng", "point3-a.pcapng", "point3-point3-A.pcapng");
    }
  }

  @Test
  void outputThatFailsKeepsNothingElseBack() {
    assumeThat(Path.of("/dev/full")).exists();
    Path ek = folder.resolve("findings.ek");
    Path copies = folder.resolve("copies");
    CommandRun run =
        CommandRun.compare(
            client, server, "--json", "/dev/full", "--ek", ek, "--annotate", copies, "--quiet");
    assertThat(run.err()).startsWith("mssbridge: cannot write /dev/full: ").hasLineCount(1);
    assertThat(run.status()).isEqualTo(Main.UNUSABLE);
    assertThat(run.out()).contains("Between client and server: ");
    assertThat(ek).isNotEmptyFile();
    assertThat(copies.resolve("server.pcapng")).isNotEmptyFile();
  }

  @Test
  void dashIsNoFile() {
    for (String option : List.of("--json", "--html", "--annotate", "--merged")) {
      CommandRun.compare(client, server, option, "-")
          .assertUnusable("-", "standard output has the text report");
    }
  }

  @Test
  void quietRunPrintsOnlyTheReport() {
    CommandRun.compare(client, client, "--quiet", "--annotate", folder.resolve("copies"))
        .assertDone();
  }

  @Test
  void reportIntoAMissingFolder() {
    Path json = folder.resolve("missing").resolve("report.json");
    CommandRun.compare(client, server, "--json", json)
        .assertUnusable(json, "make its directory first");
    assertThat(json.getParent()).doesNotExist();
  }

  @Test
  void unknownCodeIsAUsageError() {
    CommandRun run = CommandRun.compare(client, server, "--only", "mss.wrong");
    assertThat(run.status()).isEqualTo(Main.USAGE);
    assertThat(run.err()).contains("--only mss.wrong: no finding has this code");
    run.assertNoStackTrace();
  }

  @Test
  void errorFindingFailsWithFailOn() {
    assertThat(CommandRun.compare(client, server, "--fail-on", "error").status())
        .isEqualTo(Main.FAILED_ON_FINDING);
  }

  @Test
  void annotatedCopiesShowTheFindingsInTshark() throws IOException, InterruptedException {
    byte[] before = Files.readAllBytes(client);
    Path copies = folder.resolve("annotated");
    CommandRun run = CommandRun.compare(client, server, "--annotate", copies);
    assertThat(run.status()).isEqualTo(Main.DONE);
    assertThat(run.err().lines().toList())
        .containsExactly(
            "mssbridge: client annotated: " + copies.resolve("client.pcapng"),
            "mssbridge: server annotated: " + copies.resolve("server.pcapng"));
    assertThat(comments(copies.resolve("client.pcapng"))).contains("[mssbridge");
    assertThat(client).hasBinaryContent(before);
  }

  private Path firstBytes(Path file, String name, int bytes) throws IOException {
    return Files.write(folder.resolve(name), Arrays.copyOf(Files.readAllBytes(file), bytes));
  }

  private Path program(String name, String command) throws IOException {
    Path script = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + command + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private static void editcap(Object... arguments) {
    try {
      List<String> command =
          Stream.concat(Stream.of("editcap"), Stream.of(arguments).map(Object::toString)).toList();
      assertThat(new ProcessBuilder(command).start().waitFor()).as("editcap's status").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String comments(Path capture) throws IOException, InterruptedException {
    Stream<String> command =
        Stream.of("tshark", "-n", "-r", capture.toString(), "-Y", "frame.comment");
    Stream<String> fields = Stream.of("-T", "fields", "-e", "frame.comment");
    Process process =
        new ProcessBuilder(Stream.concat(command, fields).toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("tshark's status").isZero();
    return text;
  }
}
