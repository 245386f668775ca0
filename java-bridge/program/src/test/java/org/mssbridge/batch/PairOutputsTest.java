package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Source;

/** Ids as names of files, and where copies may go. */
class PairOutputsTest {
  @TempDir private Path folder;

  @Test
  void twoIdsNeverHaveOneFile() {
    assertThat(
            List.of("a\u2013b", "a 13b", "a%2013b", "a%20b", "\ud83d\ude00", "\ud83d\ude01", ".."))
        .extracting(PairOutputs::fileName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9%.]+"))
        .noneMatch(name -> name.startsWith("."));
    assertThat(PairOutputs.fileName("München_1-a.b")).isEqualTo("München_1-a.b");
  }

  @Test
  void copiesOfAPairNeverGoAmongCapturesOfAnother() throws Exception {
    Path client = Files.createDirectory(folder.resolve("client"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Source source = new Source(new CapturePoint("client"), List.of(client.resolve("mon.pcapng")));
    List<CapturePair> pairs =
        List.of(
            new CapturePair("client", List.of(), ""), new CapturePair("b", List.of(source), ""));
    assertThatThrownBy(() -> new PairOutputs(Optional.empty(), Optional.of(link)).check(pairs))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("link/client: holds captures of this batch");
    new PairOutputs(Optional.empty(), Optional.of(folder.resolve("new"))).check(pairs);
  }
}
