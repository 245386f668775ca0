package org.mssbridge.rule;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LastArrival;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Leg;

/**
 * Connections of a leg of which nothing arrives any more from some segment on, where nothing else
 * explains that.
 *
 * @param connections how many
 * @param frame the first segment at the near point that does not arrive, the earliest of all
 * @param nanos the longest time from that segment of a connection to its last one
 * @param dataSegments how many of the lost data segments are among these
 * @param isBack whether segments of the other direction of each of them arrive meanwhile
 * @param othersCross whether other connections cross the leg meanwhile
 */
record NothingMore(
    int connections, int frame, long nanos, int dataSegments, boolean isBack, boolean othersCross) {
  static Optional<NothingMore> of(
      Evidence evidence, List<Passage> passages, LossReasons lossReasons) {
    Set<Passage> silent = new HashSet<>();
    int frame = Integer.MAX_VALUE;
    long longestNanos = 0;
    long sinceNanos = Long.MAX_VALUE;
    int dataSegments = 0;
    boolean isBack = true;
    for (Passage passage : passages) {
      Optional<LastArrival> found = evidence.lastArrival(passage.pair(), passage.direction());
      int unexplained =
          found.map(last -> unexplained(passage, last, lossReasons.of(passage))).orElse(0);
      if (unexplained > 0) {
        silent.add(passage);
        dataSegments += unexplained;
        frame = Math.min(frame, passage.near().table().frame(found.get().row()));
        longestNanos = Math.max(longestNanos, found.get().nanos());
        sinceNanos =
            Math.min(
                sinceNanos,
                passage.near().table().timeNanos(found.get().row())
                    + passage.delay().typicalNanos()
                    + found.get().nanos() / 2);
        isBack &= found.get().back() > 0;
      }
    }
    return silent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NothingMore(
                silent.size(),
                frame,
                longestNanos,
                dataSegments,
                isBack,
                areOthersAfter(passages, silent, sinceNanos)));
  }

  /** How many of the data segments that do not arrive nothing else explains. */
  private static int unexplained(
      Passage passage, LastArrival last, Map<Integer, LossReasons.Reason> known) {
    Alignment alignment = passage.alignment();
    return (int)
        Arrays.stream(alignment.lost().index())
            .distinct()
            .filter(index -> alignment.near().row()[index] >= last.row())
            .filter(index -> !known.containsKey(index))
            .count();
  }

  private static boolean areOthersAfter(
      List<Passage> passages, Set<Passage> silent, long sinceNanos) {
    return passages.stream()
        .filter(passage -> !silent.contains(passage) && passage.far().lastRow() >= 0)
        .anyMatch(passage -> passage.far().table().timeNanos(passage.far().lastRow()) > sinceNanos);
  }

  /** What follows a count of lost data segments. */
  String words(Leg leg, int lostSegments) {
    return String.format(
        ", %s of them from frame %d at %s on, since when nothing sent %s%s arrives at %s any more"
            + " (%s of trying)%s",
        dataSegments == lostSegments ? "all" : Integer.toString(dataSegments),
        frame,
        leg.near(),
        Words.way(leg.direction()),
        connections == 1 ? " on the connection" : " on " + connections + " connections",
        leg.far(),
        Words.seconds(nanos),
        isBack ? ", while the other direction does" : "");
  }

  Facts addTo(Facts facts) {
    return facts
        .and("silent_connections", connections)
        .and("silent_from_frame", frame)
        .and("silent_segments", dataSegments)
        .and("silent_ms", nanos / 1_000_000)
        .and("other_direction_arrives", isBack)
        .and("others_cross", othersCross);
  }

  /** What to do about them. */
  String nextStep(Leg leg) {
    String at = " at the time of frame " + frame + " at " + leg.near();
    return othersCross
        ? "look for a firewall or NAT "
            + leg.between()
            + " that drops "
            + (connections == 1 ? "this connection" : "these connections")
            + at
            + " and later (state table, session limits, rules): other connections cross meanwhile"
        : "look for what failed "
            + leg.between()
            + " in this direction"
            + at
            + ": a route, a link, or the state table of a firewall";
  }
}
