package org.mssbridge.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.Printable;

/**
 * The list of pairs: a table with the column {@code id}, and one column per capture point in the
 * order of the path. A cell is a file or a pattern; all files that a pattern matches are one
 * capture. Relative names start from the manifest's folder.
 */
public final class Manifest {
  private static final String ID = "id";
  private static final Pattern POINT = Pattern.compile("[\\p{L}\\p{N}_-]{1,64}");

  private static final Pattern URI =
      Pattern.compile("(?<root>[A-Za-z][A-Za-z0-9+.-]*://[^/]*)(?<path>/.*)", Pattern.DOTALL);

  private Manifest() {}

  /**
   * Reads a manifest.
   *
   * @throws BatchException if it is not a manifest, or has an id twice
   */
  public static List<CapturePair> read(Path file) throws BatchException {
    return read(file, root -> Optional.empty());
  }

  /**
   * The same with files of other file systems, which a cell names by a URI.
   *
   * @param roots the root folder of a file system by the URI's begin, such as {@code hdfs://one};
   *     empty where it is no file system
   */
  public static List<CapturePair> read(Path file, Function<String, Optional<Path>> roots)
      throws BatchException {
    Table table = Table.read(file);
    Set<String> filled = new HashSet<>();
    table.rows().forEach(row -> filled.addAll(row.cells().keySet()));
    // In the order of the header, because the first line may leave out a point in the middle.
    Set<String> columns = new LinkedHashSet<>(table.columns());
    columns.retainAll(filled);
    columns.remove(ID);
    if (columns.isEmpty()) {
      throw new BatchException(
          Printable.of(file)
              + ": names no pair: it needs a header such as id,client,server and a line a pair");
    }
    for (String column : columns) {
      if (!POINT.matcher(column).matches()) {
        throw new BatchException(
            Printable.of(file)
                + ": the column "
                + Printable.of(column)
                + " names no capture point: take letters, digits, _ and -");
      }
    }
    List<CapturePair> pairs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Table.Row row : table.rows()) {
      String id = row.cells().get(ID);
      if (id != null && !UTF_8.newEncoder().canEncode(id)) {
        throw new BatchException(
            Printable.of(file)
                + ": line "
                + row.line()
                + " has an id that is no text: "
                + Printable.of(id)
                + "; give it another");
      }
      if (id == null || !ids.add(id)) {
        throw new BatchException(
            Printable.of(file)
                + ": line "
                + row.line()
                + (id == null ? " has no id" : " has the id of another line: " + Printable.of(id))
                + "; give each pair one of its own");
      }
      pairs.add(pair(id, row.cells(), columns, cell -> new Place(folder(file), cell).at(roots)));
    }
    return pairs;
  }

  private static Path folder(Path file) {
    return file.getParent() == null ? Path.of("") : file.getParent();
  }

  private static CapturePair pair(
      String id, Map<String, String> cells, Set<String> columns, Function<String, Place> places) {
    List<CaptureSource> sources = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String column : columns) {
      String cell = cells.get(column);
      if (cell == null) {
        continue;
      }
      try {
        Place place = places.apply(cell);
        List<Path> files = place.files();
        if (files.isEmpty()) {
          missing.add("no file matches " + Printable.of(place.named()) + " for " + column);
        } else {
          sources.add(CaptureSource.of(new CapturePoint(column), files));
        }
      } catch (IOException e) {
        missing.add(Printable.of(cell) + ": a folder of it cannot be read; check its permissions");
      } catch (BatchException e) {
        missing.add(e.getMessage());
      } catch (InvalidPathException e) {
        missing.add(Printable.of(cell) + " cannot be the name of a file");
      }
    }
    // A manifest with one column is of files that hold several points.
    if (missing.isEmpty() && sources.size() < Math.min(2, columns.size())) {
      missing.add("files of two points are needed, and " + sources.size() + " is named");
    }
    return new CapturePair(id, sources, String.join("; ", missing));
  }

  /**
   * What a cell names.
   *
   * @param folder where relative names start from
   */
  private record Place(Path folder, String cell) {
    /** The same, with the root of the file system that the cell names, if it names one. */
    Place at(Function<String, Optional<Path>> roots) {
      Matcher uri = URI.matcher(cell);
      return uri.matches()
          ? roots
              .apply(uri.group("root"))
              .map(root -> new Place(root, uri.group("path")))
              .orElse(this)
          : this;
    }

    Path named() {
      return folder.resolve(cell);
    }

    List<Path> files() throws IOException, BatchException {
      if (!Glob.isGlob(cell) || Files.exists(named())) {
        return List.of(named());
      }
      return Glob.of(folder, cell).matches().stream().map(Glob.Match::path).toList();
    }
  }
}
