package org.mssbridge.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.GivenUse;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Arrivals;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePiece;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Given;
import org.mssbridge.model.Input;
import org.mssbridge.model.Severity;

/** The report as one JSON object, schema {@value #SCHEMA}. */
public final class JsonReport {
  static final String SCHEMA = "mssbridge-report/1";

  static final Sink SINK =
      new FileSink(
          "json",
          "write the report as JSON",
          Optional.of("write one JSON report per pair"),
          JsonReport::write);

  private static final JsonFactory JSON = new JsonFactory();
  private static final long NANOS = 1_000_000_000L;

  private final Report report;
  private final PageScope scope;
  private final JsonGenerator out;

  private JsonReport(Report report, PageScope scope, JsonGenerator out) {
    this.report = report;
    this.scope = scope;
    this.out = out;
  }

  /**
   * Writes the report without closing the stream.
   *
   * @throws IOException if writing fails
   */
  public static void write(Report report, OutputStream stream) throws IOException {
    try (JsonGenerator out = JSON.createGenerator(stream)) {
      out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      out.setPrettyPrinter(new DefaultPrettyPrinter());
      write(report, PageScope.ALL, out);
      out.writeRaw('\n');
    }
  }

  /** Writes as much of it as a page holds. */
  static void write(Report report, PageScope scope, JsonGenerator out) throws IOException {
    new JsonReport(report, scope, out).write();
  }

  private Comparison comparison() {
    return report.evidence().comparison();
  }

