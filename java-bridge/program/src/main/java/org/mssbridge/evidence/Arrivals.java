package org.mssbridge.evidence;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.flow.Coverage;
import org.mssbridge.model.CapturePoint;

/**
 * What became of the data segments that left the near point of a leg, by the captures: how many
 * could be compared at all, and of how many nobody can tell. A segment counts by its worst byte.
 *
 * @param compared how many left the near point
 * @param arrived how many are in the far capture, all their bytes
 * @param lost how many are not, though the far capture surely covers their time
 * @param unknown how many may have arrived when the far capture does not surely cover it
 * @param missedByCapture how many the receiver acknowledged although the far capture lacks them
 * @param why why {@code unknown} is above 0, in words that follow "the capture at POINT cannot show
 *     the other N: "
 */
public record Arrivals(
    int compared, int arrived, int lost, int unknown, int missedByCapture, Optional<String> why) {
  private static final Arrivals NONE = new Arrivals(0, 0, 0, 0, 0, Optional.empty());
  private static final double NANOS_PER_SECOND = 1e9;

  private enum Fate {
    ARRIVED,
    UNKNOWN,
    MISSED,
    LOST
  }

  /** Those of all passages of a leg. */
  public static Arrivals of(List<Passage> passages) {
    return passages.stream().map(Arrivals::of).reduce(NONE, Arrivals::plus);
  }

  private static Arrivals of(Passage passage) {
    Alignment alignment = passage.alignment();
    int compared = alignment.near().size();
    int lost = alignment.lost().segments();
    if (lost + alignment.unknown().size() + alignment.missed().size() == 0) {
      return new Arrivals(compared, compared, 0, 0, 0, Optional.empty());
    }
    Fate[] fates = new Fate[compared];
    Arrays.fill(fates, Fate.ARRIVED);
    mark(fates, alignment.unknown(), Fate.UNKNOWN);
    mark(fates, alignment.missed(), Fate.MISSED);
    mark(fates, alignment.lost(), Fate.LOST);
    Map<Fate, Integer> counts = new EnumMap<>(Fate.class);
    for (Fate fate : fates) {
      counts.merge(fate, 1, Integer::sum);
    }
    int unknown = counts.getOrDefault(Fate.UNKNOWN, 0);
    return new Arrivals(
        compared,
        counts.getOrDefault(Fate.ARRIVED, 0),
        lost,
        unknown,
        counts.getOrDefault(Fate.MISSED, 0),
        unknown == 0 ? Optional.empty() : Optional.of(why(passage)));
  }

  private static void mark(Fate[] fates, Alignment.Ranges ranges, Fate fate) {
    for (int index : ranges.index()) {
      fates[index] = fate;
    }
  }

  private static String why(Passage passage) {
    Alignment alignment = passage.alignment();
    Coverage coverage = passage.pair().farCapture(passage.direction()).coverage();
    if (!passage.pair().isTimed()) {
      return "packets have no time";
    }
    if (!alignment.isDelayKnown()) {
      return "no packet of the connection tells when they were due there";
    }
    int[] rows = alignment.near().row();
    int[] unknown = alignment.unknown().index();
    long first = due(passage, rows[unknown[0]]);
    if (first > coverage.untilNanos()) {
      return (coverage.isUntilStated() ? "it ends " : "its last packet is ")
          + seconds(first - coverage.untilNanos())
          + " before the first of them";
    }
    long last = due(passage, rows[unknown[unknown.length - 1]]);
    return (coverage.isFromStated() ? "it begins " : "its first packet is ")
        + seconds(coverage.fromNanos() - Math.min(last, coverage.fromNanos()))
        + " after the last of them";
  }

  private static long due(Passage passage, int row) {
    return passage.near().table().timeNanos(row) + passage.alignment().delay().typicalNanos();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3g s", nanos / NANOS_PER_SECOND);
  }

  private Arrivals plus(Arrivals other) {
    return new Arrivals(
        compared + other.compared,
        arrived + other.arrived,
        lost + other.lost,
        unknown + other.unknown,
        missedByCapture + other.missedByCapture,
        why.or(other::why));
  }

  /**
   * The sentence about them, with what it does not say: "nothing lost" only if all that left was
   * compared.
   *
   * @param where the direction and the points, such as "c2s between client and server"
   * @param far the far point
   */
  public String sentence(String where, CapturePoint far) {
    String counted =
        arrived == compared
            ? compared == 1
                ? "the one data segment arrived"
                : "all %d data segments arrived".formatted(compared)
            : "%d of %d data segments arrived".formatted(arrived, compared);
    String missed =
        missedByCapture == 0
            ? ""
            : "; the capture at %s lacks %d that the receiver acknowledged"
                .formatted(far, missedByCapture);
    String dark =
        unknown == 0
            ? ""
            : "; the capture at %s cannot show the other %d: %s"
                .formatted(far, unknown, why.orElse(""));
    return lost + unknown == 0
        ? "nothing lost " + where + ": " + counted + missed
        : counted + " " + where + missed + dark;
  }
}
