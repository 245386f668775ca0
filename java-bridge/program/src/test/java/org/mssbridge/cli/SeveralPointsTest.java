package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.script.PacketScript;
import org.mssbridge.script.TsharkText;
import org.mssbridge.split.CaptureSplitter;
import org.mssbridge.split.Splitting;

/** One file that holds several points, with every output and beside other files. */
class SeveralPointsTest {
  @TempDir Path folder;

  private Path firewall;

  @BeforeEach
  void capture() throws IOException {
    firewall = story("capture.several-points-sll2");
  }

  private Path story(String name) throws IOException {
    return Story.of(Story.FOLDER.resolve(name + ".txt")).captures(folder.resolve(name))[0];
  }

  @Test
  void annotatedCopyHasTheFindingsOfAllPointsWithTheFramesOfTheFile() {
    Path copies = folder.resolve("annotated");
    CommandRun run = CommandRun.compare(firewall, "--annotate", copies);
    assertThat(run.err()).isEqualTo("mssbridge: all.pcap annotated: " + copies + "/all.pcapng\n");
    Path copy = copies.resolve("all.pcapng");
    assertThat(TsharkText.fields(copy, "frame", "frame.number")).hasSize(19);
    assertThat(comments(copy, 1))
        .contains("code=mss.clamped")
        .contains("point=ifindex%202 peer=ifindex%203 peer_frame=2]")
        .contains("MSS 1460 became 1380 between ifindex 2 and ifindex 3: ifindex 3 frame 2");
    assertThat(comments(copy, 2)).contains("point=ifindex%203 peer=ifindex%202 peer_frame=1]");
  }

  private static String comments(Path capture, int frame) {
    return String.join(
        "\n", TsharkText.fields(capture, "frame.number == " + frame, "frame.comment"));
  }

  @Test
  void mergedCaptureHasAnInterfaceForEachPoint() {
    Path merged = folder.resolve("merged.pcapng");
    assertThat(CommandRun.compare(firewall, "--merged", merged).status()).isEqualTo(Main.DONE);
    assertThat(TsharkText.fields(merged, "tcp.flags.syn == 1", "frame.interface_name"))
        .containsExactly("ifindex 2", "ifindex 3", "ifindex 3", "ifindex 2");
    assertThat(comments(merged, 1)).contains("code=mss.clamped");
  }

  @Test
  void jsonNamesTheFileForEachPointAndNoStream() throws IOException {
    ReportOf report = ReportOf.captures(firewall);
    List<?> captures = (List<?>) report.root().get("captures");
    assertThat(captures)
        .extracting(capture -> ReportOf.map(capture).get("point"))
        .containsExactly("ifindex 2", "ifindex 3");
    assertThat(captures)
        .extracting(capture -> ReportOf.map(capture).get("file"))
        .containsOnly(firewall.toString());
    List<?> connections = (List<?>) report.root().get("connections");
    assertThat(ReportOf.map(ReportOf.map(connections.get(0)).get("at")).get("ifindex 2"))
        .asString()
        .contains("stream=null");
  }

  @Test
  void inspectComparesThePointsToo() {
    CommandRun run = CommandRun.of("inspect", firewall);
    run.assertDone();
    assertThat(findings(run)).isEqualTo(findings(CommandRun.compare(firewall)));
  }

  /** The report without the command lines at its end. */
  private static String findings(CommandRun run) {
    return run.out().split("\nmade of|\nMade of", 2)[0];
  }

  @Test
  void fileOfOnePointIsNotEnoughToCompare() throws IOException {
    Path client = ReportOf.example("lab-05-seed")[0];
    CommandRun.compare(client).assertUnusable(client, "this one holds one point");
    CommandRun.compare(firewall, "--points", "none")
        .assertUnusable(firewall, "--points none finds no packet in it at two points");
  }

  @Test
  void fileBetweenTwoOthersMakesAPathOfFour() throws Exception {
    Path[] seed = ReportOf.example("lab-05-seed");
    Path both = folder.resolve("both.pcapng");
    LawsTest.run("mergecap", "-I", "none", "-w", both + "", seed[0] + "", seed[1] + "");
    CommandRun run = CommandRun.compare(seed[0], both, seed[1], "-v", "--only", "mss.clamped");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("point1: ")
        .contains("interface 0: both.pcapng")
        .contains("interface 1: both.pcapng")
        .contains("point4: ")
        .contains("MSS 1460 became 1380 between interface 0 and interface 1");
    assertThat(CommandRun.compare(seed[1], both, seed[0]).out().replaceAll("\\s+", " "))
        .contains("server is point4 - interface 0 - interface 1 - point1");
  }

  @Test
  void batchComparesFilesOfSeveralPointsOnce() throws IOException {
    Path manifest = Files.writeString(folder.resolve("m.csv"), "id,fw\none," + firewall + "\n");
    Path cases = folder.resolve("case.db");
    CommandRun first = CommandRun.of("batch", manifest, "--case", cases);
    assertThat(first.out()).contains("1 pair: 1 compared");
    assertThat(CommandRun.of("case", cases).out()).contains("mss.clamped");
    CommandRun second = CommandRun.of("batch", manifest, "--case", cases);
    assertThat(second.out()).contains("0 compared, 1 compared before");
    CommandRun other = CommandRun.of("batch", manifest, "--case", cases, "--points", "interface");
    assertThat(other.out()).contains("1 pair: 1 compared");
  }

  /** What repeats a packet in one place, and what shares none between places. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "capture.duplicates",
        "path.lost",
        "rst.injected-own",
        "scanners",
        "port-reuse",
      })
  void captureOfOnePointIsNotSplit(String story) throws IOException {
    PacketScript script = PacketScript.parse(Story.FOLDER.resolve(story + ".txt"));
    for (Path file : script.writeTo(Files.createDirectories(folder.resolve(story))).values()) {
      assertThat(CaptureSplitter.split(file, Splitting.AUTO, () -> folder))
          .as("%s", file)
          .isEmpty();
    }
  }
}
