package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.ReadCaptures;
import org.mssbridge.cli.Story;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Severity;

/** What a page holds where there is very much of something. */
class PageScopeTest {
  private static final int MANY = 30;

  private static Report report() {
    return SampleReport.of(
        "c",
        new Reported(
            SampleReport.Sample.of("x", Severity.NOTE, "words"),
            IntStream.range(0, MANY)
                .mapToObj(id -> Occurrence.on(id).at(SampleReport.CLIENT, id + 1))
                .toList()));
  }

  private static String json(PageScope scope) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      JsonReport.write(report(), scope, out);
    }
    return text.toString();
  }

  @Test
  void aPageHoldsSomeOccurrencesAndSaysHowManyConnectionsThereAre() throws IOException {
    assertThat(json(PageScope.of(report(), 3)))
        .contains("\"connections\":[0,1,2],\"connections_total\":30,\"count\":30")
        .contains("\"client\":[1,2,3]");
  }

  /**
   * Forty connections alike but for their size, and then a small one whose MSS is clamped: of all,
   * a page has the first of each finding, and then the largest.
   */
  @Test
  void aPageHoldsTheFirstOfEachFindingAndTheLargest(@TempDir Path folder) throws Exception {
    StringBuilder script = new StringBuilder("point client\npoint server  clock +250ms\n");
    for (int i = 0; i < 40; i++) {
      script.append(
          """
          connection web%d  192.0.2.10:%d -> 198.51.100.20:8080
          %d.0 web%d handshake <mss 1460>
          +10ms web%d exchange %d times 300 700 every 10ms
          """
              .formatted(i, 50_000 + i, i, i, i, 1 + i));
    }
    script.append(
        """
        connection odd  192.0.2.10:51000 -> 198.51.100.20:8080
        between client server  on odd  clamp 1380
        50.0 odd handshake <mss 1460>
        """);
    Path file = Files.writeString(folder.resolve("story.txt"), script);
    Path[] captures = Story.of(file).captures(folder);
    ReadCaptures reader = new ReadCaptures();
    Report report =
        ReadCaptures.compared(
            List.of(reader.read(captures[0], "client"), reader.read(captures[1], "server")));

    PageScope scope = PageScope.of(report, 30);

    Set<Integer> held =
        IntStream.rangeClosed(0, 40).filter(scope::holds).boxed().collect(Collectors.toSet());
    assertThat(held).hasSize(30).contains(40, 39, 20).doesNotContain(5, 8);
    Reported clamped =
        report.findings().stream()
            .filter(reported -> reported.finding().kind().code().equals("mss.clamped"))
            .findFirst()
            .orElseThrow();
    assertThat(scope.cut(clamped).occurrences()).hasSameSizeAs(clamped.occurrences());
    assertThat(PageScope.of(report, 41).isWhole()).isTrue();
  }

  @Test
  void aSmallPageHoldsAllAsTheReportDoes() throws IOException {
    assertThat(json(PageScope.of(report(), MANY)))
        .isEqualTo(json(PageScope.ALL))
        .doesNotContain("connections_total");
  }
}
