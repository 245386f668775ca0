package org.mssbridge.report;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Findings.Reported;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.MiddleboxVerdict;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Fragments;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Group;
import org.mssbridge.model.Input;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** Reports on two captures that contain only one ICMP message. */
final class SampleReport {
  static final CapturePoint CLIENT = new CapturePoint("client");
  static final CapturePoint SERVER = new CapturePoint("server");
  static final Instant STARTED = Instant.parse("2013-04-25T12:00:00Z");

  /** Frame number and time of the ICMP message at the client. */
  static final int ICMP_FRAME = 57;

  static final Instant ICMP_TIME = Instant.parse("2013-04-24T23:59:59.999Z");

  private SampleReport() {}

  record Sample(
      String code,
      Severity severity,
      String message,
      Optional<Direction> direction,
      Optional<Leg> leg,
      Optional<Change> change,
      Facts facts,
      List<Cause> causes,
      String nextStep)
      implements Finding {
    static Sample of(String code, Severity severity, String message) {
      return new Sample(
          code,
          severity,
          message,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Facts.NONE,
          List.of(),
          "");
    }

    Sample sent(Direction way) {
      return new Sample(
          code, severity, message, Optional.of(way), leg, change, facts, causes, nextStep);
    }

    /** A detail of what is between the points, with a change of the MSS. */
    Sample clamping(Leg across, long near, long far) {
      return new Sample(
          code,
          severity,
          message,
          Optional.of(across.direction()),
          Optional.of(across),
          Optional.of(Change.of("MSS", near, far)),
          facts,
          causes,
          nextStep);
    }

    Sample changing(long near, long far) {
      Optional<Change> changed = Optional.of(Change.of("MSS", near, far));
      return new Sample(code, severity, message, direction, leg, changed, facts, causes, nextStep);
    }

    Sample knowing(Facts known) {
      return new Sample(code, severity, message, direction, leg, change, known, causes, nextStep);
    }

    Sample because(List<Cause> reasons, String next) {
      return new Sample(code, severity, message, direction, leg, change, facts, reasons, next);
    }

    @Override
    public boolean describesMiddlebox() {
      return leg.isPresent();
    }

    @Override
    public Kind kind() {
      return new Kind(code, severity, Group.PROTOCOL, "a sample");
    }
  }

  /** A verdict on what is between the two points. */
  record SampleVerdict(String message, Set<PathFunction> functions) implements MiddleboxVerdict {
    @Override
    public Kind kind() {
      return new Kind("path.middlebox", Severity.NOTE, Group.ASSUMPTION, "a sample");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(new Leg(Direction.C2S, CLIENT, SERVER));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.empty();
    }

    @Override
    public Facts facts() {
      return Facts.NONE;
    }
  }

  static Report of(String clientFile, Reported... findings) {
    Endpoint server = new Endpoint("192.0.2.1", 443);
    Endpoint client = new Endpoint("198.51.100.7", 50000);
    TooBig tooBig =
        new TooBig(
            ICMP_FRAME,
            ICMP_TIME.toEpochMilli() * 1_000_000 + 999_999,
            "203.0.113.1",
            client.address(),
            1419,
            247,
            client,
            server,
            OptionalInt.empty(),
            OptionalInt.empty(),
            -1,
            0);
    PointCapture atClient = capture(CLIENT, List.of(tooBig), true);
    PointCapture atServer = capture(SERVER, List.of(), false);
    Comparison comparison = Comparison.of(List.of(atClient, atServer));
    return new Report(
        new Report.Tool("1", "4.0.17", List.of("compare"), STARTED),
        List.of(read(atClient, Path.of(clientFile)), read(atServer, Path.of("server.pcap"))),
        new Evidence(comparison, Knowledge.load()),
        List.of(findings),
        List.of());
  }

  private static PointCapture capture(CapturePoint point, List<TooBig> tooBigs, boolean complete) {
    PointCapture.Extent extent = new PointCapture.Extent(60, 0, 1, 0, 0, 0, 0, complete);
    Coverage coverage = Coverage.of(extent, RecordedTime.UNKNOWN);
    return new PointCapture(
        point, List.of(), tooBigs, Fragments.NONE, List.of(), extent, coverage, Optional.empty());
  }

  private static ReadCapture read(PointCapture capture, Path file) {
    FileState state = new FileState(file, 1, STARTED, Optional.of("00"));
    return new ReadCapture(capture, Input.of(capture.point(), state), List.of(), Optional.empty());
  }

  static Reported reported(Finding finding, Occurrence... occurrences) {
    return new Findings.Reported(finding, List.of(occurrences));
  }
}
