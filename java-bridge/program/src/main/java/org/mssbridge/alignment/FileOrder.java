package org.mssbridge.alignment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.pairing.ConnectionMatch;
import org.mssbridge.pairing.ConnectionMatcher;
import org.mssbridge.pairing.PathOrder;

/**
 * The order of three or more files on their path, from what each two of them show. The points of
 * one file are in the right order already and stay together.
 */
final class FileOrder {
  private final List<List<PointCapture>> files = new ArrayList<>();

  /** For each two files: 1 where the first is nearer the client, -1 the second, 0 unknown. */
  private final int[][] nearer;

  private FileOrder(List<PointCapture> captures, List<PathOrder> legs) {
    List<PathOrder> between = new ArrayList<>();
    for (int i = 0; i < captures.size(); i++) {
      if (i == 0 || !captures.get(i - 1).sharesFile(captures.get(i))) {
        files.add(new ArrayList<>());
        if (i > 0) {
          between.add(legs.get(i - 1));
        }
      }
      files.get(files.size() - 1).add(captures.get(i));
    }
    nearer = new int[files.size()][files.size()];
    for (int i = 0; i < files.size(); i++) {
      for (int j = i + 1; j < files.size(); j++) {
        nearer[i][j] = vote(j == i + 1 ? between.get(i) : order(files.get(i), files.get(j)));
        nearer[j][i] = -nearer[i][j];
      }
    }
  }

  /**
   * The captures in path order.
   *
   * @param captures in the order in which they were given
   * @param legs what each capture and the next one show
   * @return empty where not every file is surely nearer the client than the next one, or where two
   *     of them contradict the order
   */
  static Optional<List<PointCapture>> of(List<PointCapture> captures, List<PathOrder> legs) {
    return new FileOrder(captures, legs).path();
  }

  private static PathOrder order(List<PointCapture> one, List<PointCapture> other) {
    return PathOrder.of(
        new ConnectionMatcher(one.get(one.size() - 1).connections(), other.get(0).connections())
            .match()
            .matches());
  }

  private static int vote(PathOrder order) {
    if (order.isSwapped()) {
      return -1;
    }
    List<ConnectionMatch> reversed =
        order.matches().stream().map(ConnectionMatch::reversed).toList();
    return PathOrder.of(reversed).isSwapped() ? 1 : 0;
  }

  private Optional<List<PointCapture>> path() {
    List<Integer> order =
        IntStream.range(0, files.size())
            .boxed()
            .sorted(Comparator.comparingInt(file -> -IntStream.of(nearer[file]).sum()))
            .toList();
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        int vote = nearer[order.get(i)][order.get(j)];
        if (vote < 0 || (j == i + 1 && vote == 0)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(order.stream().flatMap(file -> files.get(file).stream()).toList());
  }
}
