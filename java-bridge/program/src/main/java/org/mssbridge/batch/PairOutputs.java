package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;

/**
 * What is written of a pair beside the case.
 *
 * @param folders where each sink's files, or folders, of all pairs are put
 */
public record PairOutputs(Map<Sink, Path> folders) {
  /** A character has up to three bytes here, and file systems take names of up to 255. */
  private static final int MOST_CHARACTERS = 60;

  public PairOutputs {
    folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
  }

  /**
   * Makes the folders.
   *
   * @throws OutputException if one cannot be written to, or copies would be put among captures
   */
  public void check(List<CapturePair> pairs) throws OutputException {
    for (Map.Entry<Sink, Path> each : folders.entrySet()) {
      OutputFiles.makeFolder(each.getValue());
      if (each.getKey().isFolder()) {
        checkApart(each.getKey(), each.getValue(), pairs);
      }
    }
  }

  /** A copy may have the name of a capture of another pair. */
  private static void checkApart(Sink sink, Path folder, List<CapturePair> pairs)
      throws OutputException {
    Set<Path> folders = new HashSet<>();
    for (CapturePair pair : pairs) {
      for (CaptureSource source : pair.sources()) {
        source.paths().forEach(file -> folders.add(file.toAbsolutePath().getParent()));
      }
    }
    Set<Path> real = folders.stream().map(PairOutputs::real).collect(Collectors.toSet());
    for (CapturePair pair : pairs) {
      Path copies = place(sink, folder, pair.id());
      if (real.contains(real(copies))) {
        throw new OutputException(
            Printable.of(copies)
                + ": holds captures of this batch; name another folder with "
                + sink.option());
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
    return folders.entrySet().stream()
        .allMatch(each -> Files.exists(place(each.getKey(), each.getValue(), id)));
  }

  private static Path place(Sink sink, Path folder, String id) {
    return folder.resolve(fileName(id) + (sink.isFolder() ? "" : "." + sink.name()));
  }

  void write(String id, Report report) throws OutputException {
    List<Path> inputs = new ArrayList<>();
    for (ReadCapture capture : report.captures()) {
      inputs.add(capture.input().path());
      capture.input().files().forEach(file -> inputs.add(file.path()));
    }
    OutputFiles files = new OutputFiles(inputs);
    for (Map.Entry<Sink, Path> each : folders.entrySet()) {
      each.getKey().write(report, place(each.getKey(), each.getValue(), id), files);
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
