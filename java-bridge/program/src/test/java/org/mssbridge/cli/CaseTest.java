package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mssbridge.script.Expectation;

/** The report on every story's captures has what the story expects, and nothing that it forbids. */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CaseTest {
  /** What a cause is not named without. */
  private static final Set<String> SELECTING =
      Set.of(
          "both ISNs are the same at both points",
          "the ISN differs",
          "data segments are acknowledged before they can have been at the other point",
          "the stream's length changes client to server in mid-connection",
          "the TTL does not fall between the points",
          "the MSS was raised, and a device that only clamps lowers it",
          "the MSS was raised, which Linux TCPMSS never does",
          "the MSS was raised: it is that of another host's link",
          "connections between the same addresses and ports begin within 5 s at both points, with"
              + " other ISNs and other first data");

  /** Said or not by what is measured, but no story shows the other case yet. */
  private static final Set<String> WITHOUT_THE_OTHER_STORY =
      Set.of(
          "no answer to it is at client",
          "the segment is larger than any that crossed, and has DF set",
          "it misses no data of this connection");

  private final EvidenceTexts told = new EvidenceTexts();

  static Stream<Story> stories() throws IOException {
    return Story.all();
  }

  @ParameterizedTest
  @MethodSource("stories")
  void reportMatchesTheStory(Story story, @TempDir Path folder) throws IOException {
    ReportOf report = ReportOf.captures(story.captures(folder));
    told.add(report);
    List<String> complaints = ExpectedFindings.complaints(story, report);
    assertThat(complaints).withFailMessage(() -> "\n" + String.join("\n", complaints)).isEmpty();
  }

  /** Only where all stories were told, not where some were chosen. */
  @AfterAll
  void noTextOfEvidenceIsAConstantOfItsCause() throws IOException {
    if (told.reports() == Story.all().count()) {
      assertThat(told.constants())
          .allMatch(
              text ->
                  Stream.concat(SELECTING.stream(), WITHOUT_THE_OTHER_STORY.stream())
                      .anyMatch(text::endsWith));
    }
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
