package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.output.OutputException;
import org.mssbridge.report.Sink;
import org.mssbridge.report.Sinks;

/** File names made from ids, and folders that copies may be written to. */
class PairOutputsTest {
  @TempDir private Path folder;

  @Test
  void differentIdsHaveDifferentFiles() {
    assertThat(
            List.of("a\u2013b", "a 13b", "a%2013b", "a%20b", "\ud83d\ude00", "\ud83d\ude01", ".."))
        .extracting(PairOutputs::fileName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9%.]+"))
        .noneMatch(name -> name.startsWith("."));
    assertThat(PairOutputs.fileName("München_1-a.b")).isEqualTo("München_1-a.b");
  }

  @Test
  void copiesOfAPairAreNotWrittenAmongCapturesOfAnother() throws Exception {
    Path client = Files.createDirectory(folder.resolve("client"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    CaptureSource source =
        CaptureSource.of(new CapturePoint("client"), List.of(client.resolve("mon.pcapng")));
    List<CapturePair> pairs =
        List.of(
            new CapturePair("client", List.of(), ""), new CapturePair("b", List.of(source), ""));
    Sink annotate = sink("annotate");
    assertThatThrownBy(() -> PairOutputs.of(Map.of(annotate, link), pairs).check(pairs))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("link/client: holds captures of this batch")
        .hasMessageContaining("--annotate");
    PairOutputs.of(Map.of(annotate, folder.resolve("new")), pairs).check(pairs);
  }

  @Test
  void outputsOfAPairExistIfThoseOfAllSinksDo() throws Exception {
    PairOutputs outputs =
        PairOutputs.of(
            Map.of(sink("json"), folder, sink("annotate"), folder),
            List.of(new CapturePair("a", List.of(), "")));
    assertThat(outputs.exist("a")).isFalse();
    Files.createFile(folder.resolve("a.json"));
    assertThat(outputs.exist("a")).isFalse();
    Files.createDirectory(folder.resolve("a"));
    assertThat(outputs.exist("a")).isTrue();
  }

  @Test
  void idsThatDifferInCaseHaveFilesThatDifferInMore() {
    List<CapturePair> pairs =
        Stream.of("mon", "Mon", "tue").map(id -> new CapturePair(id, List.of(), "")).toList();
    PairOutputs outputs = PairOutputs.of(Map.of(sink("json"), folder), pairs);
    assertThat(outputs.names().values())
        .extracting(name -> name.toLowerCase(Locale.ROOT))
        .doesNotHaveDuplicates()
        .contains("tue");
  }

  private static Sink sink(String name) {
    return Sinks.all().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
