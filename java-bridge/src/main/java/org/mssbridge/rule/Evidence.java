package org.mssbridge.rule;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.mssbridge.match.Comparison;
import org.mssbridge.match.PairedConnection;

/** What rules draw on: the comparison, what stands between its points, and what is known. */
public final class Evidence {
  private final Comparison comparison;
  private final Causes causes;
  private final Knowledge knowledge;
  private final Middleboxes middleboxes;
  private final Map<Integer, List<TooBigMessage>> tooBigs;

  /** Weighs what stands between the points for every pair of sightings. */
  public Evidence(Comparison comparison, Knowledge knowledge) {
    this.comparison = comparison;
    this.causes = new Causes(knowledge);
    this.knowledge = knowledge;
    this.tooBigs =
        TooBigMessage.allOf(comparison).stream()
            .collect(Collectors.groupingBy(message -> message.connection().id()));
    this.middleboxes = new Middleboxes(this);
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
  List<TooBigMessage> tooBigs(int connection) {
    return tooBigs.getOrDefault(connection, List.of());
  }

  /** The least MTU that ICMP told for any connection, in bytes; empty where it told none. */
  OptionalInt pathMtuBytes() {
    return tooBigs.values().stream()
        .flatMap(List::stream)
        .mapToInt(message -> message.any().mtuBytes())
        .filter(mtuBytes -> mtuBytes > 0)
        .min();
  }

  /** What stands between the two points of a pair. */
  public Middlebox middlebox(PairedConnection pair) {
    return middleboxes.of(pair);
  }
}
