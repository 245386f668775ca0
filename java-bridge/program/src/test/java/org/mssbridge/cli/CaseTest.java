package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.script.Expectation;

/** The report on every story's captures has what the story expects, and nothing that it forbids. */
@Execution(ExecutionMode.CONCURRENT)
class CaseTest {
  static Stream<Story> stories() throws IOException {
    return Story.all();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void reportMatchesTheStory(Story story, @TempDir Path folder) throws IOException {
    ReportOf report = ReportOf.captures(story.captures(folder));
    List<String> complaints = ExpectedFindings.complaints(story, report);
    assertThat(complaints).withFailMessage(() -> "\n" + String.join("\n", complaints)).isEmpty();
  }

  static Stream<String> codes() {
    return ExpectedFindings.implemented().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("codes")
  void everyCodeHasAStoryWhereItFiresAndOneWhereItIsSilent(String code) throws IOException {
    assertThat(expectations().filter(e -> e.code().equals(code)).map(Expectation::negated))
        .as("write lines 'expect %s …' and 'expect not %s …' in %s", code, code, Story.FOLDER)
        .contains(false, true);
  }

  @Test
  void storiesNameExistingCodes() throws IOException {
    Set<String> known = ExpectedFindings.implemented();
    assertThat(expectations().map(Expectation::code).filter(code -> !known.contains(code)))
        .as("correct what the stories in %s expect", Story.FOLDER)
        .isEmpty();
  }

  private static Stream<Expectation> expectations() throws IOException {
    return Story.all().flatMap(story -> story.script().expectations().stream());
  }
}
