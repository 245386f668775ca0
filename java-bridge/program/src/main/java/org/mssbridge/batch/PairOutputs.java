package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.pipeline.Input;
import org.mssbridge.pipeline.Source;
import org.mssbridge.report.Report;
import org.mssbridge.report.ReportFiles;

/**
 * What is written of a pair beside the case.
 *
 * @param json folder for a report a pair
 * @param annotate folder for a folder of annotated captures a pair
 */
public record PairOutputs(Optional<Path> json, Optional<Path> annotate) {
  /** A character has up to three bytes here, and file systems take names of up to 255. */
  private static final int MOST_CHARACTERS = 60;

  /**
   * Makes the folders.
   *
   * @throws OutputException if one cannot be written to, or copies would stand among captures
   */
  public void check(List<CapturePair> pairs) throws OutputException {
    if (json.isPresent()) {
      ReportFiles.makeFolder(json.get());
    }
    if (annotate.isPresent()) {
      ReportFiles.makeFolder(annotate.get());
      checkApart(annotate.get(), pairs);
    }
  }

  /** A copy may have the name of a capture of another pair. */
  private static void checkApart(Path folder, List<CapturePair> pairs) throws OutputException {
    Set<Path> folders = new HashSet<>();
    for (CapturePair pair : pairs) {
      for (Source source : pair.sources()) {
        source.files().forEach(file -> folders.add(file.toAbsolutePath().getParent()));
      }
    }
    Set<Path> real = folders.stream().map(PairOutputs::real).collect(Collectors.toSet());
    for (CapturePair pair : pairs) {
      Path copies = folder.resolve(fileName(pair.id()));
      if (real.contains(real(copies))) {
        throw new OutputException(
            Printable.of(copies)
                + ": holds captures of this batch; name another folder with --annotate");
      }
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath(); // It is not there, and holds nothing.
    }
  }

  /** Whether all that is wanted of a pair was written before. */
  boolean areThere(String id) {
    return json.map(folder -> Files.exists(report(folder, id))).orElse(true)
        && annotate.map(folder -> Files.exists(folder.resolve(fileName(id)))).orElse(true);
  }

  private static Path report(Path folder, String id) {
    return folder.resolve(fileName(id) + ".json");
  }

  void write(String id, Report report, List<Input> inputs) throws OutputException {
    ReportFiles files =
        new ReportFiles(inputs.stream().map(Input::path).toList())
            .protecting(inputs.stream().flatMap(input -> input.files().stream()).toList());
    if (json.isPresent()) {
      files.writeJson(report, report(json.get(), id));
    }
    if (annotate.isPresent()) {
      files.annotate(report, annotate.get().resolve(fileName(id)));
    }
  }

  /**
   * An id as the name of a file: whatever else than letters, digits, _ - . stands in it is escaped
   * byte by byte in UTF-8, and the end of a long one is replaced by a digest of the whole.
   */
  static String fileName(String id) {
    StringBuilder name = new StringBuilder();
    id.codePoints().forEach(c -> append(c, name));
    return name.length() <= MOST_CHARACTERS
        ? name.toString()
        : name.substring(0, MOST_CHARACTERS) + "-" + UUID.nameUUIDFromBytes(id.getBytes(UTF_8));
  }

  private static void append(int c, StringBuilder name) {
    boolean plain = Character.isBmpCodePoint(c) && Character.isLetterOrDigit(c);
    if (plain || c == '_' || c == '-' || (c == '.' && name.length() > 0)) {
      name.appendCodePoint(c);
      return;
    }
    for (byte b : Character.toString(c).getBytes(UTF_8)) {
      name.append(String.format("%%%02x", b));
    }
  }
}
