package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.pairing.CaptureFingerprints;
import org.mssbridge.pairing.Continuation;
import org.mssbridge.pairing.SharedConnections;

/**
 * What captures have in common, pair by pair, by their numbers.
 *
 * @param shared the pairs that share connections, the first with the lower number
 * @param successions the pairs of which one goes on with the connections of the other
 * @param doubtful captures of which weak evidence is not used, since there is other
 */
record Links(List<Link> shared, List<Succession> successions, Set<Integer> doubtful) {
  /** Two captures that saw the same connections. */
  record Link(int first, int second, SharedConnections shared) {}

  /** Two captures of one point, as it seems. */
  record Succession(int earlier, int later, Continuation continuation) {}

  private record Compared(Optional<Link> link, Optional<Succession> succession) {}

  /** Compares the candidates, several at once. */
  static Links of(
      List<SeenCapture> captures,
      List<CaptureIndex.Candidate> candidates,
      FingerprintedCaptures kept,
      int jobs)
      throws CaseFileException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Compared>> running = new ArrayList<>();
      for (CaptureIndex.Candidate candidate : candidates) {
        running.add(threads.submit(() -> compare(candidate, captures, kept)));
      }
      List<Link> shared = new ArrayList<>();
      List<Succession> successions = new ArrayList<>();
      for (Future<Compared> each : running) {
        each.get().link().ifPresent(shared::add);
        each.get().succession().ifPresent(successions::add);
      }
      return new Links(shared, successions, Set.of());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CaseFileException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Compared compare(
      CaptureIndex.Candidate candidate, List<SeenCapture> captures, FingerprintedCaptures kept)
      throws CaseFileException {
    int first = candidate.first();
    int second = candidate.second();
    CaptureFingerprints one = fingerprints(captures.get(first), kept);
    CaptureFingerprints other = fingerprints(captures.get(second), kept);
    SharedConnections shared = SharedConnections.of(one, other);
    if (shared.isAny()) {
      return new Compared(Optional.of(new Link(first, second, shared)), Optional.empty());
    }
    boolean isForth = captures.get(first).isBefore(captures.get(second));
    if (!isForth && !captures.get(second).isBefore(captures.get(first))) {
      return new Compared(Optional.empty(), Optional.empty());
    }
    Continuation continuation = isForth ? Continuation.of(one, other) : Continuation.of(other, one);
    return new Compared(
        Optional.empty(),
        continuation.connections() == 0
            ? Optional.empty()
            : Optional.of(
                new Succession(isForth ? first : second, isForth ? second : first, continuation)));
  }

  private static CaptureFingerprints fingerprints(SeenCapture capture, FingerprintedCaptures kept)
      throws CaseFileException {
    return CaptureFingerprints.of(kept.fingerprints(capture.content().sha256()));
  }

  /** Those between some captures only. */
  Links between(Set<Integer> some) {
    return new Links(
        shared.stream()
            .filter(link -> some.contains(link.first()) && some.contains(link.second()))
            .toList(),
        successions.stream()
            .filter(each -> some.contains(each.earlier()) && some.contains(each.later()))
            .toList(),
        doubtful);
  }

  /** Without the links by weak evidence of captures that are linked to others too. */
  Links withoutDoubtful() {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Link link : shared) {
      counts.merge(link.first(), 1, Integer::sum);
      counts.merge(link.second(), 1, Integer::sum);
    }
    List<Link> sure = new ArrayList<>();
    Set<Integer> left = new HashSet<>();
    for (Link link : shared) {
      if (link.shared().isWeak()
          && (counts.get(link.first()) > 1 || counts.get(link.second()) > 1)) {
        left.add(link.first());
        left.add(link.second());
      } else {
        sure.add(link);
      }
    }
    return new Links(sure, successions, left);
  }

  /** The links by the pair of captures, in either order. */
  Map<Long, Link> byPair() {
    Map<Long, Link> links = new HashMap<>();
    shared.forEach(link -> links.put(pair(link.first(), link.second()), link));
    return links;
  }

  static long pair(int one, int other) {
    return ((long) Math.min(one, other) << 32) | Math.max(one, other);
  }
}
