package org.mssbridge.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.model.CapturePiece;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Input;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.TsharkException;

/**
 * Joins the files of one point, which a capture program split by size or time, into one capture.
 */
public final class RotatedFiles {
  private final CaptureTools tools;

  public RotatedFiles(CaptureTools tools) {
    this.tools = tools;
  }

  /**
   * A file and its time range.
   *
   * @param local what the tools read: the file, or a copy of one of another file system
   */
  private record Dated(FileState file, Path local, CaptureTools.Span span) {}

  /** The file that is read: the file itself if there is only one, else the joined capture. */
  public static Path path(CaptureSource source, Path folder) {
    return source.isRotated()
        ? folder.resolve(source.point().name() + ".pcapng")
        : source.paths().get(0);
  }

  /**
   * Makes the capture of a point.
   *
   * @param folder the folder for a joined capture, which is as large as all its files
   * @return the file itself if there is only one
   * @throws TsharkException if one of several files is not a capture
   */
  public Input input(CaptureSource source, Path folder) throws TsharkException, IOException {
    if (!source.isRotated()) {
      return Input.of(source.point(), source.files().get(0));
    }
    List<Dated> dated = new ArrayList<>();
    for (FileState file : source.files()) {
      Path local = local(file.path(), source.point(), dated.size(), folder);
      dated.add(new Dated(file, local, tools.span(local)));
    }
    // Files without packets have no time: they come last and add nothing.
    dated.sort(
        Comparator.comparing((Dated d) -> d.span().packets() == 0)
            .thenComparingLong(d -> d.span().firstNanos()));
    Path joined = path(source, folder);
    tools.join(readable(source.point(), dated, folder), joined);
    boolean complete = dated.stream().allMatch(each -> each.span().complete());
    return new Input(
        source.point(), joined, pieces(dated), complete, source.point(), Optional.empty());
  }

  /** The file itself, or a copy for the tools, which know only the default file system. */
  private static Path local(Path file, CapturePoint point, int number, Path folder)
      throws IOException {
    if (file.getFileSystem().equals(FileSystems.getDefault())) {
      return file;
    }
    Path copy = folder.resolve(point.name() + ".copy-" + number);
    try (InputStream content = Files.newInputStream(file)) {
      Files.copy(content, copy);
    }
    return copy;
  }

  /**
   * Copies the complete packets of cut files, because mergecap stops at a file that ends inside a
   * packet.
   */
  private List<Path> readable(CapturePoint point, List<Dated> dated, Path folder)
      throws TsharkException, IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < dated.size(); i++) {
      Path file = dated.get(i).local();
      if (!dated.get(i).span().complete()) {
        Path copy = folder.resolve(point.name() + ".part-" + i + ".pcapng");
        tools.salvage(file, copy);
        file = copy;
      }
      files.add(file);
    }
    return files;
  }

  private static List<CapturePiece> pieces(List<Dated> dated) {
    List<CapturePiece> pieces = new ArrayList<>();
    boolean apart = isApart(dated);
    int frame = 1;
    for (Dated each : dated) {
      pieces.add(
          new CapturePiece(each.file(), apart ? OptionalInt.of(frame) : OptionalInt.empty()));
      frame += each.span().packets();
    }
    return pieces;
  }

  /** Whether each file ends before the next begins, so that none of their frames alternate. */
  private static boolean isApart(List<Dated> dated) {
    for (int i = 1; i < dated.size() && dated.get(i).span().packets() > 0; i++) {
      if (dated.get(i - 1).span().lastNanos() >= dated.get(i).span().firstNanos()) {
        return false;
      }
    }
    return true;
  }
}
