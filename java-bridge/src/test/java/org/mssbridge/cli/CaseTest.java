package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program says of every story's captures what the story expects, and nothing that it forbids.
 */
@Execution(ExecutionMode.CONCURRENT)
class CaseTest {
  static Stream<Story> stories() throws IOException {
    return Story.all();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void reportSaysWhatTheStoryExpects(Story story, @TempDir Path folder) throws IOException {
    ReportOf report = ReportOf.captures(story.captures(folder));
    List<String> complaints = ExpectedFindings.complaints(story, report);
    assertThat(complaints).withFailMessage(() -> "\n" + String.join("\n", complaints)).isEmpty();
  }
}
