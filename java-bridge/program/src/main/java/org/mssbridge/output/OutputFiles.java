package org.mssbridge.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * Writes files that appear whole or not at all, and never over an input.
 *
 * @param inputs files that are never written to
 */
public record OutputFiles(List<Path> inputs) {
  public OutputFiles {
    inputs = List.copyOf(inputs);
  }

  /** Writes the content of a file to a stream, and leaves the stream open. */
  public interface Content {
    /** Writes all of it. */
    void write(OutputStream out) throws IOException;
  }

  /**
   * Checks before the work starts that a file can be written.
   *
   * @throws OutputException if not
   */
  public void check(Path output) throws OutputException {
    StandardStreams.refuse(output);
    if (SpecialFile.is(output)) {
      SpecialFile.requireStream(output);
    } else {
      Leftover.clear(output.toAbsolutePath().getParent());
      checkWhole(output);
    }
  }

  /**
   * Finds out before the work whether a file can be written there that must appear whole.
   *
   * @throws OutputException if not, or if it is a device, a FIFO or a socket
   */
  public void checkWhole(Path output) throws OutputException {
    new WholeFile(output, inputs).close();
  }

  /**
   * Checks that files can be written into a folder. A folder that does not exist is not left
   * behind; it is created when there is something to put into it.
   *
   * @param outputs files in the folder
   * @throws OutputException if not
   */
  public void checkFolder(Path folder, Collection<Path> outputs) throws OutputException {
    List<Path> made = missing(folder);
    try {
      makeFolder(folder);
      Leftover.clear(folder);
      for (Path output : outputs) {
        checkWhole(output);
      }
    } finally {
      made.forEach(empty -> empty.toFile().delete());
    }
  }

  /** Those of the folder and its parents that do not exist, innermost first. */
  private static List<Path> missing(Path folder) {
    List<Path> missing = new ArrayList<>();
    for (Path each = folder.toAbsolutePath(); each != null && !Files.exists(each); ) {
      missing.add(each);
      each = each.getParent();
    }
    return missing;
  }

  /**
   * Writes a file. A device, a FIFO or what is an open file of another program is written through.
   *
   * @throws OutputException if it cannot be written; then no partial file is left
   */
  public void write(Path output, Content content) throws OutputException {
    if (SpecialFile.is(output)) {
      writeThrough(output, content);
    } else {
      writeWhole(output, content);
    }
  }

  private static void writeThrough(Path output, Content content) throws OutputException {
    // Neither made nor written over: it is there, and belongs to another program.
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(output, StandardOpenOption.APPEND))) {
      content.write(out);
    } catch (OutputException e) {
      throw e;
    } catch (IOException e) {
      throw new OutputException(
          "cannot write " + Printable.of(output) + ": " + FileTrouble.reason(e), e);
    }
  }

  private void writeWhole(Path output, Content content) throws OutputException {
    try (WholeFile file = new WholeFile(output, inputs)) {
      try {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file.channel()));
        content.write(out);
        out.flush();
      } catch (OutputException e) {
        throw e;
      } catch (IOException e) {
        throw file.failure(e);
      }
      file.commit();
    }
  }

  /**
   * Creates a folder for outputs if it does not exist.
   *
   * @throws OutputException if it cannot be created or written to
   */
  public static void makeFolder(Path folder) throws OutputException {
    StandardStreams.refuse(folder);
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new OutputException(Printable.of(folder) + ": is a file; name a folder");
    } catch (IOException e) {
      throw new OutputException(
          Printable.of(folder) + ": cannot be made; name a folder that can be written to");
    }
    if (!Files.isWritable(folder)) {
      throw new OutputException(
          Printable.of(folder) + ": cannot be written to; name another folder");
    }
  }
}
