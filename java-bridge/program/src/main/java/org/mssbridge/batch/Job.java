package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.pipeline.FileStamp;
import org.mssbridge.pipeline.Input;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.Source;
import org.mssbridge.report.Report;
import org.mssbridge.tshark.TsharkException;

/**
 * A pair to work on, and its files as they were found before anything was read of them. Only that
 * state is recorded: what becomes of them later is another question to a later run.
 *
 * @param pair what to compare
 * @param pipeline how
 * @param stamps how its files were found
 */
record Job(CapturePair pair, Pipeline pipeline, Map<Path, FileStamp> stamps) {
  static Job of(CapturePair pair, Pipeline pipeline) {
    Map<Path, FileStamp> stamps = new LinkedHashMap<>();
    for (Source source : pair.sources()) {
      source.files().forEach(file -> stamps.computeIfAbsent(file, FileStamp::of));
    }
    return new Job(pair, pipeline, stamps);
  }

  /** The same pair, with its files as they are now. */
  Job now() {
    return of(pair, pipeline);
  }

  /** The length of all its files. */
  long bytes() {
    return stamps.values().stream().mapToLong(stamp -> Math.max(0, stamp.bytes())).sum();
  }

  /**
   * Makes sure that nobody wrote to a file since.
   *
   * @throws TsharkException if somebody did
   */
  void checkUnchanged() throws TsharkException {
    for (FileStamp stamp : stamps.values()) {
      stamp.check();
    }
  }

  /** What is asked of the pair. */
  CaseWriter.Asked asked() {
    return sources(file -> "");
  }

  /** The same where the pair could not be compared, with digests of what can be read of it. */
  CaseWriter.Asked failed() {
    return sources(file -> digest(stamps.get(file)));
  }

  /** Tells a file's digest. */
  private interface Digests {
    String of(Path file);
  }

  private CaseWriter.Asked sources(Digests digests) {
    List<CaseWriter.Capture> captures = new ArrayList<>();
    for (Source source : pair.sources()) {
      List<CaseWriter.FileState> files = new ArrayList<>();
      for (Path file : source.files()) {
        files.add(state(file, digests.of(file), OptionalInt.empty()));
      }
      captures.add(new CaseWriter.Capture(source.point().name(), files, List.of()));
    }
    return asked(captures);
  }

  /** None where it cannot be read, or is not the file any more that could not be compared. */
  private static String digest(FileStamp stamp) {
    try {
      String digest = Files.isRegularFile(stamp.path()) ? CaptureFile.sha256(stamp.path()) : "";
      return stamp.isStillSo() ? digest : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** The same with what was read. */
  CaseWriter.Asked compared(List<Input> inputs, Report report) {
    List<CaseWriter.Capture> captures = new ArrayList<>();
    for (Input input : inputs) {
      Report.File read = report.file(input.point());
      List<CaseWriter.FileState> files = new ArrayList<>();
      if (read.parts().isEmpty()) {
        files.add(state(read.path(), read.sha256(), OptionalInt.of(1)));
      }
      read.parts().forEach(part -> files.add(state(part.path(), part.sha256(), part.firstFrame())));
      captures.add(new CaseWriter.Capture(input.point().name(), files, command(input, read)));
    }
    return asked(captures);
  }

  /** A joined capture is gone afterwards: it is named without its folder. */
  private static List<String> command(Input input, Report.File read) {
    String path = input.path().toAbsolutePath().toString();
    boolean isJoined = !input.parts().isEmpty();
    return read.command().stream()
        .map(
            word ->
                isJoined && word.equals(path) ? String.valueOf(input.path().getFileName()) : word)
        .toList();
  }

  private CaseWriter.Asked asked(List<CaseWriter.Capture> captures) {
    return new CaseWriter.Asked(
        pair.id(),
        pipeline.frames().displayFilter(),
        pipeline.only().stream().sorted().toList(),
        captures);
  }

  private CaseWriter.FileState state(Path file, String sha256, OptionalInt firstFrame) {
    FileStamp stamp = stamps.get(file);
    return new CaseWriter.FileState(file, sha256, stamp.bytes(), stamp.modified(), firstFrame);
  }
}
