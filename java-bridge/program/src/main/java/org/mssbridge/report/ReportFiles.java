package org.mssbridge.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.capturefile.AnnotatedCapture;
import org.mssbridge.capturefile.MergedCapture;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.ScratchFolder;
import org.mssbridge.output.WholeFile;

/** Writes reports to files that appear whole or not at all, and never over an input. */
public final class ReportFiles {
  private final List<Path> inputs;
  private final List<Path> untouchable;

  /** Of these captures, which are never written to. */
  public ReportFiles(List<Path> inputs) {
    this(inputs, inputs);
  }

  private ReportFiles(List<Path> inputs, List<Path> untouchable) {
    this.inputs = List.copyOf(inputs);
    this.untouchable = List.copyOf(untouchable);
  }

  /** Never writes over these files either. */
  public ReportFiles protecting(List<Path> more) {
    List<Path> all = new ArrayList<>(untouchable);
    all.addAll(more);
    return new ReportFiles(inputs, all);
  }

  /** Writes something to a stream, and leaves that open. */
  public interface Content {
    /** Writes all of it. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Finds out before the work whether files can be written there.
   *
   * @throws OutputException if not
   */
  @SafeVarargs
  public final void checkOutputs(Optional<Path>... outputs) throws OutputException {
    for (Optional<Path> output : outputs) {
      if (output.isPresent()) {
        new WholeFile(output.get(), untouchable).close();
      }
    }
  }

  /**
   * Finds out whether the copies can be written there; a folder that is not there yet is made when
   * there is something to put into it.
   *
   * @param points of the inputs, in their order
   * @throws OutputException if not
   */
  public void checkAnnotated(Path folder, List<CapturePoint> points) throws OutputException {
    List<Path> made = missing(folder);
    makeFolder(folder);
    for (Path output : annotated(folder, points).values()) {
      new WholeFile(output, untouchable).close();
    }
    made.forEach(empty -> empty.toFile().delete());
  }

  /** The folders that are not there yet, the innermost first. */
  private static List<Path> missing(Path folder) {
    List<Path> missing = new ArrayList<>();
    for (Path each = folder.toAbsolutePath(); each != null && !Files.exists(each); ) {
      missing.add(each);
      each = each.getParent();
    }
    return missing;
  }

  /** Writes {@link JsonReport}. */
  public void writeJson(Report report, Path output) throws OutputException {
    write(output, out -> JsonReport.write(report, out));
  }

  /** Writes {@link EkReport}. */
  public void writeEk(Report report, Path output) throws OutputException {
    write(output, out -> EkReport.write(report, out));
  }

  /** Writes {@link HtmlReport}. */
  public void writeHtml(Report report, Path output) throws OutputException {
    write(output, out -> HtmlReport.write(report, out));
  }

  /**
   * Writes a file.
   *
   * @throws OutputException if it cannot be written; then nothing is left behind
   */
  public void write(Path output, Content content) throws OutputException {
    try (WholeFile file = new WholeFile(output, untouchable)) {
      try {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file.channel()));
        content.write(out);
        out.flush();
      } catch (OutputException e) {
        throw e;
      } catch (IOException e) {
        throw file.failure(e);
      }
      file.commit();
    }
  }

  /**
   * Writes an annotated copy of every capture.
   *
   * @param folder where to; made where it does not exist
   * @return where each point's copy is
   * @throws OutputException if one cannot be written
   */
  public Map<CapturePoint, Path> annotate(Report report, Path folder) throws OutputException {
    makeFolder(folder);
    List<PointCapture> captures = report.evidence().comparison().captures();
    Map<CapturePoint, Path> outputs =
        annotated(folder, captures.stream().map(PointCapture::point).toList());
    for (PointCapture capture : captures) {
      AnnotatedCapture.write(
          report.file(capture.point()).path(),
          outputs.get(capture.point()),
          untouchable,
          new FindingComments(report, capture.point()),
          new AnnotatedCapture.TsharkCount(
              capture.extent().packets(), capture.extent().complete()));
    }
    return outputs;
  }

  /**
   * Writes the packets of all captures into one file, with the findings as comments, on the clock
   * of the first capture.
   *
   * @throws OutputException if it cannot be written
   */
  public void merge(Report report, Path output) throws OutputException {
    try (ScratchFolder scratch = ScratchFolder.beside(output)) {
      Map<CapturePoint, Path> copies = annotate(report, scratch.path());
      List<MergedCapture.Source> sources = new ArrayList<>();
      for (PointCapture capture : report.evidence().comparison().captures()) {
        CapturePoint point = capture.point();
        Clock clock = report.evidence().comparison().clocks().at(point).orElse(Clock.identity());
        sources.add(
            new MergedCapture.Source(
                point, copies.get(point), report.fileName(point), clock::referenceNanos));
      }
      MergedCapture.write(sources, output, untouchable);
    }
  }

  /** Where the copy of each input goes; inputs from several folders may have one name. */
  private Map<CapturePoint, Path> annotated(Path folder, List<CapturePoint> points) {
    Map<CapturePoint, Path> outputs = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < inputs.size(); i++) {
      String name = AnnotatedCapture.outputName(inputs.get(i));
      if (!names.add(name)) {
        name = points.get(i).name() + "-" + name;
        names.add(name);
      }
      outputs.put(points.get(i), folder.resolve(name));
    }
    return outputs;
  }

  /**
   * Makes the folder for annotated captures where it does not exist.
   *
   * @throws OutputException if it cannot be made or written to
   */
  public static void makeFolder(Path folder) throws OutputException {
    try {
      Files.createDirectories(folder);
      if (!Files.isWritable(folder)) {
        throw new OutputException(
            Printable.of(folder) + ": cannot be written to; name another folder");
      }
    } catch (OutputException e) {
      throw e;
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(
          Printable.of(folder) + ": is a file; name a folder for the annotated captures");
    } catch (IOException e) {
      throw new OutputException(
          Printable.of(folder) + ": cannot be made; name a folder that can be written to");
    }
  }
}
