package org.mssbridge.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.mssbridge.capturefile.AnnotatedCapture;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FrameRef;
import org.mssbridge.model.Printable;
import org.mssbridge.rule.ForeignComments;

/** The findings of one capture point as comments on its packets. */
final class FindingComments implements AnnotatedCapture.Comments {
  private final Report report;
  private final IntUnaryOperator numbers;
  private final Map<Integer, Set<String>> byFrame = new HashMap<>();

  private FindingComments(Report report, List<ReadCapture> captures, IntUnaryOperator numbers) {
    this.report = report;
    this.numbers = numbers;
    captures.forEach(capture -> add(capture.point()));
  }

  /** The comments on the packets of a file, which may be the capture of several points. */
  static FindingComments of(Report report, List<ReadCapture> captures) {
    return new FindingComments(report, captures, frame -> frame);
  }

  /** The comments on the packets of one point, which may be a part of a file. */
  static FindingComments ofPart(Report report, ReadCapture capture) {
    return new FindingComments(report, List.of(capture), capture.input()::frameNumber);
  }

  /**
   * Sorts the findings by frame. The most severe comes last, because tshark 3.4 shows only the last
   * comment.
   */
  private void add(CapturePoint point) {
    List<Findings.Reported> mildestFirst = new ArrayList<>(report.findings());
    Collections.reverse(mildestFirst);
    for (Findings.Reported reported : mildestFirst) {
      for (Occurrence occurrence : reported.occurrences()) {
        add(point, reported.finding(), occurrence);
      }
    }
  }

  /** All frames of an occurrence, which may be many, have the same comment. */
  private void add(CapturePoint point, Finding finding, Occurrence occurrence) {
    String comment = null;
    for (FrameRef frame : occurrence.frames()) {
      if (frame.point().equals(point)) {
        comment = comment == null ? comment(point, finding, occurrence) : comment;
        byFrame.computeIfAbsent(frame.frame(), f -> new LinkedHashSet<>(2)).add(comment);
      }
    }
  }

  private String comment(CapturePoint point, Finding finding, Occurrence occurrence) {
    FrameRef peer =
        occurrence.frames().stream()
            .filter(other -> !other.point().equals(point))
            .findFirst()
            .orElse(null);
    StringBuilder text = new StringBuilder();
    String words = occurrence.message().isEmpty() ? finding.message() : occurrence.message();
    // A file's name may look like the machine-readable part.
    text.append(words.replace(AnnotatedCapture.MARK, "(mssbridge/"));
    if (peer != null) {
      String file = Printable.of(report.captureName(peer.point()));
      text.append(": ").append(file.replace(AnnotatedCapture.MARK, "(mssbridge/"));
      text.append(" frame ").append(peer.frame());
    }
    begin(text, finding);
    if (occurrence.connection().isPresent()) {
      field(text, "conn", Integer.toString(occurrence.connection().getAsInt()));
    }
    finding.direction().ifPresent(direction -> field(text, "direction", direction.label()));
    if (finding.change().isPresent()) {
      Change change = finding.change().get();
      field(text, "near", change.near());
      field(text, "far", change.far());
    }
    field(text, "point", point.name());
    if (peer != null) {
      field(text, "peer", peer.point().name());
      field(text, "peer_frame", Integer.toString(peer.frame()));
    }
    return text.append(']').toString();
  }

  /** Begins the machine-readable part. */
  private static void begin(StringBuilder text, Finding finding) {
    text.append(' ').append(AnnotatedCapture.MARK).append('1');
    field(text, "code", finding.kind().code());
    field(text, "severity", finding.severity().label());
    field(text, "group", finding.kind().group().label());
  }

  private static void field(StringBuilder text, String key, String value) {
    text.append(' ').append(key).append('=').append(value.replace("%", "%25").replace(" ", "%20"));
  }

  @Override
  public List<String> of(long frame) {
    int number = numbers.applyAsInt((int) frame);
    return List.copyOf(byFrame.getOrDefault(number, Set.of()));
  }

  @Override
  public String disowning(int lookalikes) {
    Finding finding = new ForeignComments(lookalikes);
    StringBuilder text = new StringBuilder(finding.message());
    begin(text, finding);
    field(text, "ignored", Integer.toString(lookalikes));
    return text.append(']').toString();
  }
}
