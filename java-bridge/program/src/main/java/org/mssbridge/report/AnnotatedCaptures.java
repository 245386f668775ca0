package org.mssbridge.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.capturefile.AnnotatedCapture;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Input;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;

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
    return Optional.of("write annotated copies of the captures, a folder a pair");
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
  public List<Path> files(Path place, List<Input> inputs) {
    return List.copyOf(copies(place, inputs).values());
  }

  @Override
  public void check(Path place, List<Input> inputs, OutputFiles files) throws OutputException {
    files.checkFolder(place, files(place, inputs));
  }

  @Override
  public List<String> write(Report report, Path place, OutputFiles files) throws OutputException {
    List<String> lines = new ArrayList<>();
    writeCopies(report, place, files)
        .forEach((point, copy) -> lines.add(point + " annotated: " + Printable.of(copy)));
    return lines;
  }

  /** Writes the copies and returns the path of each, by capture point. */
  static Map<CapturePoint, Path> writeCopies(Report report, Path folder, OutputFiles files)
      throws OutputException {
    OutputFiles.makeFolder(folder);
    Map<CapturePoint, Path> copies =
        copies(folder, report.captures().stream().map(ReadCapture::input).toList());
    for (ReadCapture capture : report.captures()) {
      PointCapture.Extent extent = capture.content().extent();
      AnnotatedCapture.write(
          capture.input().path(),
          copies.get(capture.point()),
          files.inputs(),
          new FindingComments(report, capture.point()),
          new AnnotatedCapture.TsharkCount(extent.packets(), extent.complete()));
    }
    return copies;
  }

  /**
   * Where the copy of each input goes. Inputs from several folders may have one name, or names that
   * are one where case does not count: then later ones begin with their point.
   */
  private static Map<CapturePoint, Path> copies(Path folder, List<Input> inputs) {
    Map<CapturePoint, Path> copies = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (Input input : inputs) {
      String name = AnnotatedCapture.outputName(input.path());
      while (!taken.add(name.toLowerCase(Locale.ROOT))) {
        name = input.point().name() + "-" + name;
      }
      copies.put(input.point(), folder.resolve(name));
    }
    return copies;
  }
}
