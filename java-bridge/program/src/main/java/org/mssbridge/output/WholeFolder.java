package org.mssbridge.output;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * A folder that appears whole or not at all: it is filled in a hidden folder beside it, and {@link
 * #commit} moves it to its place. Without a commit, {@link #close} removes it. A folder that exists
 * is replaced if it is empty or an earlier output; one with any other file stays as it is.
 */
public final class WholeFolder implements Closeable {
  /** As the user named it, for messages. */
  private final Path output;

  /** Where {@code output} is a link, the folder that it leads to. */
  private final Path target;

  private final Set<Path> files;
  private final Leftover scratch;

  /**
   * @param files all files that such an output may hold, relative to it
   * @throws OutputException if it cannot be written, or if what is there is not such an output
   */
  public WholeFolder(Path output, Set<Path> files) throws OutputException {
    StandardStreams.refuse(output);
    this.output = output;
    this.target = RealPath.of(output);
    this.files = Set.copyOf(files);
    refuseForeign();
    Leftover.clear(parent());
    try {
      scratch = Leftover.folder(parent(), true);
    } catch (IOException e) {
      throw failure(e);
    }
    try {
      Files.createDirectory(path());
    } catch (IOException e) {
      scratch.close();
      throw failure(e);
    }
  }

  private Path parent() {
    // The root folder has no parent, and always holds something.
    return Optional.ofNullable(target.getParent()).orElse(target);
  }

  /** The folder to fill; it exists. */
  public Path path() {
    return scratch.path().resolve("whole");
  }

  /**
   * Moves the folder to its place. An earlier output is moved away first and removed afterwards, so
   * there is never a mixture of both.
   */
  public void commit() throws OutputException {
    refuseForeign();
    Path earlier = scratch.path().resolve("earlier");
    try {
      boolean isReplaced = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
      if (isReplaced) {
        Files.move(target, earlier, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(path(), target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (isReplaced) {
          Files.move(earlier, target, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The error for the user if writing failed. */
  public OutputException failure(Exception cause) {
    return WholeFile.failure(output, cause);
  }

  private void refuseForeign() throws OutputException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputException(
          "cannot write " + Printable.of(output) + ": it is a file; name a folder");
    }
    try (Stream<Path> inside = Files.walk(target)) {
      Iterator<Path> foreign = inside.filter(path -> !isOwn(path)).iterator();
      if (foreign.hasNext()) {
        throw new OutputException(
            "will not replace "
                + Printable.of(output)
                + ": it holds other files, such as "
                + Printable.of(target.relativize(foreign.next()))
                + "; name a folder that is new, empty or an earlier output");
      }
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private boolean isOwn(Path path) {
    Path name = target.relativize(path);
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        ? path.equals(target) || files.stream().anyMatch(file -> file.startsWith(name))
        : files.contains(name) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
