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
 * @param extent counts and time range
 * @param remarks what a reader must know before comparing pairs with one another
 * @param notCompared pairs without a result
 * @param scale the step of trends
 * @param steps the steps from the first connection to the last, without gaps
 * @param boundaries the boundaries between neighbouring points
 * @param times where the time of requests went, by server
 * @param sentAgain why data was sent again, the most frequent reason first
 * @param changes what was found, the severest first
 * @param duplicates files with the same bytes
 * @param runs the runs that wrote the case, oldest first
 */
public record CaseSummary(
    Extent extent,
    List<String> remarks,
    List<NotCompared> notCompared,
    TimeScale scale,
    List<String> steps,
    List<Boundary> boundaries,
    List<RequestTimes> times,
    List<SentAgain> sentAgain,
    List<CaseChange> changes,
    List<Duplicate> duplicates,
    List<Run> runs) {

  /**
   * Reads the summary of a case, also while another program writes the case.
   *
   * @throws CaseFileException if the case cannot be read
   */
  public static CaseSummary of(CaseFile file) throws CaseFileException {
    return file.read(connection -> new SummaryQuery(connection).run());
  }

  public CaseSummary {
    remarks = List.copyOf(remarks);
    notCompared = List.copyOf(notCompared);
    steps = List.copyOf(steps);
    boundaries = List.copyOf(boundaries);
    times = List.copyOf(times);
    sentAgain = List.copyOf(sentAgain);
    changes = List.copyOf(changes);
    duplicates = List.copyOf(duplicates);
    runs = List.copyOf(runs);
  }

  /**
   * Counts and time range of a case.
   *
   * @param compared pairs that were compared
   * @param failed pairs that could not be compared
   * @param unpaired captures without a counterpart
   * @param connections number of connections seen at any point
   * @param matched number of connections seen at two points or more
   * @param findings number of findings in all pairs
   * @param first when the first connection began; empty if there is none
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
   * @param pairs number of pairs in which connections crossed it
   * @param connections number of connections that crossed it
   * @param functions the functions of devices at the boundary, such as {@code nat}, each with the
   *     number of connections that show it
   * @param trend number of connections that began in each step; steps without any are missing
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

  /** A run of consecutive connections without a change, and the number of their pairs. */
  record Unaffected(long connections, long pairs) {}

  /**
   * Files with the same bytes.
   *
   * @param sha256 of their bytes
   * @param places number of places in the case where they are recorded
   * @param names number of different file names
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
   * @param started when it began
   * @param ended when it ended; empty while it is running, or if it was killed
   * @param version of mssbridge
   * @param tshark version of tshark
   * @param command the command line without the program's name, as a JSON array
   * @param directory where it was started
   * @param pairs number of pairs that it worked on
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
