package org.mssbridge.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs are written whole, or through to what is no regular file, which stays what it is. */
class OutputFilesTest {
  private static final OutputFiles.Content REPORT = out -> out.write("report".getBytes(UTF_8));

  private final OutputFiles files = new OutputFiles(List.of());

  @TempDir private Path folder;

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }

  @Test
  void fifoIsWrittenThroughAndStays() throws Exception {
    Path fifo = folder.resolve("fifo");
    assumeTrue(run("mkfifo", fifo.toString()), "no FIFOs here");
    CompletableFuture<String> reader =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(fifo);
              } catch (IOException e) {
                return e.toString();
              }
            });
    files.check(fifo);
    files.write(fifo, REPORT);
    assertThat(reader.get()).isEqualTo("report");
    assertThat(Files.readAttributes(fifo, "isOther")).containsEntry("isOther", true);
  }

  @Test
  void deviceIsWrittenThroughAndStays() throws Exception {
    Path device = folder.resolve("null");
    assumeTrue(run("mknod", device.toString(), "c", "1", "3"), "only root makes devices");
    files.write(device, REPORT);
    assertThat(Files.readAttributes(device, "isOther")).containsEntry("isOther", true);
  }

  /** As {@code /dev/stdout} is; another program holds the file, so it must stay the same file. */
  @Test
  void linkToAnOpenFileIsWrittenThrough() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "no open files as links here");
    Path log = folder.resolve("log");
    Process holder =
        new ProcessBuilder("cat")
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try {
      Path link = folder.resolve("stdout");
      Files.createSymbolicLink(link, Path.of("/proc/" + holder.pid() + "/fd/1"));
      Object before = Files.readAttributes(log, "unix:ino").get("ino");
      files.write(link, REPORT);
      assertThat(log).hasContent("report");
      files.write(link, REPORT);
      assertThat(log).as("what it holds is not written over").hasContent("reportreport");
      assertThat(Files.readAttributes(log, "unix:ino")).containsEntry("ino", before);
      assertThat(link).isSymbolicLink();
    } finally {
      holder.destroy();
    }
  }

  @Test
  void copyOfPacketsDoesNotGoToAFifo() throws Exception {
    Path fifo = folder.resolve("fifo");
    assumeTrue(run("mkfifo", fifo.toString()), "no FIFOs here");
    assertThatThrownBy(() -> files.checkWhole(fifo))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("no regular file")
        .message()
        .hasLineCount(1);
  }

  @Test
  void fileBehindALinkIsReplacedAndTheLinkStays() throws Exception {
    Path real = Files.writeString(folder.resolve("real.json"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("real.json"));
    files.write(link, REPORT);
    assertThat(real).hasContent("report");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void twoNamesOfOneFileAreOnePlace() throws Exception {
    Files.createDirectory(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    OutputPlaces places = new OutputPlaces(List.of());
    assertThat(places.add("--json", folder.resolve("real/a.json"))).isEmpty();
    assertThat(places.add("--ek", folder.resolve("real/b.json"))).isEmpty();
    assertThat(places.add("--html", link.resolve("a.json"))).contains("--json");
    assertThat(places.add("--merged", folder.resolve("real/x/../B.JSON"))).contains("--ek");
  }

  @Test
  void dashAndStandardStreamsAreForText() {
    assertThatThrownBy(() -> files.check(Path.of("-")))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("standard output has the text report");
    assertThatThrownBy(() -> files.checkWhole(Path.of("-"))).isInstanceOf(OutputException.class);
    assertThatThrownBy(() -> OutputFiles.makeFolder(Path.of("-")))
        .isInstanceOf(OutputException.class);
  }

  @Test
  void diskIsNotWrittenOver() throws Exception {
    Path disk = folder.resolve("disk");
    assumeTrue(run("mknod", disk.toString(), "b", "7", "200"), "only root makes devices");
    assertThatThrownBy(() -> files.check(disk))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("it is a disk");
  }

  @Test
  void linkToWhatIsNotThereYetIsFollowed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("real.json"));
    OutputPlaces places = new OutputPlaces(List.of());
    assertThat(places.add("--json", link)).isEmpty();
    assertThat(places.add("--ek", folder.resolve("real.json"))).contains("--json");
    files.write(link, REPORT);
    assertThat(folder.resolve("real.json")).hasContent("report");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void fileAndFolderOfOneNameMeet() throws Exception {
    OutputPlaces places = new OutputPlaces(List.of());
    assertThat(places.add("--json", folder.resolve("a"))).isEmpty();
    assertThat(places.add("--annotate", folder.resolve("A/copy.pcapng"))).contains("--json");
    assertThat(places.add("--annotate", folder.resolve("b/copy.pcapng"))).isEmpty();
    assertThat(places.add("--annotate", folder.resolve("b/other.pcapng"))).isEmpty();
    assertThat(places.add("--json", folder.resolve("b"))).contains("--annotate");
  }

  @Test
  void noNameOfAnInputIsAnOutput() throws Exception {
    Path input = Files.writeString(folder.resolve("in.pcap"), "packets");
    Path hard = Files.createLink(folder.resolve("hard"), input);
    Path link = Files.createSymbolicLink(folder.resolve("link"), input);
    Path missing = folder.resolve("missing.pcap");
    OutputPlaces places = new OutputPlaces(List.of(input, missing));
    for (Path output : List.of(input, hard, link, missing)) {
      assertThatThrownBy(() -> places.add("--json", output))
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("it is an input");
    }
  }
}
