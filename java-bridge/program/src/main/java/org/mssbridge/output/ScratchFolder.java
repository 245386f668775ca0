package org.mssbridge.output;

import java.io.IOException;
import java.nio.file.Path;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/** A temporary folder on the disk of an output; closing it removes it with its content. */
public final class ScratchFolder implements AutoCloseable {
  private final Leftover folder;

  private ScratchFolder(Leftover folder) {
    this.folder = folder;
  }

  /** Creates a scratch folder in the same directory as an output. */
  public static ScratchFolder beside(Path output) throws OutputException {
    Path parent = output.toAbsolutePath().getParent();
    try {
      return new ScratchFolder(Leftover.folder(parent, true));
    } catch (IOException e) {
      throw new OutputException(
          "cannot write "
              + Printable.of(output)
              + ": no folder can be made beside it; choose another directory",
          e);
    }
  }

  public Path path() {
    return folder.path();
  }

  @Override
  public void close() {
    folder.close();
  }
}
