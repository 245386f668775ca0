package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.capturefile.CaptureFile;

/**
 * A pair to work on, and its files as they were found before anything was read of them. Only that
 * state is recorded: what becomes of them later is another question to a later run.
 *
 * @param pair what to compare
 * @param pipeline how
 */
record Job(CapturePair pair, Pipeline pipeline) {
  /** The same pair, with its files as they are now. */
  Job now() {
    return new Job(pair.now(), pipeline);
  }

  /** The length of all its files. */
  long bytes() {
    return pair.sources().stream().mapToLong(CaptureSource::bytes).sum();
  }

  /** What is asked of the pair. */
  CaseWriter.Request request() {
    return request(pair.sources());
  }

  /** The same where the pair could not be compared, with digests of what can be read of it. */
  CaseWriter.Request failed() {
    return request(
        pair.sources().stream()
            .map(
                source ->
                    new CaptureSource(
                        source.point(), source.files().stream().map(Job::digested).toList()))
            .toList());
  }

  /** Without a digest where it cannot be read, or is not the file that could not be compared. */
  private static FileState digested(FileState file) {
    try {
      if (!Files.isRegularFile(file.path())) {
        return file;
      }
      FileState read = file.withSha256(CaptureFile.sha256(file.path()));
      return file.isUnchanged() ? read : file;
    } catch (IOException e) {
      return file;
    }
  }

  private CaseWriter.Request request(List<CaptureSource> sources) {
    return new CaseWriter.Request(
        pair.id(),
        pipeline.frames().displayFilter(),
        pipeline.only().stream().sorted().toList(),
        sources);
  }
}
