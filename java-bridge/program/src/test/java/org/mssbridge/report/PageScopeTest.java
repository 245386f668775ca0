package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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

  @Test
  void aSmallPageHoldsAllAsTheReportDoes() throws IOException {
    assertThat(json(PageScope.of(report(), MANY)))
        .isEqualTo(json(PageScope.ALL))
        .doesNotContain("connections_total");
  }
}
