package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;
import org.mssbridge.output.OutputFiles;
import org.mssbridge.output.OutputPlaces;
import org.mssbridge.output.Outputs;
import org.mssbridge.output.RealPath;
import org.mssbridge.pipeline.RotatedFiles;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.report.Report;
import org.mssbridge.report.Sink;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;

/**
 * The outputs of pairs besides the case.
 *
 * @param folders the folder of each sink, for its files or folders of all pairs
 * @param names the name of each pair's files or folders, by its id
 */
public record PairOutputs(Map<Sink, Path> folders, Map<String, String> names) {
  /** A character has up to three bytes here, and file systems allow names of up to 255 bytes. */
  private static final int MOST_CHARACTERS = 60;

  public PairOutputs {
    folders = Collections.unmodifiableMap(new LinkedHashMap<>(folders));
    names = Map.copyOf(names);
  }

  /** The outputs of these pairs; names that differ only in case get a digest of the id each. */
  public static PairOutputs of(Map<Sink, Path> folders, List<CapturePair> pairs) {
    Map<String, Long> alike =
        pairs.stream()
            .collect(
                Collectors.groupingBy(
                    pair -> OutputPlaces.folded(fileName(pair.id())), Collectors.counting()));
    Map<String, String> names = new HashMap<>();
    for (CapturePair pair : pairs) {
      String name = fileName(pair.id());
      boolean isAlone = alike.get(OutputPlaces.folded(name)) == 1;
      names.put(pair.id(), isAlone ? name : longName(pair.id()));
    }
    return new PairOutputs(folders, names);
  }

  /** All files of all pairs that can be compared, by option. */
  public Map<String, List<Path>> files(List<CapturePair> pairs) {
    Map<String, List<Path>> files = new LinkedHashMap<>();
    folders.forEach(
        (sink, folder) -> {
          List<Path> all = new ArrayList<>();
          for (CapturePair pair : pairs) {
            if (pair.trouble().isEmpty()) {
              all.addAll(sink.files(place(sink, pair.id()), captures(pair)));
            }
          }
          files.put(sink.option(), all);
        });
    return files;
  }

  /** The files that are read; those that are joined first have the name that they will have. */
  private static Map<CapturePoint, Path> captures(CapturePair pair) {
    Map<CapturePoint, Path> captures = new LinkedHashMap<>();
    pair.sources()
        .forEach(source -> captures.put(source.point(), RotatedFiles.path(source, Path.of(""))));
    return captures;
  }

  /**
   * Creates the folders, and checks what already exists in them.
   *
   * @throws OutputException if one cannot be written to, or copies would be written among captures
   */
  public void check(List<CapturePair> pairs) throws OutputException {
    OutputFiles files = new OutputFiles(List.of());
    for (Map.Entry<Sink, Path> each : folders.entrySet()) {
      Sink sink = each.getKey();
      OutputFiles.makeFolder(each.getValue());
      if (sink.isFolder()) {
        checkApart(sink, pairs);
      }
      for (CapturePair pair : pairs) {
        Path place = place(sink, pair.id());
        if (pair.trouble().isEmpty() && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
          sink.check(place, captures(pair), files);
        }
      }
    }
  }

  /** Rejects a folder that holds captures: a copy could have the name of one. */
  private void checkApart(Sink sink, List<CapturePair> pairs) throws OutputException {
    Set<Path> holders =
        pairs.stream()
            .flatMap(pair -> pair.sources().stream())
            .flatMap(source -> source.paths().stream())
            .map(file -> file.toAbsolutePath().resolve("..").normalize())
            .distinct()
            .map(RealPath::of)
            .collect(Collectors.toSet());
    for (CapturePair pair : pairs) {
      Path copies = place(sink, pair.id());
      if (holders.contains(RealPath.of(copies))) {
        throw new OutputException(
            Printable.of(copies)
                + ": holds captures of this batch; name another folder with "
                + sink.option());
      }
    }
  }

  /** Whether all outputs of a pair already exist. */
  boolean exist(String id) {
    return folders.keySet().stream().allMatch(sink -> Files.exists(place(sink, id)));
  }

  private Path place(Sink sink, String id) {
    return folders.get(sink).resolve(names.get(id) + (sink.isFolder() ? "" : "." + sink.name()));
  }

  /** Writes the outputs of a pair, and returns what kept some from being written. */
  List<OutputException> write(String id, Report report, Stopwatch stopwatch) {
    List<Path> inputs = new ArrayList<>();
    for (ReadCapture capture : report.captures()) {
      inputs.add(capture.input().path());
      capture.input().files().forEach(file -> inputs.add(file.path()));
    }
    Outputs outputs = new Outputs(line -> {});
    OutputFiles files = new OutputFiles(inputs);
    for (Sink sink : folders.keySet()) {
      stopwatch.enter(Stage.WRITING, sink.option());
      sink.write(report, place(sink, id), files, outputs);
    }
    return outputs.failures();
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
        : name.substring(0, MOST_CHARACTERS) + "-" + digest(id);
  }

  /** The name of a pair whose other name is that of another pair too, but for the case. */
  static String longName(String id) {
    return fileName(id) + "-" + digest(id);
  }

  private static UUID digest(String id) {
    return UUID.nameUUIDFromBytes(id.getBytes(UTF_8));
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
