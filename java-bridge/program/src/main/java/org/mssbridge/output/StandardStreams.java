package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.mssbridge.model.Printable;

/** Keeps outputs away from standard output and standard error, which carry the text. */
public final class StandardStreams {
  private static final Path DASH = Path.of("-");
  private static final List<Path> STREAMS = List.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"));

  private StandardStreams() {}

  /**
   * Rejects {@code -}, and a file to which a standard stream goes: either would destroy the other.
   *
   * @throws OutputException if it is one
   */
  public static void refuse(Path output) throws OutputException {
    if (output.equals(DASH)) {
      throw new OutputException(
          "cannot write -: standard output has the text report; name a file, or ./- for one of this"
              + " name");
    }
    if (Files.isRegularFile(output) && STREAMS.stream().anyMatch(each -> isSame(each, output))) {
      throw new OutputException(
          "cannot write "
              + Printable.of(output)
              + ": standard output or standard error goes there; name another file");
    }
  }

  private static boolean isSame(Path stream, Path output) {
    try {
      return Files.isSameFile(stream, output);
    } catch (IOException e) {
      return false; // The stream is closed.
    }
  }
}
