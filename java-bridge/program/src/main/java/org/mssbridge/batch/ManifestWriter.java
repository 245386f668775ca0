package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.mssbridge.model.CapturePoint;

/** Writes the list of pairs that {@link Manifest} reads. */
public final class ManifestWriter {
  private static final String SPECIAL = "*?[{},";

  private final Path folder;

  /**
   * A writer for a manifest.
   *
   * @param manifest where it will be: the names in it start from its folder
   */
  public ManifestWriter(Path manifest) {
    Path parent = manifest.toAbsolutePath().normalize().getParent();
    folder = parent == null ? Path.of("/") : parent;
  }

  /**
   * Writes the pairs as CSV.
   *
   * @param points the names of as many points as the longest path has
   * @param pairs for each path, and each of its points in order, the files
   */
  public void write(List<CapturePoint> points, List<List<List<Path>>> pairs, OutputStream out)
      throws IOException {
    Writer writer = new OutputStreamWriter(out, UTF_8);
    List<String> header = new ArrayList<>(List.of("id"));
    points.forEach(point -> header.add(point.name()));
    CSVFormat.RFC4180.printRecord(writer, header.toArray());
    Set<String> ids = new HashSet<>();
    for (List<List<Path>> pair : pairs) {
      List<String> cells = new ArrayList<>(List.of(id(pair, ids)));
      pair.forEach(files -> cells.add(cell(files)));
      while (cells.size() < header.size()) {
        cells.add("");
      }
      CSVFormat.RFC4180.printRecord(writer, cells.toArray());
    }
    writer.flush();
  }

  /** The name of the first file, which stays the same as long as the path begins with it. */
  private static String id(List<List<Path>> pair, Set<String> ids) {
    String first = pair.get(0).get(0).getFileName().toString().strip();
    String name = first.isEmpty() ? "path" : first;
    String id = name;
    for (int number = 2; !ids.add(id); number++) {
      id = name + "#" + number;
    }
    return id;
  }

  /** One name, or a pattern that only the files match. */
  private String cell(List<Path> files) {
    List<Path> names = files.stream().map(this::named).toList();
    if (names.size() == 1) {
      String name = names.get(0).toString();
      // A table is trimmed; a name that looks like a pattern is one only if there is no such file.
      return name.equals(name.strip()) ? name : escaped(name);
    }
    if (names.stream().anyMatch(Path::isAbsolute)) {
      names = files.stream().map(file -> file.toAbsolutePath().normalize()).toList();
    }
    // All names of a pattern have to start from one folder.
    int shared = sharedFolders(names).length();
    String choice =
        names.stream()
            .map(name -> escaped(name.toString().substring(shared)))
            .collect(Collectors.joining(",", "{", "}"));
    return escaped(sharedFolders(names)) + choice;
  }

  /** The folders that all names begin with, with a slash at the end unless there is none. */
  private static String sharedFolders(List<Path> names) {
    String first = names.get(0).toString();
    int end = first.lastIndexOf('/') + 1;
    while (end > 0 && !allStartWith(names, first.substring(0, end))) {
      end = first.lastIndexOf('/', end - 2) + 1;
    }
    return first.substring(0, end);
  }

  private static boolean allStartWith(List<Path> names, String start) {
    return names.stream().allMatch(name -> name.toString().startsWith(start));
  }

  private Path named(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(folder) ? folder.relativize(absolute) : absolute;
  }

  /** The name as a pattern that only it matches. */
  private static String escaped(String name) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isEdge = (i == 0 || i == name.length() - 1) && Character.isWhitespace(c);
      pattern.append(SPECIAL.indexOf(c) >= 0 || isEdge ? "[" + c + "]" : String.valueOf(c));
    }
    return pattern.toString();
  }
}
