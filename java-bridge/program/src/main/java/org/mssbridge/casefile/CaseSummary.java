package org.mssbridge.casefile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What all pairs of a case show together. Times are texts as the case file holds them, on the clock
 * of each pair's first point.
 *
 * @param extent how much there is
 * @param remarks what a reader must know before comparing pairs with one another
 * @param notCompared pairs without a result
 * @param scale in which steps trends are told
 * @param steps the steps from the first connection to the last, without gaps
 * @param boundaries between neighbouring points
 * @param changes what was found, the severest first
 * @param duplicates files with the same bytes
 * @param runs that wrote the case, the first one first
 */
public record CaseSummary(
    Extent extent,
    List<String> remarks,
    List<NotCompared> notCompared,
    TimeScale scale,
    List<String> steps,
    List<Boundary> boundaries,
    List<CaseChange> changes,
    List<Duplicate> duplicates,
    List<Run> runs) {

  /**
   * Draws it from a case, also while another program writes that.
   *
   * @throws CaseFileException if the case cannot be read
   */
  public static CaseSummary of(CaseFile file) throws CaseFileException {
    return file.ask(connection -> new SummaryQuery(connection).run());
  }

  public CaseSummary {
    remarks = List.copyOf(remarks);
    notCompared = List.copyOf(notCompared);
    steps = List.copyOf(steps);
    boundaries = List.copyOf(boundaries);
    changes = List.copyOf(changes);
    duplicates = List.copyOf(duplicates);
    runs = List.copyOf(runs);
  }

  /**
   * How much there is.
   *
   * @param compared pairs that were compared
   * @param failed pairs that could not be compared
   * @param unpaired captures without a counterpart
   * @param connections seen anywhere
   * @param matched connections seen at two points or more
   * @param findings of all pairs
   * @param first when the first connection began; empty where there is none
   * @param last when the last one began
   */
  record Extent(
      long compared,
      long failed,
      long unpaired,
      long connections,
      long matched,
      long findings,
      Optional<String> first,
      Optional<String> last) {}

  /** A pair that failed or is unpaired, and why. */
  record NotCompared(String pair, PairState state, String reason) {}

  /**
   * Two neighbouring points.
   *
   * @param near the client's side
   * @param pairs in which connections crossed it
   * @param connections that crossed it
   * @param functions what stands there, such as {@code nat}, by how many of them show it
   * @param trend how many of them began in each step; none where there is no key
   */
  record Boundary(
      String near,
      String far,
      long pairs,
      long connections,
      Map<String, Long> functions,
      Map<String, Long> trend) {
    Boundary {
      functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
      trend = Map.copyOf(trend);
    }
  }

  /** Connections in a row that a change is not on, and in how many pairs they are. */
  record Unaffected(long connections, long pairs) {}

  /**
   * Files with the same bytes.
   *
   * @param sha256 of their bytes
   * @param places how many there are
   * @param names under how many names
   * @param examples the first of them, such as {@code office-1 client: a.pcap}
   */
  record Duplicate(String sha256, long places, long names, List<String> examples) {
    Duplicate {
      examples = List.copyOf(examples);
    }
  }

  /**
   * A run that wrote the case.
   *
   * @param started when
   * @param ended when; empty while it goes on, or where it was stopped from outside
   * @param version of mssbridge
   * @param tshark version of tshark
   * @param command the command line without the program's name, as a JSON array
   * @param directory where it was started
   * @param pairs how many it worked on
   */
  record Run(
      String started,
      Optional<String> ended,
      String version,
      String tshark,
      String command,
      String directory,
      long pairs) {}
}
