package org.mssbridge.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.CaptureSource;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.CaptureTools;
import org.mssbridge.tshark.TsharkException;

/**
 * Pairs up the files of folders: first by the parts of their names that match the wildcards, then,
 * for names without a partner, by overlap in time. Captures that rotate at different times overlap
 * like the links of a chain: a whole chain is one pair, and its files of each point are one
 * capture.
 */
public final class FolderPairs {
  private final List<CapturePoint> points;
  private final CaptureTools tools;

  /** Pairs up files of these points, given in the order of the path. */
  public FolderPairs(List<CapturePoint> points, CaptureTools tools) {
    this.points = List.copyOf(points);
    this.tools = tools;
  }

  /** A file whose name has no partner. */
  private record Single(int point, Path file, CaptureTools.Span span) {
    boolean overlaps(Single other) {
      return span.firstNanos() <= other.span.lastNanos()
          && other.span.firstNanos() <= span.lastNanos();
    }
  }

  /**
   * Finds pairs.
   *
   * @param globs a pattern for each point
   * @return first the pairs by name, sorted by id, then those by time; captures without a partner
   *     have a {@code trouble}
   * @throws BatchException if no file matches at all
   */
  public List<CapturePair> find(List<String> globs) throws BatchException {
    List<Map<String, Path>> byName = new ArrayList<>();
    for (String glob : globs) {
      byName.add(matches(glob));
    }
    if (byName.stream().allMatch(Map::isEmpty)) {
      throw new BatchException(
          "no file matches " + Printable.of(String.join(" or ", globs)) + "; check the patterns");
    }
    List<CapturePair> pairs = new ArrayList<>();
    List<Single> singles = new ArrayList<>();
    Set<String> names = new HashSet<>();
    byName.forEach(files -> names.addAll(files.keySet()));
    for (String name : names.stream().sorted().toList()) {
      List<CaptureSource> sources = new ArrayList<>();
      for (int point = 0; point < points.size(); point++) {
        Path file = byName.get(point).get(name);
        if (file != null) {
          sources.add(CaptureSource.of(points.get(point), List.of(file)));
        }
      }
      if (sources.size() >= 2) {
        pairs.add(new CapturePair(name, sources, ""));
      } else {
        single(sources.get(0), singles, pairs);
      }
    }
    pairs.addAll(byTime(singles));
    return unique(pairs);
  }

  private static Map<String, Path> matches(String glob) throws BatchException {
    Map<String, Path> files = new TreeMap<>();
    try {
      for (Glob.Match match : Glob.of(Path.of(""), glob).matches()) {
        String name = match.wildcards();
        String key = name.isEmpty() ? String.valueOf(match.path().getFileName()) : name;
        // The wildcards may match the same text in two names.
        files.merge(key, match.path(), (one, other) -> one);
        if (!files.get(key).equals(match.path())) {
          files.put(match.path().toString(), match.path());
        }
      }
      return files;
    } catch (IOException e) {
      throw new BatchException(
          Printable.of(glob) + ": its folder cannot be read; check its permissions", e);
    }
  }

  private void single(CaptureSource source, List<Single> singles, List<CapturePair> pairs) {
    Path file = source.paths().get(0);
    try {
      CaptureTools.Span span = tools.span(file);
      if (span.packets() > 0) {
        singles.add(new Single(points.indexOf(source.point()), file, span));
      } else {
        pairs.add(new CapturePair(file.toString(), List.of(source), "it holds no packets"));
      }
    } catch (TsharkException e) {
      pairs.add(new CapturePair(file.toString(), List.of(source), e.getMessage()));
    }
  }

  /** The chains of overlapping files, in the order of time. */
  private List<CapturePair> byTime(List<Single> singles) {
    List<CapturePair> pairs = new ArrayList<>();
    List<Single> left = new ArrayList<>(singles);
    left.sort((a, b) -> Long.compare(a.span().firstNanos(), b.span().firstNanos()));
    while (!left.isEmpty()) {
      pairs.add(pair(chain(left)));
    }
    return pairs;
  }

  /**
   * Removes from the list the first file and all files that overlap it at other points, directly or
   * through others.
   */
  private static List<Single> chain(List<Single> left) {
    List<Single> chain = new ArrayList<>(List.of(left.remove(0)));
    for (int i = 0; i < chain.size(); i++) {
      Single link = chain.get(i);
      for (int j = 0; j < left.size(); ) {
        Single other = left.get(j);
        if (other.point() != link.point() && link.overlaps(other)) {
          chain.add(left.remove(j));
        } else {
          j++;
        }
      }
    }
    return chain;
  }

  private CapturePair pair(List<Single> chain) {
    Map<Integer, List<Path>> files = new TreeMap<>();
    for (Single link : chain) {
      files.computeIfAbsent(link.point(), point -> new ArrayList<>()).add(link.file());
    }
    List<CaptureSource> sources = new ArrayList<>();
    files.forEach((point, paths) -> sources.add(CaptureSource.of(points.get(point), paths)));
    String id = sources.get(0).paths().get(0).toString();
    return new CapturePair(
        id,
        sources,
        sources.size() >= 2 ? "" : "no file of another point has its name or overlaps it in time");
  }

  private static List<CapturePair> unique(List<CapturePair> pairs) {
    Map<String, CapturePair> byId = new LinkedHashMap<>();
    for (CapturePair pair : pairs) {
      String id = pair.id();
      for (int number = 2; byId.containsKey(id); number++) {
        id = pair.id() + "#" + number;
      }
      byId.put(id, new CapturePair(id, pair.sources(), pair.trouble()));
    }
    return List.copyOf(byId.values());
  }
}
