package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the whole program on captures from public repositories, many of them made to break programs.
 */
@Tag("slow")
class PublicCapturesRunTest {
  private static final Path CAPTURES =
      ReportOf.projectRoot().resolve("../shared/captures/public").normalize();

  private static final Set<String> KINDS = Set.of("fuzz", "single", "pcapng");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> eachIsComparedOrRefusedInOneLine() throws IOException {
    assumeThat(CAPTURES).isDirectory();
    try (Stream<Path> files = Files.walk(CAPTURES)) {
      List<Path> captures =
          files.filter(file -> KINDS.contains(file.getParent().getFileName().toString())).toList();
      return captures.stream()
          .map(
              capture ->
                  DynamicTest.dynamicTest(
                      CAPTURES.relativize(capture).toString(), () -> holds(capture)));
    }
  }

  private void holds(Path capture) throws IOException {
    Path json = folder.resolve("report.json");
    CommandRun run = CommandRun.compare(capture, capture, "--json", json, "--quiet");
    if (run.status() == Main.UNUSABLE) {
      run.assertUnusable(capture, "");
      assertThat(json).doesNotExist();
    } else {
      run.assertDone();
      assertThat(ReportOf.map(ReportOf.parse(json))).containsKey("summary");
      Files.delete(json);
    }
  }
}
