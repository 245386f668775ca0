package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.report.AnnotatedCapture.Comments;
import org.mssbridge.report.AnnotatedCapture.TsharkCount;

/** Annotates captures from public repositories, of which many were made to break readers. */
@Tag("slow")
class PublicCapturesTest {
  private static final Path CAPTURES =
      Path.of(System.getProperty("mssbridge.root", ".."), "..", "shared", "captures");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"public/pcapng", "public/single", "public/fuzz", "public/pairs", "lab"})
  void theCopyOfEachIsTheInputWithComments(String place) throws Exception {
    Path captures = CAPTURES.resolve(place);
    assumeTrue(Files.isDirectory(captures), () -> "no captures in " + captures);
    for (Path capture : files(captures)) {
      Path output = folder.resolve("copy.pcapng");
      try {
        if (WiresharkTools.frames(capture).lines().isEmpty()) {
          writesOneClearErrorOrACopy(capture, output);
        } else {
          AnnotatedCaptureCheck.holds(capture, output);
          otherProgramsAccept(output, capture);
        }
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError(capture + ": " + e.getMessage(), e);
      }
    }
  }

  /** Where a program refuses the copy, it refuses the input too. */
  private void otherProgramsAccept(Path copy, Path original) throws Exception {
    for (String program : List.of("capinfos", "editcap", "mergecap")) {
      if (statusOf(program, copy) != 0) {
        assertThat(statusOf(program, original)).as(program + " on the input").isNotZero();
      }
    }
  }

  private int statusOf(String program, Path capture) throws Exception {
    String file = capture.toString();
    String scratch = folder.resolve("scratch.pcapng").toString();
    return WiresharkTools.run(
            switch (program) {
              case "editcap" -> List.of(program, file, scratch);
              case "mergecap" -> List.of(program, "-w", scratch, file, file);
              default -> List.of(program, file);
            })
        .status();
  }

  private static void writesOneClearErrorOrACopy(Path capture, Path output) {
    Comments none = new NoComments();
    try {
      AnnotatedCapture.write(capture, output, List.of(), none, new TsharkCount(0, false));
    } catch (OutputException e) {
      assertThat(e).hasMessageContaining(capture.toString());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".json"))
          .sorted()
          .toList();
    }
  }

  private record NoComments() implements Comments {
    @Override
    public List<String> of(long frame) {
      return List.of();
    }

    @Override
    public String disowning(int lookalikes) {
      return "foreign";
    }
  }
}
