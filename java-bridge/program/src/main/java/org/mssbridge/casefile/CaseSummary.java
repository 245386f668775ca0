package org.mssbridge.casefile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.model.Severity;

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
    List<Change> changes,
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

  /** Keeps copies of the lists. */
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
  public record Extent(
      long compared,
      long failed,
      long unpaired,
      long connections,
      long matched,
      long findings,
      Optional<String> first,
      Optional<String> last) {}

  /** A pair without a result: {@code failed} or {@code unpaired}, and why. */
  public record NotCompared(String pair, String state, String reason) {}

  /**
   * Two neighbouring points.
   *
   * @param near the client's side
   * @param pairs in which connections crossed it
   * @param connections that crossed it
   * @param functions what stands there, such as {@code nat}, by how many of them show it
   * @param trend how many of them began in each step; none where there is no key
   */
  public record Boundary(
      String near,
      String far,
      long pairs,
      long connections,
      Map<String, Long> functions,
      Map<String, Long> trend) {
    /** Keeps copies of the maps. */
    public Boundary {
      functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
      trend = Map.copyOf(trend);
    }
  }

  /**
   * One thing that was found, in all pairs.
   *
   * @param code the finding's
   * @param severity how much it matters
   * @param direction {@code c2s} or {@code s2c}; empty: both or none
   * @param near the point nearer the sender; empty where the finding is not about a boundary
   * @param subject of what the values are, where the code does not say it
   * @param nearValue what was changed
   * @param farValue what became of it
   * @param accepted why it is expected; empty where it is not
   * @param message what was said of it, where that is always the same
   * @param example what was said of it once
   * @param findings how many
   * @param pairs in how many
   * @param connections on how many
   * @param ofConnections how many crossed the boundary, in all pairs; empty where there is none, or
   *     where some of {@code connections} were not seen to cross it
   * @param since when the first of its connections began, or it was first seen
   * @param until when the last one began
   * @param before how many connections crossed the boundary before the first that it is on, where
   *     that is too many to be chance
   * @param after the same behind the last
   * @param trend on how many connections that began in each step
   */
  public record Change(
      String code,
      Severity severity,
      Optional<String> direction,
      Optional<String> near,
      Optional<String> far,
      Optional<String> subject,
      Optional<String> nearValue,
      Optional<String> farValue,
      Optional<String> accepted,
      Optional<String> message,
      String example,
      long findings,
      long pairs,
      long connections,
      OptionalLong ofConnections,
      Optional<String> since,
      Optional<String> until,
      Optional<Unaffected> before,
      Optional<Unaffected> after,
      Map<String, Long> trend) {
    /** Keeps a copy of the map. */
    public Change {
      trend = Map.copyOf(trend);
    }

    /** The boundary of it, as its pairs name it. */
    public Optional<Boundary> boundary(List<Boundary> all) {
      return all.stream()
          .filter(b -> isBetween(b.near(), b.far()) || isBetween(b.far(), b.near()))
          .findFirst();
    }

    private boolean isBetween(String one, String other) {
      return near.equals(Optional.of(one)) && far.equals(Optional.of(other));
    }
  }

  /** Connections in a row that a change is not on, and in how many pairs they are. */
  public record Unaffected(long connections, long pairs) {}

  /**
   * Files with the same bytes.
   *
   * @param sha256 of their bytes
   * @param places how many there are
   * @param names under how many names
   * @param examples the first of them, such as {@code office-1 client: a.pcap}
   */
  public record Duplicate(String sha256, long places, long names, List<String> examples) {
    /** Keeps a copy of the list. */
    public Duplicate {
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
  public record Run(
      String started,
      Optional<String> ended,
      String version,
      String tshark,
      String command,
      String directory,
      long pairs) {}
}
