package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.pipeline.Input;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.report.Report;
import org.mssbridge.rule.Knowledge;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Writes cases of real comparisons, as one run that began at a fixed time. */
final class CaseMaker implements AutoCloseable {
  static final Instant STARTED = Instant.parse("2024-05-01T12:00:00Z");

  private final Path path;
  private final CaseFile file;
  private final CaseWriter writer;
  private final Tshark tshark;

  /** Begins a case; names of files count from its folder. */
  CaseMaker(Path path) throws CaseFileException, TsharkException {
    this.path = path;
    file = CaseFile.forWriting(path);
    tshark =
        Tshark.find(
            "tshark",
            Path.of(System.getProperty("mssbridge.lua"), "mss.lua"),
            Duration.ofMinutes(2));
    writer =
        new CaseWriter(
            file,
            new CaseWriter.Run(
                "test", tshark.version().text(), List.of("batch"), path.getParent(), STARTED));
  }

  /** Compares a pair: the client's capture and the server's. */
  CaseMaker pair(String id, Path... captures) throws Exception {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < captures.length; i++) {
      inputs.add(Input.of(point(i), captures[i]));
    }
    Report report =
        new Pipeline(tshark, Optional.empty(), Set.of(), Knowledge.load())
            .run(inputs, tool(), ReadProgress.none());
    List<CaseWriter.Capture> asked = new ArrayList<>();
    for (int i = 0; i < captures.length; i++) {
      asked.add(capture(point(i), captures[i], report.file(point(i)).sha256()));
    }
    writer.compared(
        new CaseWriter.Asked(id, Optional.empty(), List.of(), asked), report, STARTED, STARTED);
    return this;
  }

  /** Notes a pair that could not be compared. */
  CaseMaker failed(String id, String reason, Path capture) throws Exception {
    CaseWriter.Asked asked =
        new CaseWriter.Asked(
            id, Optional.empty(), List.of(), List.of(capture(point(0), capture, "")));
    writer.notCompared(asked, "failed", reason, tool(), STARTED, STARTED);
    return this;
  }

  /** Ends the run. */
  @Override
  public void close() throws CaseFileException {
    writer.end(STARTED);
    writer.close();
    file.close();
  }

  private Report.Tool tool() {
    return new Report.Tool("test", tshark.version().text(), List.of("batch"), STARTED);
  }

  private static CapturePoint point(int position) {
    return new CapturePoint(List.of("client", "server").get(position));
  }

  private CaseWriter.Capture capture(CapturePoint point, Path file, String sha256)
      throws IOException {
    boolean exists = Files.exists(file);
    Path name = file.startsWith(path.getParent()) ? path.getParent().relativize(file) : file;
    return new CaseWriter.Capture(
        point.name(),
        List.of(
            new CaseWriter.FileState(
                name,
                sha256,
                exists ? Files.size(file) : -1,
                exists ? Files.getLastModifiedTime(file).toInstant() : Instant.EPOCH,
                OptionalInt.of(1))),
        List.of("tshark", "-r", file.toString()));
  }
}
