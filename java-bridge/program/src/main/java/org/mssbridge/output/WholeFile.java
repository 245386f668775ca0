package org.mssbridge.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * A file that appears whole or not at all: it is written in a hidden folder in the same directory,
 * and {@link #commit} moves it to its place. Without a commit, {@link #close} removes it. A thread
 * that is interrupted while it writes gets an {@link OutputException}, so it leaves no partial file
 * either.
 */
public final class WholeFile implements Closeable {
  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** As the user named it, for messages. */
  private final Path output;

  /** What is written: where {@code output} is a link, the file that it leads to. */
  private final Path target;

  private final Path part;
  private final FileChannel channel;
  private final Leftover folder;

  /**
   * @param inputs files that are never written to, even if {@code output} is another name or a link
   *     for one of them
   */
  public WholeFile(Path output, Collection<Path> inputs, Path... moreInputs)
      throws OutputException {
    StandardStreams.refuse(output);
    this.output = output;
    this.target = RealPath.of(output);
    refuseSpecial();
    refuseInputs(inputs);
    refuseInputs(List.of(moreInputs));
    refuseDirectory();
    try {
      folder = Leftover.folder(target.toAbsolutePath().getParent(), true);
    } catch (IOException e) {
      throw failure(e);
    }
    part = folder.path().resolve(target.getFileName());
    try {
      channel = FileChannel.open(part, OPTIONS);
    } catch (IOException | UnsupportedOperationException e) {
      folder.close();
      throw failure(e);
    }
  }

  public FileChannel channel() {
    return channel;
  }

  /** Renames the file to its final name in one step; an existing file is replaced. */
  public void commit() throws OutputException {
    try {
      channel.close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void close() throws OutputException {
    try {
      channel.close();
    } catch (IOException e) {
      throw failure(e);
    } finally {
      folder.close();
    }
  }

  /** The error for the user if writing failed. */
  public OutputException failure(Exception cause) {
    return failure(output, cause);
  }

  static OutputException failure(Path output, Exception cause) {
    String why = FileTrouble.reason(cause);
    String wayOut =
        cause instanceof NoSuchFileException
            ? "; make its directory first"
            : "; nothing was written there: free some space or choose another directory";
    return new OutputException(
        "cannot write " + Printable.of(output.toString()) + ": " + why + wayOut, cause);
  }

  private void refuseInputs(Collection<Path> inputs) throws OutputException {
    for (Path input : inputs) {
      if (isSame(input)) {
        throw overInput(output);
      }
    }
  }

  /** The error for the user if an output is an input. */
  static OutputException overInput(Path output) {
    return new OutputException(
        "will not write " + Printable.of(output) + ": it is an input; choose another directory");
  }

  private void refuseSpecial() throws OutputException {
    if (SpecialFile.is(output)) {
      throw new OutputException(
          "cannot write "
              + Printable.of(output)
              + ": it is no regular file, and this output must appear whole; name a file");
    }
  }

  private void refuseDirectory() throws OutputException {
    if (Files.isDirectory(output)) {
      throw new OutputException(
          "cannot write "
              + Printable.of(output.toString())
              + ": it is a directory; choose another place");
    }
  }

  private boolean isSame(Path input) throws OutputException {
    try {
      return Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input);
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
