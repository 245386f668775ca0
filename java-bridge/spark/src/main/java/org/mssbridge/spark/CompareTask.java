package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.mssbridge.discover.Candidates;
import org.mssbridge.discover.Links;
import org.mssbridge.pairing.CaptureFingerprints;
import org.mssbridge.pairing.Continuation;
import org.mssbridge.pairing.SharedConnections;

/** Compares pairs of captures by their fingerprints. */
final class CompareTask implements FlatMapFunction<Iterator<CompareTask.Pair>, CompareTask.Result> {
  private static final long serialVersionUID = 1L;

  /** So many captures stay in memory, since the pairs of a task are in the order of the first. */
  private static final int HELD_CAPTURES = 8;

  private final TaskOptions options;

  /** Two captures to compare, by their numbers. */
  record Pair(int first, KeptCapture one, int second, KeptCapture other) implements Serializable {}

  /**
   * What two captures have in common, in a form that Java can send.
   *
   * @param shared null if they have no connection in common
   * @param succession null if neither goes on with the connections of the other
   */
  record Result(Shared shared, Succession succession) implements Serializable {
    Links.Compared compared() {
      return new Links.Compared(
          Optional.ofNullable(shared).map(Shared::link),
          Optional.ofNullable(succession).map(Succession::succession));
    }
  }

  /** A {@link Links.Link}; the clock and the way are null where they are not known. */
  record Shared(
      int first,
      int second,
      int connections,
      double confidence,
      int fromFirst,
      int fromSecond,
      Long clockNanos,
      Long wayNanos,
      boolean isWeak,
      boolean isSame)
      implements Serializable {
    private static Shared of(Links.Link link) {
      SharedConnections shared = link.shared();
      Optional<SharedConnections.Offset> clock = shared.clock();
      OptionalLong way = clock.map(SharedConnections.Offset::wayNanos).orElse(OptionalLong.empty());
      return new Shared(
          link.first(),
          link.second(),
          shared.connections(),
          shared.confidence(),
          shared.fromFirst(),
          shared.fromSecond(),
          clock.map(SharedConnections.Offset::nanos).orElse(null),
          way.isPresent() ? way.getAsLong() : null,
          shared.isWeak(),
          shared.isSame());
    }

    private Links.Link link() {
      Optional<SharedConnections.Offset> clock =
          Optional.ofNullable(clockNanos)
              .map(
                  nanos ->
                      new SharedConnections.Offset(
                          nanos,
                          wayNanos == null ? OptionalLong.empty() : OptionalLong.of(wayNanos)));
      return new Links.Link(
          first,
          second,
          new SharedConnections(
              connections, confidence, fromFirst, fromSecond, clock, isWeak, isSame));
    }
  }

  /** A {@link Links.Succession}. */
  record Succession(int earlier, int later, int connections, int others) implements Serializable {
    private static Succession of(Links.Succession found) {
      return new Succession(
          found.earlier(),
          found.later(),
          found.continuation().connections(),
          found.continuation().others());
    }

    private Links.Succession succession() {
      return new Links.Succession(earlier, later, new Continuation(connections, others));
    }
  }

  CompareTask(TaskOptions options) {
    this.options = options;
  }

  @Override
  public Iterator<Result> call(Iterator<Pair> pairs) throws IOException {
    Store store = OutputFolder.ofTask(options.out(), options.configuration()).fingerprints();
    Map<String, CaptureFingerprints> held =
        new LinkedHashMap<>(2 * HELD_CAPTURES, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, CaptureFingerprints> eldest) {
            return size() > HELD_CAPTURES;
          }
        };
    List<Result> results = new ArrayList<>();
    while (pairs.hasNext()) {
      Pair pair = pairs.next();
      Links.Compared compared =
          Links.compare(
              new Candidates.Pair(pair.first(), pair.second(), 0),
              pair.one().capture(),
              fingerprints(pair.one(), store, held),
              pair.other().capture(),
              fingerprints(pair.other(), store, held));
      if (compared.link().isPresent() || compared.succession().isPresent()) {
        results.add(
            new Result(
                compared.link().map(Shared::of).orElse(null),
                compared.succession().map(Succession::of).orElse(null)));
      }
    }
    return results.iterator();
  }

  private static CaptureFingerprints fingerprints(
      KeptCapture capture, Store store, Map<String, CaptureFingerprints> held) throws IOException {
    CaptureFingerprints known = held.get(capture.name());
    if (known == null) {
      known = capture.fingerprints(store);
      held.put(capture.name(), known);
    }
    return known;
  }
}
