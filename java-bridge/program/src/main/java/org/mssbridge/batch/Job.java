package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.casefile.CaseWriter;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.split.Splitting;

/**
 * A pair to compare, with the state of its files before any was read. The case records this state,
 * so a later run sees later changes.
 *
 * @param pair what to compare
 * @param pipeline compares it
 */
record Job(CapturePair pair, Pipeline pipeline) {
  /** The same pair, with the current state of its files. */
  Job now() {
    return new Job(pair.now(), pipeline);
  }

  /** The total length of its files. */
  long bytes() {
    return pair.sources().stream().mapToLong(CaptureSource::bytes).sum();
  }

  /** The pair and its options, for the case. */
  CaseWriter.Request request() {
    return request(pair.sources());
  }

  /** The same for a pair that could not be compared, with digests of the files that can be read. */
  CaseWriter.Request failedRequest() {
    return request(
        pair.sources().stream()
            .map(
                source ->
                    new CaptureSource(
                        source.point(), source.files().stream().map(Job::digested).toList()))
            .toList());
  }

  /** Adds the digest, unless the file cannot be read or has changed since the comparison failed. */
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
        Optional.of(pipeline.splitting())
            .filter(splitting -> splitting != Splitting.AUTO)
            .map(Splitting::toString),
        pipeline.only().stream().sorted().toList(),
        sources);
  }
}
