package org.mssbridge.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mssbridge.model.Input;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;

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
  public void check(Path place, List<Input> inputs, OutputFiles files) throws OutputException {
    files.check(place);
  }

  @Override
  public List<String> write(Report report, Path place, OutputFiles files) throws OutputException {
    files.write(place, out -> format.write(report, out));
    return List.of();
  }
}
