package org.mssbridge.report;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/** A folder for a while, on the disk of an output; gone with all that is in it when closed. */
record ScratchFolder(Path path) implements Closeable {
  /** Makes one. */
  static ScratchFolder beside(Path output) throws OutputException {
    Path parent = output.toAbsolutePath().getParent();
    try {
      Path folder = Files.createTempDirectory(parent, ".mssbridge-");
      ScratchFolder scratch = new ScratchFolder(folder);
      // Also when the program is told to stop in the middle.
      Runtime.getRuntime().addShutdownHook(new Thread(scratch::remove));
      return scratch;
    } catch (IOException e) {
      throw new OutputException(
          "cannot write "
              + Printable.of(output)
              + ": no folder can be made beside it; choose another directory",
          e);
    }
  }

  private void remove() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // What is left is named so that its purpose shows.
    }
  }

  @Override
  public void close() {
    remove();
  }
}
