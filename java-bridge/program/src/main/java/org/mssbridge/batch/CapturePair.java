package org.mssbridge.batch;

import java.util.List;
import org.mssbridge.model.CaptureSource;

/**
 * Captures of one path that are to be compared.
 *
 * @param id names them in the case
 * @param sources in the order of the path
 * @param trouble why they cannot be compared, in one line; empty where they can
 */
public record CapturePair(String id, List<CaptureSource> sources, String trouble) {
  public CapturePair {
    sources = List.copyOf(sources);
  }

  /** The same pair with its files as they are now. */
  CapturePair now() {
    return new CapturePair(id, sources.stream().map(CaptureSource::now).toList(), trouble);
  }
}
