package org.mssbridge.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Input;
import org.mssbridge.pipeline.CaptureReader;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.report.JsonReport;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.rule.Rules;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * Does the work of {@code compare} in two steps, so that a capture is read once for many
 * comparisons.
 */
public final class ReadCaptures {
  private static final Knowledge KNOWLEDGE = Knowledge.load();

  private final Tshark tshark;

  public ReadCaptures() throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    tshark = Tshark.find("tshark", script, Duration.ofMinutes(2));
  }

  public PointCapture read(Path file, String point)
      throws TsharkException, IOException, InterruptedException {
    return new CaptureReader(tshark, Frames.evidence(), ReadProgress.none(), Stopwatch.none())
        .readAll(List.of(Input.of(new CapturePoint(point), FileState.of(file))))
        .get(0)
        .content();
  }

  private static ReadCapture unnamed(PointCapture capture) {
    Input input = Input.of(capture.point(), FileState.of(Path.of("-")));
    return new ReadCapture(capture, input, List.of(), Optional.empty());
  }

  static Evidence evidence(List<PointCapture> captures) {
    return new Evidence(Comparison.of(captures), KNOWLEDGE);
  }

  /** The report on captures, before it is written. */
  public static Report compared(List<PointCapture> captures) {
    Evidence evidence = evidence(captures);
    return new Report(
        new Report.Tool("test", "test", List.of(), Instant.EPOCH),
        captures.stream().map(ReadCaptures::unnamed).toList(),
        evidence,
        Rules.check(evidence).reported(),
        List.of());
  }

  static ReportOf report(List<PointCapture> captures) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    JsonReport.write(compared(captures), json);
    try (JsonParser parser = new JsonFactory().createParser(json.toByteArray())) {
      return new ReportOf(ReportOf.map(ReportOf.parse(parser)));
    }
  }
}
