package org.mssbridge.discover;

import java.util.List;
import org.mssbridge.casefile.CaseFileException;

/** Finds what captures have in common: on this machine, or on many. */
public interface Matching {
  /**
   * What captures have in common.
   *
   * @param candidates the pairs that were compared
   * @param links what was found; captures by their place in the list
   */
  record Common(Candidates candidates, Links links) {}

  /**
   * Compares captures.
   *
   * @param captures in the order of time
   */
  Common of(List<SeenCapture> captures)
      throws CaseFileException, DiscoverException, InterruptedException;
}
