package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.discover.Candidates;
import org.mssbridge.discover.CaptureLoader;
import org.mssbridge.discover.DiscoverException;
import org.mssbridge.discover.Discovery;
import org.mssbridge.discover.FoundFiles;
import org.mssbridge.discover.KeyTally;
import org.mssbridge.discover.Links;
import org.mssbridge.discover.Matching;
import org.mssbridge.discover.SeenCapture;
import org.mssbridge.discover.SharedKeys;
import org.mssbridge.spark.files.Places;

/**
 * The driver's part of discover: has each file read by a task, joins their keys, has the candidates
 * compared, and puts the paths together.
 */
final class ClusterDiscovery implements Matching {
  /** Pairs of a task at least; each reads the fingerprints of one capture more. */
  private static final int PAIRS_OF_TASK = 16;

  private final JavaSparkContext spark;
  private final TaskOptions options;
  private final Places places;
  private final Map<String, KeptCapture> byContent = new HashMap<>();

  ClusterDiscovery(JavaSparkContext spark, TaskOptions options, Places places) {
    this.spark = spark;
    this.options = options;
    this.places = places;
  }

  /** Searches folders. */
  Discovery of(List<Path> folders, Set<Path> ours)
      throws DiscoverException,
          CaseFileException,
          IOException,
          InterruptedException,
          UnusableExecutorException {
    FoundFiles found = FoundFiles.of(folders, ours);
    List<CaptureLoader.Loaded> all = new ArrayList<>();
    for (FingerprintTask.Result each : read(found.files())) {
      if (each.unusable() != null) {
        throw UnusableExecutorException.of(each.unusable());
      }
      all.add(each.loaded(places));
      if (each.kept() != null) {
        byContent.putIfAbsent(each.kept().sha256(), each.kept());
      }
    }
    return Discovery.of(found.leftOvers(), all, this);
  }

  private List<FingerprintTask.Result> read(List<Path> files) {
    List<String> names = files.stream().map(file -> file.toAbsolutePath().toString()).toList();
    return spark
        .parallelize(names, Math.max(1, names.size()))
        .map(new FingerprintTask(options))
        .collect();
  }

  @Override
  public Common of(List<SeenCapture> captures) {
    List<KeptCapture> kept =
        captures.stream().map(capture -> byContent.get(capture.content().sha256())).toList();
    Candidates candidates = Candidates.of(shared(kept), kept.size());
    return new Common(candidates, Links.of(compared(candidates, kept)));
  }

  /** A capture with its number in the order of time. */
  private record Numbered(int number, KeptCapture capture) implements Serializable {}

  private KeyTally shared(List<KeptCapture> kept) {
    List<Numbered> numbered = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      numbered.add(new Numbered(i, kept.get(i)));
    }
    long connections = kept.stream().mapToLong(KeptCapture::connections).sum();
    int parallelism = spark.defaultParallelism();
    int tasks = Math.max(1, Math.min(kept.size(), 4 * parallelism));
    TaskOptions ofTask = options;
    JavaRDD<long[]> keys =
        spark
            .parallelize(numbered, tasks)
            .map(
                each -> {
                  Store store =
                      OutputFolder.ofTask(ofTask.out(), ofTask.configuration()).fingerprints();
                  return SharedKeys.of(
                      each.number(), each.capture().fingerprints(store), connections);
                });
    int shares = KeyJoin.shares(connections, parallelism);
    return KeyJoin.tally(KeyJoin.divided(keys, shares), shares);
  }

  private List<Links.Compared> compared(Candidates candidates, List<KeptCapture> kept) {
    List<CompareTask.Pair> pairs =
        candidates.pairs().stream()
            .sorted(
                Comparator.comparingInt(Candidates.Pair::first)
                    .thenComparingInt(Candidates.Pair::second))
            .map(
                pair ->
                    new CompareTask.Pair(
                        pair.first(),
                        kept.get(pair.first()),
                        pair.second(),
                        kept.get(pair.second())))
            .toList();
    int tasks = Math.max(1, pairs.size() / PAIRS_OF_TASK);
    return spark
        .parallelize(pairs, tasks)
        .mapPartitions(new CompareTask(options))
        .collect()
        .stream()
        .map(CompareTask.Result::compared)
        .toList();
  }
}
