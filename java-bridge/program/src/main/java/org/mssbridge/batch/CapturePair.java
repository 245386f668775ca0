package org.mssbridge.batch;

import java.util.List;
import org.mssbridge.pipeline.Source;

/**
 * Captures of one path that are to be compared.
 *
 * @param id names them in the case
 * @param sources in the order of the path
 * @param trouble why they cannot be compared, in one line; empty where they can
 */
public record CapturePair(String id, List<Source> sources, String trouble) {
  /** Keeps a copy of the list. */
  public CapturePair {
    sources = List.copyOf(sources);
  }
}
