package org.mssbridge.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.capturefile.MergedCapture;
import org.mssbridge.clock.Clock;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;
import org.mssbridge.output.ScratchFolder;

/**
 * The packets of all captures in one file, with the findings as comments, on the clock of the first
 * capture.
 */
final class MergedReport implements Sink {
  @Override
  public String name() {
    return "merged";
  }

  @Override
  public String description() {
    return "write the packets of all captures into one file, on one clock, with the findings";
  }

  @Override
  public boolean copiesPackets() {
    return true;
  }

  @Override
  public void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException {
    files.checkWhole(place);
  }

  @Override
  public void write(Report report, Path place, OutputFiles files, Outputs outputs) {
    outputs.write(() -> write(report, place, files));
  }

  private static void write(Report report, Path place, OutputFiles files) throws OutputException {
    try (ScratchFolder scratch = ScratchFolder.beside(place)) {
      Map<CapturePoint, Path> read = new LinkedHashMap<>();
      report.captures().forEach(each -> read.put(each.point(), each.input().path()));
      Map<CapturePoint, Path> copies = AnnotatedCaptures.copies(scratch.path(), read);
      List<MergedCapture.Source> sources = new ArrayList<>();
      for (ReadCapture capture : report.captures()) {
        CapturePoint point = capture.point();
        writeCopy(capture, copies.get(point), place, report, files);
        Clock clock = report.evidence().comparison().clocks().at(point).orElse(Clock.identity());
        sources.add(
            new MergedCapture.Source(
                point, copies.get(point), capture.input().name(), clock::referenceNanos));
      }
      MergedCapture.write(sources, place, files.inputs());
    }
  }

  /** Writes a copy that the user does not know: a failure is one of the merged capture. */
  private static void writeCopy(
      ReadCapture capture, Path copy, Path place, Report report, OutputFiles files)
      throws OutputException {
    try {
      AnnotatedCaptures.writePoint(capture, copy, report, files);
    } catch (OutputException e) {
      throw new OutputException(e.getMessage().replace(Printable.of(copy), Printable.of(place)), e);
    }
  }
}
