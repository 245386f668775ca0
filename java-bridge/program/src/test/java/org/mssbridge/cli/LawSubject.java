package org.mssbridge.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.script.CaptureTransform;
import org.mssbridge.tshark.TsharkException;

/**
 * Captures for testing the laws, and the report on the unchanged captures.
 *
 * @param folder where copies may be written
 * @param files the captures, not compressed, in path order
 * @param captures their contents
 * @param report the report on them
 */
record LawSubject(
    ReadCaptures reader,
    Path folder,
    List<Path> files,
    List<PointCapture> captures,
    ReportOf report) {

  static LawSubject of(ReadCaptures reader, Path folder, Path... files)
      throws IOException, InterruptedException, TsharkException {
    List<Path> plain = new ArrayList<>();
    List<PointCapture> captures = new ArrayList<>();
    for (Path file : files) {
      plain.add(plain(folder, file));
      String point = files.length == 2 ? (captures.isEmpty() ? "client" : "server") : null;
      captures.add(
          reader.read(plain.get(plain.size() - 1), point == null ? "point" + plain.size() : point));
    }
    return new LawSubject(reader, folder, plain, captures, ReadCaptures.report(captures));
  }

  private static Path plain(Path folder, Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!name.endsWith(".gz")) {
      return file;
    }
    Path plain = folder.resolve(name.substring(0, name.length() - ".gz".length()));
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      Files.copy(in, plain);
    }
    return plain;
  }

  /** The report with another file instead of the last capture. */
  ReportOf withLast(Path file) throws IOException, InterruptedException, TsharkException {
    int last = files.size() - 1;
    List<PointCapture> changed = new ArrayList<>(captures.subList(0, last));
    changed.add(reader.read(file, captures.get(last).point().name()));
    return ReadCaptures.report(changed);
  }

  /** The report with the last capture transformed. */
  ReportOf withLast(CaptureTransform transform, String name)
      throws IOException, InterruptedException, TsharkException {
    Path copy = folder.resolve(name + "-" + lastFile().getFileName());
    transform.apply(lastFile(), copy);
    return withLast(copy);
  }

  Path lastFile() {
    return files.get(files.size() - 1);
  }
}
