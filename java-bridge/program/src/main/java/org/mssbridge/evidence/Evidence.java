package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.knowledge.Causes;
import org.mssbridge.knowledge.Knowledge;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;

/** What rules draw on: the comparison, what stands between its points, and what is known. */
public final class Evidence {
  private final Comparison comparison;
  private final Causes causes;
  private final Knowledge knowledge;
  private final Middleboxes middleboxes;
  private final Map<Integer, List<TooBigMessage>> tooBigs;
  private final OptionalInt pathMtuBytes;
  private final Map<Carried, SackSpace> sackSpaces;

  /** The SACK blocks of one direction of a pair's connection at one of its points. */
  private record Carried(PairedConnection pair, CapturePoint point, Direction carrying) {}

  /** Weighs what stands between the points for every pair of sightings. */
  public Evidence(Comparison comparison, Knowledge knowledge) {
    this.comparison = comparison;
    this.causes = new Causes(knowledge);
    this.knowledge = knowledge;
    this.tooBigs =
        TooBigMessage.allOf(comparison).stream()
            .collect(Collectors.groupingBy(message -> message.connection().id()));
    this.pathMtuBytes =
        tooBigs.values().stream()
            .flatMap(List::stream)
            .mapToInt(message -> message.any().mtuBytes())
            .filter(mtuBytes -> mtuBytes >= IpFamily.IPV4.leastMtuBytes())
            .min();
    this.sackSpaces = sackSpaces(comparison);
    this.middleboxes = new Middleboxes(this);
  }

  private static Map<Carried, SackSpace> sackSpaces(Comparison comparison) {
    Map<Carried, SackSpace> spaces = new HashMap<>();
    for (PairedConnection pair : comparison.pairs()) {
      for (Direction carrying : Direction.values()) {
        if (pair.isnDelta(carrying.reverse()).orElse(0) != 0) {
          for (CapturePoint point : List.of(pair.nearPoint(carrying), pair.farPoint(carrying))) {
            SackSpace space = SackSpace.of(pair, point, carrying);
            if (!space.equals(SackSpace.NONE)) {
              spaces.put(new Carried(pair, point, carrying), space);
            }
          }
        }
      }
    }
    return spaces;
  }

  /** The captures, paired and aligned. */
  public Comparison comparison() {
    return comparison;
  }

  /** All pairs of sightings at neighbouring points. */
  public List<PairedConnection> pairs() {
    return comparison.pairs();
  }

  /** Ranks what may be behind a value. */
  public Causes causes() {
    return causes;
  }

  /** The table of known values. */
  public Knowledge knowledge() {
    return knowledge;
  }

  /** The "too big" messages that quote a connection. */
  public List<TooBigMessage> tooBigs(int connection) {
    return tooBigs.getOrDefault(connection, List.of());
  }

  /**
   * In whose numbers the SACK blocks of a direction are at a point; none where no ISN differs.
   *
   * @param carrying the direction of the segments that carry the blocks
   */
  public SackSpace sackSpace(PairedConnection pair, CapturePoint point, Direction carrying) {
    return sackSpaces.getOrDefault(new Carried(pair, point, carrying), SackSpace.NONE);
  }

  /** The least MTU that ICMP told for any connection, in bytes; empty where it told none. */
  public OptionalInt pathMtuBytes() {
    return pathMtuBytes;
  }

  /** What stands between the two points of a pair. */
  public Middlebox middlebox(PairedConnection pair) {
    return middleboxes.of(pair);
  }
}