  private void write() throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", SCHEMA);
    writeTool();
    writeCaptures();
    writeClocks();
    writeGiven();
    out.writeArrayFieldStart("connections");
    RetransmissionJson retransmissions = new RetransmissionJson(report.evidence(), out);
    ConnectionJson connections = new ConnectionJson(report.evidence(), retransmissions, out);
    for (var traced : comparison().connections()) {
      if (scope.holds(traced.id())) {
        connections.write(traced);
      }
    }
    out.writeEndArray();
    if (!scope.isWhole()) {
      out.writeNumberField("connections_total", comparison().connections().size());
    }
    writeArrivals();
    writeTime();
    retransmissions.write();
    new OverTimeJson(out).write(report.evidence().overTime());
    new FlowJson(report.evidence().datagrams(), out).write(scope.mostFlows());
    out.writeArrayFieldStart("findings");
    for (Findings.Reported reported : report.findings()) {
      writeFinding(reported);
    }
    out.writeEndArray();
    writeSummary();
    out.writeEndObject();
  }

  private void writeTool() throws IOException {
    out.writeObjectFieldStart("tool");
    out.writeStringField("name", "mssbridge");
    out.writeStringField("version", report.tool().version());
    out.writeStringField("tshark", report.tool().tshark());
    writeStrings("command", report.tool().command());
    out.writeStringField("started", report.tool().started().toString());
    out.writeStringField("time_zone", "UTC");
    out.writeEndObject();
  }

  private void writeCaptures() throws IOException {
    out.writeArrayFieldStart("captures");
    for (ReadCapture capture : report.captures()) {
      Input input = capture.input();
      PointCapture.Extent extent = capture.content().extent();
      out.writeStartObject();
      out.writeStringField("point", capture.point().name());
      // A joined capture is deleted after the run, so its folder is not reported.
      out.writeStringField("file", input.isJoined() ? input.name() : input.original().toString());
      out.writeStringField("sha256", input.sha256().orElse(null));
      out.writeNumberField("bytes", input.bytes());
      if (input.isJoined()) {
        writePieces(input.pieces());
      }
      if (input.part().isPresent()) {
        writePart(input.part().get());
      }
      out.writeNumberField("packets", extent.packets());
      out.writeNumberField("untimed_packets", extent.untimedPackets());
      out.writeStringField("first", extent.hasTime() ? time(extent.firstNanos()) : null);
      out.writeStringField("last", extent.hasTime() ? time(extent.lastNanos()) : null);
      out.writeBooleanField("complete", extent.complete());
      writeCoverage(capture.content());
      new FlowJson(report.evidence().datagrams(), out).writeCapture(capture.content().datagrams());
      out.writeStringField("read_by", capture.notSifted().isEmpty() ? "sieve" : "tshark");
      out.writeStringField("reason", capture.notSifted().orElse(null));
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writePart(FilePart part) throws IOException {
    out.writeObjectFieldStart("part");
    out.writeStringField("told_by", part.toldBy());
    out.writeNumberField("number", part.number() + 1);
    out.writeNumberField("points", part.points());
    out.writeNumberField("file_packets", part.fileFrames());
    out.writeNumberField("packets_at_no_point", part.otherFrames());
    out.writeEndObject();
  }

  private void writePieces(List<CapturePiece> pieces) throws IOException {
    out.writeArrayFieldStart("files");
    for (CapturePiece piece : pieces) {
      out.writeStartObject();
      out.writeStringField("file", piece.file().path().toString());
      out.writeStringField("sha256", piece.file().sha256().orElse(null));
      out.writeNumberField("bytes", piece.file().bytes());
      if (piece.firstFrame().isPresent()) {
        out.writeNumberField("first_frame", piece.firstFrame().getAsInt());
      } else {
        out.writeNullField("first_frame");
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static String time(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS))
        .toString();
  }

  /** In which time the capture surely holds what passed, and how that is known. */
  private void writeCoverage(PointCapture capture) throws IOException {
    Coverage coverage = capture.coverage();
    boolean hasTime = capture.extent().hasTime();
    out.writeObjectFieldStart("coverage");
    out.writeStringField("from", hasTime ? time(coverage.fromNanos()) : null);
    out.writeStringField("from_by", coverage.isFromStated() ? "statistics" : "packets");
    out.writeStringField("until", hasTime ? time(coverage.untilNanos()) : null);
    out.writeStringField("until_by", coverage.isUntilStated() ? "statistics" : "packets");
    if (coverage.droppedPackets().isPresent()) {
      out.writeNumberField("dropped_packets", coverage.droppedPackets().getAsLong());
    } else {
      out.writeNullField("dropped_packets");
    }
    if (!coverage.holes().isEmpty()) {
      out.writeArrayFieldStart("holes");
      for (Coverage.Hole hole : coverage.holes()) {
        out.writeStartObject();
        out.writeStringField("from", time(hole.fromNanos()));
        out.writeStringField("until", time(hole.untilNanos()));
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  /** What became of the data segments of each leg and direction. */
  private void writeArrivals() throws IOException {
    out.writeArrayFieldStart("arrivals");
    for (var leg : report.evidence().passagesByLeg().entrySet()) {
      Arrivals arrivals = Arrivals.of(report.evidence(), leg.getValue());
      out.writeStartObject();
      out.writeStringField("direction", leg.getKey().direction().label());
      out.writeStringField("near", leg.getKey().near().name());
      out.writeStringField("far", leg.getKey().far().name());
      out.writeNumberField("compared", arrivals.compared());
      out.writeNumberField("arrived", arrivals.arrived());
      out.writeNumberField("wrong_checksum", arrivals.wrong());
      out.writeNumberField("lost", arrivals.lost());
      out.writeNumberField("unknown", arrivals.unknown());
      out.writeNumberField("missed_by_capture", arrivals.missedByCapture());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Where the time of requests went, for each list of points. */
  private void writeTime() throws IOException {
    out.writeArrayFieldStart("time");
    for (var spent : report.evidence().timeSpent()) {
      new TimeJson(out).write(spent);
    }
    out.writeEndArray();
  }

  private void writeClocks() throws IOException {
    out.writeArrayFieldStart("clock");
    for (PointCapture capture : comparison().captures()) {
      Clock clock = comparison().clocks().at(capture.point()).orElse(Clock.identity());
      out.writeStartObject();
      out.writeStringField("point", capture.point().name());
      out.writeNumberField("offset_s", clock.offsetSeconds());
      writeNumber("low_s", clock.lowSeconds());
      writeNumber("high_s", clock.highSeconds());
      writeNumber("drift_ppm", clock.driftPpm());
      // The first capture's clock is the reference at any time.
      out.writeStringField("at", clock.samples() > 0 ? time(clock.originNanos()) : null);
      out.writeNumberField("samples", clock.samples());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** What the user gave, and whether the packets contradict it; nothing where nothing is given. */
  private void writeGiven() throws IOException {
    GivenUse use = comparison().given();
    if (use.given().equals(Given.NOTHING)) {
      return;
    }
    out.writeObjectFieldStart("given");
    out.writeArrayFieldStart("clock_offsets");
    for (PointCapture capture : comparison().captures()) {
      Long nanos = use.given().offsetNanos().get(capture.point().name());
      if (nanos != null) {
        out.writeStartObject();
        out.writeStringField("point", capture.point().name());
        out.writeNumberField("offset_s", nanos / (double) NANOS);
        out.writeBooleanField("contradicted", comparison().contradictsOffset(capture.point()));
        out.writeEndObject();
      }
    }
    out.writeEndArray();
    writeStrings("maps", use.given().addresses().stream().map(String::valueOf).toList());
    writeStrings("pairs", use.given().tuples().stream().map(String::valueOf).toList());
    out.writeNumberField("connections", use.connections());
    out.writeNumberField("contradicted", use.contradicted());
    out.writeEndObject();
  }

  private void writeNumber(String name, OptionalDouble value) throws IOException {
    if (value.isPresent()) {
      out.writeNumberField(name, value.getAsDouble());
    } else {
      out.writeNullField(name);
    }
  }

  private void writeFinding(Findings.Reported reported) throws IOException {
    Finding finding = reported.finding();
    out.writeStartObject();
    out.writeStringField("code", finding.kind().code());
    out.writeStringField("severity", finding.severity().label());
    out.writeStringField("group", finding.kind().group().label());
    out.writeStringField("message", finding.message());
    out.writeStringField("direction", finding.direction().map(d -> d.label()).orElse(null));
    TreeSet<Integer> connections = new TreeSet<>();
    Map<CapturePoint, TreeSet<Integer>> frames = new LinkedHashMap<>();
    Findings.Reported shown = scope.cut(reported);
    for (Occurrence occurrence : shown.occurrences()) {
      occurrence.connection().ifPresent(connections::add);
      for (FrameRef frame : occurrence.frames()) {
        frames.computeIfAbsent(frame.point(), p -> new TreeSet<>()).add(frame.frame());
      }
    }
    writeNumbers("connections", connections);
    if (shown.occurrences().size() < reported.occurrences().size()) {
      out.writeNumberField("connections_total", connections(reported));
    }
    out.writeNumberField("count", reported.occurrences().size());
    out.writeObjectFieldStart("frames");
    for (PointCapture capture : comparison().captures()) {
      if (frames.containsKey(capture.point())) {
        writeNumbers(capture.point().name(), frames.get(capture.point()));
      }
    }
    out.writeEndObject();
    out.writeFieldName("facts");
    FactsJson.write(shown, out);
    writeBecause(finding.because());
    writeCauses(finding.causes());
    out.writeStringField("next_step", finding.nextStep());
    writeSecondCapture(CaptureCommand.of(comparison(), reported));
    out.writeEndObject();
  }

  private static long connections(Findings.Reported reported) {
    return reported.occurrences().stream()
        .flatMapToInt(occurrence -> occurrence.connection().stream())
        .distinct()
        .count();
  }

  private void writeSecondCapture(Optional<CaptureCommand> command) throws IOException {
    if (command.isPresent()) {
      out.writeObjectFieldStart("second_capture");
      out.writeStringField("purpose", command.get().purpose());
      out.writeStringField("filter", command.get().filter().text());
      out.writeStringField("tcpdump", command.get().tcpdump());
      out.writeStringField("dumpcap", command.get().dumpcap());
      out.writeEndObject();
    }
  }

  private void writeBecause(List<Explanation> explanations) throws IOException {
    out.writeArrayFieldStart("because");
    for (Explanation explanation : explanations) {
      out.writeStartObject();
      out.writeStringField("code", explanation.by().code());
      out.writeStringField("how", explanation.how());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writeCauses(List<Cause> causes) throws IOException {
    out.writeArrayFieldStart("causes");
    for (Cause cause : causes) {
      out.writeStartObject();
      out.writeStringField("cause", cause.cause());
      writeStrings("for", cause.supporting());
      writeStrings("against", cause.against());
      out.writeStringField("source", cause.source());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void writeSummary() throws IOException {
    out.writeObjectFieldStart("summary");
    out.writeNumberField("matched", comparison().matched());
    out.writeObjectFieldStart("one_sided");
    for (PointCapture capture : comparison().captures()) {
      out.writeNumberField(
          capture.point().name(),
          comparison().connections().stream()
              .filter(c -> c.isOneSided() && c.at().at(capture.point()).isPresent())
              .count());
    }
    out.writeEndObject();
    out.writeNumberField("ambiguous", comparison().ambiguous());
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    report.findings().forEach(f -> counts.merge(f.finding().severity(), 1, Integer::sum));
    out.writeObjectFieldStart("by_severity");
    for (Severity severity : Severity.values()) {
      out.writeNumberField(severity.label(), counts.getOrDefault(severity, 0));
    }
    out.writeEndObject();
    Verdict verdict = Verdict.of(report);
    out.writeStringField("verdict", verdict.text());
    out.writeStringField("time", verdict.account());
    out.writeEndObject();
  }

  private void writeStrings(String name, Iterable<String> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  private void writeNumbers(String name, Iterable<Integer> values) throws IOException {
    out.writeArrayFieldStart(name);
    for (int value : values) {
      out.writeNumber(value);
    }
    out.writeEndArray();
  }
}
