package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.batch.Manifest;
import org.mssbridge.script.PacketScript;

/** {@code discover} on captures without names, on rotated ones, and on folders of all kinds. */
class DiscoverTest {
  private static final Path RESOURCES =
      ReportOf.projectRoot().resolve("java-bridge/program/src/test/resources");

  @TempDir private Path folder;
  private Path captures;

  @BeforeEach
  void makeFolder() throws IOException {
    captures = Files.createDirectory(folder.resolve("captures"));
  }

  private CommandRun discover(Object... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("discover", captures), Stream.of(options)).toArray());
  }

  /** The paths of the manifest: the names of the files of each point, joined by {@code +}. */
  private List<List<String>> paths() throws Exception {
    Path manifest = folder.resolve("manifest.csv");
    return Manifest.read(manifest).stream()
        .map(
            pair -> {
              assertThat(pair.trouble()).isEmpty();
              return pair.sources().stream()
                  .map(
                      source ->
                          String.join(
                              "+",
                              source.paths().stream()
                                  .map(path -> path.getFileName().toString())
                                  .toList()))
                  .toList();
            })
        .toList();
  }

  private CommandRun discovered(Object... options) throws Exception {
    return discover(
        Stream.concat(Stream.of("--manifest", folder.resolve("manifest.csv")), Stream.of(options))
            .toArray());
  }

  private void seed(String client, String server) throws IOException {
    Path[] seed = ReportOf.example("seed-20633");
    Files.copy(seed[0], captures.resolve(client));
    Files.copy(seed[1], captures.resolve(server));
  }

  /** Was made from the same connections as another, with equal ISNs. */
  private static final String TWIN = "other-servers";

  /**
   * Captures of 17 paths under names that say nothing: all paths whose connections prove themselves
   * are found, those whose order shows are in order, and nothing else is joined.
   */
  @Test
  void pathsAreFoundWhateverTheNames() throws Exception {
    Map<String, String> truth = new HashMap<>();
    List<Path[]> pairs = new ArrayList<>();
    try (Stream<Path> cases = Files.list(RESOURCES.resolve("field"))) {
      for (Path each : cases.filter(path -> !path.endsWith(TWIN)).sorted().toList()) {
        pairs.add(new Path[] {each.resolve("client.pcap"), each.resolve("server.pcap")});
      }
    }
    for (String example : List.of("seed-20633", "lab-05-seed", "lab-10-pmtud-blackhole")) {
      pairs.add(ReportOf.example(example));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 2 * pairs.size(); i++) {
      names.add(String.format("%03d", i));
    }
    Collections.shuffle(names, new Random(3));
    for (Path[] pair : pairs) {
      String client = names.remove(0);
      String server = names.remove(0);
      Files.copy(pair[0], captures.resolve(client));
      Files.copy(pair[1], captures.resolve(server));
      truth.put(client, server);
    }

    CommandRun run = discovered();

    assertThat(run.status()).as(run.err()).isEqualTo(Main.DONE);
    int inOrder = 0;
    for (List<String> path : paths()) {
      assertThat(path).as(run.out()).hasSize(2);
      boolean isForth = path.get(1).equals(truth.get(path.get(0)));
      assertThat(isForth || path.get(0).equals(truth.get(path.get(1)))).as(run.out()).isTrue();
      inOrder += isForth ? 1 : 0;
    }
    assertThat(paths()).as(run.out()).hasSize(pairs.size());
    assertThat(inOrder).as(run.out()).isGreaterThanOrEqualTo(pairs.size() - 2);
  }

  /**
   * Two offices with the same private addresses, whose hosts ask the same server for the same at
   * the same time, from the same port: each has several connections in common with its own other
   * side only.
   */
  @Test
  void equalNumbersAtOneTimeTieNothingThatHasMoreInCommonWithAnother() throws Exception {
    for (int office = 1; office <= 2; office++) {
      StringBuilder script = new StringBuilder("point client\npoint server\n");
      script.append("between client server  delay 10ms  hops 3\n");
      String shift = office + "_000_000";
      for (int i = 0; i < 5; i++) {
        String name = i == 0 ? "alike" : "own" + office + i;
        script.append(
            "between client server on "
                + name
                + ("  c2s isn +" + shift + "  s2c isn -" + shift + "\n"));
        int port = i == 0 ? 50_000 : 50_000 + 10 * office + i;
        script.append(
            ("connection " + name + "  10.0.0.5:" + port + " -> 198.51.100.20:8443")
                + ("  isn " + office + "1_111_11" + i + " " + office + "2_222_22" + i + "\n")
                + (i + "." + office + "00 handshake <mss 1460, nop, nop, sackok>\n")
                + (i + "." + office + "40 exchange 300 700\n"));
      }
      int number = office;
      PacketScript.parse(script.toString())
          .writeTo(folder)
          .forEach((point, file) -> move(file, captures.resolve(point + number + ".pcap")));
    }

    CommandRun run = discovered();

    assertThat(paths())
        .as(run.out())
        .containsExactlyInAnyOrder(
            List.of("client1.pcap", "server1.pcap"), List.of("client2.pcap", "server2.pcap"));
  }

  private static void move(Path file, Path target) {
    try {
      Files.move(file, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void threePointsAreOnePathInOrder() throws Exception {
    Path[] given =
        Story.of(Story.FOLDER.resolve("capture.swapped-three.txt"))
            .captures(folder.resolve("story"));
    Files.copy(given[0], captures.resolve("b"));
    Files.copy(given[1], captures.resolve("a"));
    Files.copy(given[2], captures.resolve("c"));

    discovered().assertDone();

    assertThat(paths()).containsExactly(List.of("b", "c", "a"));
  }

  @Test
  void batchComparesWhatWasFound() throws Exception {
    seed("one, {two}.pcap", " three*");
    discovered().assertDone();

    CommandRun batch =
        CommandRun.of("batch", folder.resolve("manifest.csv"), "--case", folder.resolve("case.db"));

    assertThat(batch.out()).startsWith("1 pair: 1 compared");
  }

  @Test
  void aSecondRunReadsOnlyWhatIsNew() throws Exception {
    Path file = folder.resolve("case.db");
    seed("a", "b");
    assertThat(discover("--case", file).out()).startsWith("2 captures, 2 read now; 1 path;");
    assertThat(discover("--case", file).out()).startsWith("2 captures, 0 read now; 1 path;");
    Files.move(captures.resolve("a"), captures.resolve("renamed"));
    Files.copy(ReportOf.example("lab-05-seed")[0], captures.resolve("c.gz"));

    CommandRun run = discover("--case", file);

    assertThat(run.out())
        .startsWith("3 captures, 1 read now; 1 path; 1 left over\n")
        .contains("client  " + captures.resolve("renamed") + "\n")
        .contains("c.gz: shares no connection with a capture of another point\n");
    assertThat(CommandRun.of("case", file).status()).isEqualTo(Main.DONE);
  }

  /** Rotated captures of two points, begun anew at different times while a connection lives. */
  @Test
  void rotatedCapturesOfAPointAreOne() throws Exception {
    Path[] seed = ReportOf.example("lab-05-seed");
    part(seed[0], "x1", "1-200");
    part(seed[0], "x2", "201-100000");
    part(seed[1], "y1", "1-300");
    part(seed[1], "y2", "301-100000");

    CommandRun run = discovered();

    assertThat(run.status()).as(run.err()).isEqualTo(Main.DONE);
    assertThat(paths()).as(run.out()).containsExactly(List.of("x1+x2", "y1+y2"));
  }

  /** Nothing changes between two points, so a capture of either may be the next: none is taken. */
  @Test
  void rotatedCapturesThatCouldBeOfTwoPointsAreNotJoined() throws Exception {
    Path seed = ReportOf.example("lab-05-seed")[0];
    part(seed, "x1", "1-200");
    part(seed, "x2", "201-100000");
    part(seed, "y1", "1-300", "-t", "0.00015");
    part(seed, "y2", "301-100000", "-t", "0.00015");

    CommandRun run = discovered();

    assertThat(run.status()).as(run.err()).isEqualTo(Main.DONE);
    assertThat(paths())
        .as(run.out())
        .isNotEmpty()
        .allSatisfy(path -> assertThat(path.get(0) + path.get(1)).doesNotContain("+"))
        .allSatisfy(path -> assertThat(path.get(0).charAt(0)).isNotEqualTo(path.get(1).charAt(0)));
  }

  private void part(Path capture, String name, String frames, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("editcap"));
    command.addAll(List.of(options));
    command.addAll(List.of("-r", capture.toString(), captures.resolve(name).toString(), frames));
    Process editcap = new ProcessBuilder(command).inheritIO().start();
    assertThat(editcap.waitFor()).isZero();
  }

  @Test
  void whatIsNoCaptureIsNamed() throws Exception {
    seed("client.pcap", "server.pcap");
    Files.copy(captures.resolve("client.pcap"), captures.resolve("copy.pcap"));
    Files.createSymbolicLink(captures.resolve("link.pcap"), Path.of("client.pcap"));
    Files.createSymbolicLink(captures.resolve("nothing.pcap"), Path.of("gone"));
    Files.createSymbolicLink(captures.resolve("up"), Path.of(".."));
    Files.createFile(captures.resolve("empty.pcap"));
    Files.writeString(captures.resolve("notes.txt"), "no capture\n");
    Files.writeString(captures.resolve(".hidden"), "no capture\n");
    byte[] whole = Files.readAllBytes(captures.resolve("server.pcap"));
    Files.write(captures.resolve("header.pcap"), Arrays.copyOf(whole, 24));
    Path deep = Files.createDirectories(captures.resolve("a/b/c"));
    Files.write(deep.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length / 2));
    Path several = captures.resolve("several");
    Story.of(Story.FOLDER.resolve("capture.several-points-vlan.txt")).captures(several);

    CommandRun run = discovered("--case", captures.resolve("case.db"));

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    run.assertNoStackTrace();
    assertThat(run.out())
        .contains("copy.pcap: is the same, byte for byte, as ")
        .contains("link.pcap: is another name of ")
        .contains("nothing.pcap: is a link to nothing")
        .contains("up: is a link to a folder, which is not followed; name it")
        .contains("empty.pcap: is empty (0 bytes)")
        .contains("header.pcap: holds no packets")
        .contains("cut.pcap: holds the same packets as ")
        .contains(" points itself; compare it alone")
        .contains("1 other file is neither pcap nor pcapng")
        .doesNotContain("hidden");
    assertThat(paths()).containsExactly(List.of("client.pcap", "server.pcap"));
  }

  @Test
  void unreadableFilesAreNamed() throws Exception {
    seed("client.pcap", "server.pcap");
    Path locked = Files.writeString(captures.resolve("locked.pcap"), "secret");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(locked), "root reads all");

    CommandRun run = discovered();

    assertThat(run.status()).isEqualTo(Main.PARTLY_DONE);
    assertThat(run.out()).contains("locked.pcap: cannot be read; check its permissions");
  }

  @Test
  void anEmptyFolderGivesAnEmptyManifest() throws Exception {
    CommandRun run = discovered();

    run.assertDone();
    assertThat(run.out()).isEqualTo("0 captures, 0 read now; 0 paths; 0 left over\n");
    assertThat(Files.readString(folder.resolve("manifest.csv"))).isEqualTo("id,client,server\r\n");
  }

  @Test
  void wrongArgumentsAreRejected() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "text");
    CommandRun.of("discover", file).assertUnusable(file, "is no folder");
    Path missing = folder.resolve("missing");
    CommandRun.of("discover", missing).assertUnusable(missing, "no such folder");
    assertThat(CommandRun.of("discover").status()).isEqualTo(Main.USAGE);
    assertThat(discover("--jobs", "0").status()).isEqualTo(Main.USAGE);
    discover("--case", file).assertUnusable(file, "is not a case file");
    discover("--manifest", missing.resolve("m.csv")).assertUnusable(missing, "");
    assertThat(discover("--case", missing, "--manifest", missing).status()).isEqualTo(Main.USAGE);
  }

  @Test
  void quietSaysNothing() throws Exception {
    seed("a", "b");
    CommandRun run = discovered("--quiet");
    assertThat(run.out() + run.err()).isEmpty();
    assertThat(paths()).hasSize(1);
  }
}
