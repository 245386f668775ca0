package org.mssbridge.packets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.mssbridge.capturefile.AnnotatedCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.OutputPlaces;
import org.mssbridge.output.Outputs;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.rule.ForeignComments;

/**
 * For each point that has packets which another one lacks, a capture with these alone, and a
 * comment on each that says which point lacks it and why, as far as that is known.
 */
public final class MissingCaptures implements Sink {
  @Override
  public String name() {
    return "missing";
  }

  @Override
  public String description() {
    return "write captures of the packets that one point has and another lacks";
  }

  @Override
  public boolean isFolder() {
    return true;
  }

  @Override
  public boolean copiesPackets() {
    return true;
  }

  @Override
  public List<Path> files(Path place, Map<CapturePoint, Path> captures) {
    return List.copyOf(copies(place, captures.keySet()).values());
  }

  @Override
  public void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException {
    files.checkFolder(place, files(place, captures));
  }

  /** Such as {@code DIR/server-missing.pcapng}; names that are one without case are numbered. */
  private static Map<CapturePoint, Path> copies(Path folder, Iterable<CapturePoint> points) {
    Map<CapturePoint, Path> copies = new LinkedHashMap<>();
    Map<String, Integer> taken = new HashMap<>();
    for (CapturePoint point : points) {
      String name = "only-at-" + point.name().replaceAll("[^A-Za-z0-9._-]", "_");
      int before = taken.merge(OutputPlaces.folded(name), 1, Integer::sum);
      copies.put(point, folder.resolve((before == 1 ? name : name + "-" + before) + ".pcapng"));
    }
    return copies;
  }

  @Override
  public void write(Report report, Path place, OutputFiles files, Outputs outputs) {
    Map<CapturePoint, Map<Integer, String>> comments = new HashMap<>();
    List<CapturePoint> points = report.captures().stream().map(ReadCapture::point).toList();
    Map<CapturePoint, Path> copies = copies(place, points);
    outputs.write(
        () -> {
          try {
            PacketRows.each(report.evidence(), row -> collect(row, points, comments));
          } catch (IOException e) {
            throw new OutputException(
                "cannot write " + Printable.of(place) + ": " + e.getMessage(), e);
          }
        });
    for (ReadCapture capture : report.captures()) {
      Map<Integer, String> own = comments.getOrDefault(capture.point(), Map.of());
      if (own.isEmpty()) {
        continue;
      }
      Path copy = copies.get(capture.point());
      outputs.write(
          () -> {
            OutputFiles.makeFolder(place);
            AnnotatedCapture.write(
                capture.input().path(),
                copy,
                files.inputs(),
                new Missing(own, capture.input()::frameNumber),
                new AnnotatedCapture.TsharkCount(
                    capture.content().extent().packets(), capture.content().extent().complete()));
          },
          own.size()
              + (own.size() == 1 ? " packet" : " packets")
              + " of "
              + Printable.of(capture.point().name())
              + " that another point lacks: "
              + Printable.of(copy));
    }
  }

  private static void collect(
      PacketRow row, List<CapturePoint> points, Map<CapturePoint, Map<Integer, String>> comments) {
    if (row.isMissing()) {
      CapturePoint point =
          points.stream().filter(p -> p.name().equals(row.point())).findFirst().orElseThrow();
      comments.computeIfAbsent(point, p -> new HashMap<>()).put(row.frame(), comment(row));
    }
  }

  private static String comment(PacketRow row) {
    String before = before(row);
    if (row.fate() == null || row.fate() == Fate.ARRIVED) {
      return before;
    }
    String after =
        switch (row.fate()) {
          case LOST -> "lost before " + row.nextPoint();
          case PARTLY_LOST ->
              (row.lostBytes() == null
                      ? "a part of it was"
                      : row.lostBytes() + " of its bytes were")
                  + " lost before "
                  + row.nextPoint();
          case MISSED -> "arrived, and is missing from the capture at " + row.nextPoint();
          default -> "cannot tell whether it arrived at " + row.nextPoint();
        };
    return before.isEmpty() ? after : before + "; " + after;
  }

  private static String before(PacketRow row) {
    if (row.isDuplicate()) {
      return "a further copy of what "
          + row.previousPoint()
          + " has once"
          + (row.previousFrame() == null ? "" : ", frame " + row.previousFrame());
    }
    return row.previousPoint() != null && row.previousFrame() == null
        ? "not seen at " + row.previousPoint()
        : "";
  }

  /** The comments of one capture, which are also what is kept of it. */
  private record Missing(Map<Integer, String> byFrame, IntUnaryOperator numbers)
      implements AnnotatedCapture.Comments {
    @Override
    public List<String> of(long frame) {
      int number = numbers.applyAsInt((int) frame);
      String words = byFrame.get(number);
      return words == null ? List.of() : List.of("frame " + number + ": " + words);
    }

    @Override
    public boolean keeps(long frame) {
      return byFrame.containsKey(numbers.applyAsInt((int) frame));
    }

    @Override
    public String disowning(int lookalikes) {
      return new ForeignComments(lookalikes).message();
    }
  }
}
