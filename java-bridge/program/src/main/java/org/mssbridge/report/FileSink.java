package org.mssbridge.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.Outputs;

/**
 * A sink that is one file.
 *
 * @param name also the extension of the files that a batch names
 * @param format writes a report
 */
record FileSink(String name, String description, Optional<String> batchDescription, Format format)
    implements Sink {
  /** Writes a report to a stream without closing it. */
  interface Format {
    void write(Report report, OutputStream out) throws IOException;
  }

  @Override
  public void check(Path place, Map<CapturePoint, Path> captures, OutputFiles files)
      throws OutputException {
    files.check(place);
  }

  @Override
  public void write(Report report, Path place, OutputFiles files, Outputs outputs) {
    outputs.write(() -> files.write(place, out -> format.write(report, out)));
  }
}
