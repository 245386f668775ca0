package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mssbridge.report.SampleReport.CLIENT;
import static org.mssbridge.report.SampleReport.ICMP_FRAME;
import static org.mssbridge.report.SampleReport.SERVER;
import static org.mssbridge.report.SampleReport.reported;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;
import org.mssbridge.report.SampleReport.Sample;

/** The documents for a search engine. */
class EkReportTest {
  private static final Sample CLAMPED =
      Sample.of("mss.clamped", Severity.WARN, "MSS 1460 became 1380")
          .sent(Direction.C2S)
          .changing(1460, 1380);

  @Test
  void aFindingHasOneDocumentPerFrameInTheIndexOfItsDay() throws IOException {
    Occurrence occurrence = Occurrence.on(0).at(CLIENT, ICMP_FRAME).at(SERVER, 1);
    String common =
        "\"mss_finding_code\":[\"mss.clamped\"],\"mss_finding_severity\":[\"warn\"],"
            + "\"mss_finding_group\":[\"protocol\"],\"mss_finding\":[\"MSS 1460 became 1380\"],"
            + "\"mss_finding_conn\":[\"0\"],\"mss_finding_direction\":[\"c2s\"],"
            + "\"mss_finding_near\":[\"1460\"],\"mss_finding_far\":[\"1380\"],";
    assertThat(write(SampleReport.of("dir/client.pcap", reported(CLAMPED, occurrence))))
        .isEqualTo(
            "{\"index\":{\"_index\":\"mssbridge-2013-04-24\"}}\n"
                + "{\"timestamp\":\"1366847999999\",\"layers\":{"
                + common
                + "\"mss_finding_point\":[\"client\"],\"mss_finding_peer\":[\"server\"],"
                + "\"mss_finding_peer_frame\":[\"1\"],\"frame_number\":[\"57\"],"
                + "\"frame_file\":[\"client.pcap\"],\"frame_file_sha256\":[\"00\"]}}\n"
                + "{\"index\":{\"_index\":\"mssbridge-2013-04-25\"}}\n"
                + "{\"timestamp\":\"1366891200000\",\"layers\":{"
                + common
                + "\"mss_finding_point\":[\"server\"],\"mss_finding_peer\":[\"client\"],"
                + "\"mss_finding_peer_frame\":[\"57\"],\"frame_number\":[\"1\"],"
                + "\"frame_file\":[\"server.pcap\"],\"frame_file_sha256\":[\"00\"]}}\n");
  }

  @Test
  void aFindingWithoutFramesHasOneDocumentInTheIndexOfTheRunsDayAndNoEmptyKeys()
      throws IOException {
    Sample offset = Sample.of("clock.offset", Severity.COMMENT, "0 s");
    assertThat(write(SampleReport.of("c", reported(offset, Occurrence.anywhere()))))
        .isEqualTo(
            "{\"index\":{\"_index\":\"mssbridge-2013-04-25\"}}\n"
                + "{\"timestamp\":\"1366891200000\",\"layers\":{"
                + "\"mss_finding_code\":[\"clock.offset\"],\"mss_finding_severity\":[\"comment\"],"
                + "\"mss_finding_group\":[\"protocol\"],\"mss_finding\":[\"0 s\"]}}\n");
  }

  @Test
  void messageAndFactsOfAnOccurrenceAreInItsDocument() throws IOException {
    Occurrence occurrence = Occurrence.on(7).at(SERVER, 3).saying("this one is larger");
    assertThat(write(SampleReport.of("c", reported(CLAMPED, occurrence))))
        .contains("\"mss_finding\":[\"this one is larger\"]", "\"mss_finding_conn\":[\"7\"]")
        .doesNotContain("peer");
  }

  @Test
  void aHostileFileNameBreaksNoLine() throws IOException {
    Occurrence occurrence = Occurrence.on(0).at(CLIENT, 1);
    String text = write(SampleReport.of("\"}\n{\u2028\u001b.pcap", reported(CLAMPED, occurrence)));
    assertThat(text.split("\n")).hasSize(2);
    assertThat(text).contains("\"frame_file\":[\"\\\"}\\\\x0a{\\\\u{2028}\\\\x1b.pcap\"]");
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      int objects = 0;
      while (parser.nextToken() != null) {
        objects += parser.getParsingContext().inRoot() ? 1 : 0;
      }
      assertThat(objects).isEqualTo(2);
    }
  }

  private static String write(Report report) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    EkReport.write(report, output);
    return output.toString(StandardCharsets.UTF_8);
  }
}
