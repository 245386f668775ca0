package org.mssbridge.discover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.tshark.TsharkException;

/**
 * Finds which captures of folders saw the same connections, whatever their names.
 *
 * @param paths in the order of time
 * @param leftOvers the files that are in no path, sorted by name, but for those that are no
 *     captures
 * @param captures number of captures that can be used
 * @param readNow number of files that were read by this run
 * @param foreign number of files that are no captures
 */
public record Discovery(
    List<FoundPath> paths, List<LeftOver> leftOvers, int captures, int readNow, int foreign) {
  public Discovery {
    paths = List.copyOf(paths);
    leftOvers = List.copyOf(leftOvers);
  }

  /** The files of all paths. */
  public List<Path> files() {
    return paths.stream()
        .flatMap(path -> path.points().stream())
        .flatMap(point -> point.files().stream())
        .toList();
  }

  /**
   * How to search.
   *
   * @param pipeline reads a capture
   * @param kept the fingerprints of earlier runs
   * @param jobs number of captures to read or compare at once, 1 or more
   * @param ours files of the program itself, which are no input
   * @param progress receives each file that is done
   */
  public record Settings(
      Pipeline pipeline, FingerprintedCaptures kept, int jobs, Set<Path> ours, Progress progress) {}

  /** Receives how far a run is. */
  public interface Progress {
    /** The number of files is known. */
    void begin(int files);

    /** A file is done. */
    void done();
  }

  /**
   * Searches folders.
   *
   * @throws DiscoverException if a folder cannot be searched
   * @throws TsharkException if the run is interrupted
   */
  public static Discovery of(List<Path> folders, Settings settings)
      throws DiscoverException, CaseFileException, TsharkException, InterruptedException {
    FoundFiles found = FoundFiles.of(folders, settings.ours());
    return of(
        found.leftOvers(),
        load(found.files(), settings),
        new LocalMatching(settings.kept(), settings.jobs()));
  }

  /**
   * Finds the paths among captures that were read.
   *
   * @param passedOver what is left over already
   * @param all what is known of each file, sorted by name
   */
  public static Discovery of(
      List<LeftOver> passedOver, List<CaptureLoader.Loaded> all, Matching matching)
      throws DiscoverException, CaseFileException, InterruptedException {
    List<LeftOver> leftOvers = new ArrayList<>(passedOver);
    List<SeenCapture> captures = new ArrayList<>();
    Map<String, Path> byContent = new HashMap<>();
    int foreign = 0;
    for (CaptureLoader.Loaded each : all) {
      if (each.leftOver().isPresent()) {
        boolean isForeign = each.leftOver().get().reason().equals(CaptureLoader.NO_CAPTURE);
        foreign += isForeign ? 1 : 0;
        if (!isForeign) {
          leftOvers.add(each.leftOver().get());
        }
        continue;
      }
      SeenCapture capture = each.capture().orElseThrow();
      Path before = byContent.putIfAbsent(capture.content().sha256(), capture.file());
      if (before == null) {
        captures.add(capture);
      } else {
        leftOvers.add(
            new LeftOver(
                capture.file(), "is the same, byte for byte, as " + Printable.of(before), false));
      }
    }
    captures.sort(Comparator.comparingLong(capture -> capture.content().firstNanos()));
    List<FoundPath> paths = group(captures, matching.of(captures), leftOvers::add);
    leftOvers.sort(Comparator.comparing(LeftOver::file));
    int readNow = (int) all.stream().filter(CaptureLoader.Loaded::isRead).count();
    return new Discovery(paths, leftOvers, captures.size(), readNow, foreign);
  }

  private static List<CaptureLoader.Loaded> load(List<Path> files, Settings settings)
      throws CaseFileException, TsharkException, InterruptedException {
    settings.progress().begin(files.size());
    CaptureLoader loader = new CaptureLoader(settings.pipeline(), settings.kept());
    ExecutorService threads = Executors.newFixedThreadPool(settings.jobs());
    try {
      List<Future<CaptureLoader.Loaded>> running = new ArrayList<>();
      for (Path file : files) {
        running.add(
            threads.submit(
                () -> {
                  CaptureLoader.Loaded loaded = loader.load(file);
                  settings.progress().done();
                  return loaded;
                }));
      }
      List<CaptureLoader.Loaded> loaded = new ArrayList<>();
      for (Future<CaptureLoader.Loaded> each : running) {
        loaded.add(each.get());
      }
      return loaded;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CaseFileException failure) {
        throw failure;
      }
      if (e.getCause() instanceof TsharkException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * @param captures in the order of time
   */
  private static List<FoundPath> group(
      List<SeenCapture> captures, Matching.Common common, Consumer<LeftOver> leftOvers) {
    Links all = common.links();
    Set<Integer> used =
        IntStream.range(0, captures.size()).boxed().collect(Collectors.toCollection(TreeSet::new));
    for (Links.Link link : all.shared()) {
      if (link.shared().isSame() && used.contains(link.first()) && used.contains(link.second())) {
        int less = lesser(link, captures);
        int more = link.first() + link.second() - less;
        used.remove(less);
        leftOvers.accept(
            new LeftOver(
                captures.get(less).file(),
                "holds the same packets as " + Printable.of(captures.get(more).file()),
                false));
      }
    }
    Links links = all.between(used).withoutDoubtful();
    Rotation.Points points = Rotation.of(captures, used, links);
    List<FoundPath> paths = Paths.of(captures, points.points(), links.shared());
    Set<Path> placed =
        paths.stream()
            .flatMap(path -> path.points().stream())
            .flatMap(point -> point.files().stream())
            .collect(Collectors.toCollection(HashSet::new));
    for (int capture : used) {
      Path file = captures.get(capture).file();
      if (!placed.contains(file)) {
        leftOvers.accept(
            new LeftOver(file, reason(capture, common.candidates(), links, points), false));
      }
    }
    return paths;
  }

  private static String reason(
      int capture, Candidates candidates, Links links, Rotation.Points points) {
    if (links.doubtful().contains(capture)) {
      return "ambiguous: the same data passes several captures, and nothing else shows which of"
          + " them belong together";
    }
    if (candidates.crowded().contains(capture)) {
      return "ambiguous: too many captures hold the same values";
    }
    return points.ambiguous().contains(capture)
        ? "ambiguous: its connections go on in several captures, and it shares none with another"
            + " point"
        : "shares no connection with a capture of another point";
  }

  /** Which of two captures with the same packets is the lesser one. */
  private static int lesser(Links.Link link, List<SeenCapture> captures) {
    int first = captures.get(link.first()).content().packets();
    int second = captures.get(link.second()).content().packets();
    return second <= first ? link.second() : link.first();
  }
}
