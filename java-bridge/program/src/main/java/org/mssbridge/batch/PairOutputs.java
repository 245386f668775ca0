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
 * The outputs of a pair besides the case.
 *
 * @param folders the folder of each sink, for its files or folders of all pairs
 */
public record PairOutputs(Map<Sink, Path> folders) {
  /** A character has up to three bytes here, and file systems allow names of up to 255 bytes. */
  private static final int MOST_CHARACTERS = 60;

  public PairOutputs {
    folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
  }

  /**
   * Creates the folders.
   *
   * @throws OutputException if one cannot be written to, or copies would be written among captures
   */
  public void check(List<CapturePair> pairs) throws OutputException {
    for (Map.Entry<Sink, Path> each : folders.entrySet()) {
      OutputFiles.makeFolder(each.getValue());
      if (each.getKey().isFolder()) {
        checkApart(each.getKey(), each.getValue(), pairs);
      }
    }
  }

  /** Rejects a folder that holds captures: a copy could have the name of one. */
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
      return folder.toAbsolutePath(); // It does not exist, so it holds no capture.
    }
  }

  /** Whether all outputs of a pair already exist. */
  boolean exist(String id) {
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
   * Makes a file name from an id. Characters other than letters, digits, _ - . are escaped byte by
   * byte in UTF-8, and the end of a long name is replaced by a digest of the id.
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
