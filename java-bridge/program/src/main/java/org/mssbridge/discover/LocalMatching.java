package org.mssbridge.discover;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.pairing.CaptureFingerprints;

/**
 * Finds what captures have in common, with the fingerprints of a case.
 *
 * @param kept the fingerprints
 * @param jobs number of pairs to compare at once, 1 or more
 */
record LocalMatching(FingerprintedCaptures kept, int jobs) implements Matching {
  @Override
  public Common of(List<SeenCapture> captures) throws CaseFileException, InterruptedException {
    long connections = captures.stream().mapToLong(c -> c.content().connections()).sum();
    SharedKeys keys = new SharedKeys();
    for (int i = 0; i < captures.size(); i++) {
      keys.add(SharedKeys.of(i, fingerprints(captures.get(i)), connections));
    }
    Candidates candidates = Candidates.of(keys.tally(), captures.size());
    return new Common(candidates, Links.of(compared(captures, candidates.pairs())));
  }

  private List<Links.Compared> compared(List<SeenCapture> captures, List<Candidates.Pair> pairs)
      throws CaseFileException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Links.Compared>> running = new ArrayList<>();
      for (Candidates.Pair pair : pairs) {
        SeenCapture first = captures.get(pair.first());
        SeenCapture second = captures.get(pair.second());
        running.add(
            threads.submit(
                () ->
                    Links.compare(
                        pair,
                        first.content(),
                        fingerprints(first),
                        second.content(),
                        fingerprints(second))));
      }
      List<Links.Compared> compared = new ArrayList<>();
      for (Future<Links.Compared> each : running) {
        compared.add(each.get());
      }
      return compared;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CaseFileException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private CaptureFingerprints fingerprints(SeenCapture capture) throws CaseFileException {
    return CaptureFingerprints.of(kept.fingerprints(capture.content().sha256()));
  }
}
