package org.mssbridge.batch;

import java.util.List;
import org.mssbridge.model.CaptureSource;

/**
 * Captures of one path to compare.
 *
 * @param id the pair's name in the case
 * @param sources the captures, in the order of the path
 * @param trouble why they cannot be compared, in one line; empty if they can
 */
public record CapturePair(String id, List<CaptureSource> sources, String trouble) {
  public CapturePair {
    sources = List.copyOf(sources);
  }

  /** The same pair, with the current state of its files. */
  CapturePair now() {
    return new CapturePair(id, sources.stream().map(CaptureSource::now).toList(), trouble);
  }
}
