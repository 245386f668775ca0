package org.mssbridge.report;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.capturefile.AnnotatedCapture;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.OutputPlaces;
import org.mssbridge.output.Outputs;

/** Copies of the captures in a folder, with the findings as packet comments. */
final class AnnotatedCaptures implements Sink {
  @Override
  public String name() {
    return "annotate";
  }

  @Override
  public String description() {
    return "write copies of the captures with the findings as packet comments";
  }

  @Override
  public Optional<String> batchDescription() {
    return Optional.of("write annotated copies of the captures, one folder per pair");
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
    return List.copyOf(copies(place, captures).values());
  }

  @Override
  public void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException {
    files.checkFolder(place, files(place, captures));
  }

  @Override
  public void write(Report report, Path place, OutputFiles files, Outputs outputs) {
    copies(place, report.files())
        .forEach(
            (point, copy) ->
                outputs.write(
                    () -> {
                      OutputFiles.makeFolder(place);
                      writeCopy(point, copy, report, files);
                    },
                    (report.sharingFile(point).size() > 1
                            ? Printable.of(report.fileName(point))
                            : point)
                        + " annotated: "
                        + Printable.of(copy)));
  }

  /** Writes the copy of a file, with the findings of all its points. */
  private static void writeCopy(CapturePoint point, Path copy, Report report, OutputFiles files)
      throws OutputException {
    List<ReadCapture> sharing = report.sharingFile(point);
    Optional<FilePart> part = report.capture(point).input().part();
    AnnotatedCapture.write(
        report.capture(point).input().original(),
        copy,
        files.inputs(),
        FindingComments.of(report, sharing),
        part.isPresent()
            ? new AnnotatedCapture.TsharkCount(
                part.get().fileFrames(), sharing.get(0).content().extent().complete())
            : count(sharing.get(0)));
  }

  /** Writes the copy of the packets of one point. */
  static void writePoint(ReadCapture capture, Path copy, Report report, OutputFiles files)
      throws OutputException {
    AnnotatedCapture.write(
        capture.input().path(),
        copy,
        files.inputs(),
        FindingComments.ofPart(report, capture),
        count(capture));
  }

  private static AnnotatedCapture.TsharkCount count(ReadCapture capture) {
    PointCapture.Extent extent = capture.content().extent();
    return new AnnotatedCapture.TsharkCount(extent.packets(), extent.complete());
  }

  /**
   * Where the copy of each capture goes. Captures from several folders may have one name, or names
   * that are one where case does not count: then later ones begin with their point.
   */
  static Map<CapturePoint, Path> copies(Path folder, Map<CapturePoint, Path> captures) {
    Map<CapturePoint, Path> copies = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    captures.forEach(
        (point, capture) -> {
          String name = AnnotatedCapture.outputName(capture);
          while (!taken.add(OutputPlaces.folded(name))) {
            name = point.name() + "-" + name;
          }
          copies.put(point, folder.resolve(name));
        });
    return copies;
  }
}
