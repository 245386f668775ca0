package org.mssbridge.evidence;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Coverage;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.Numbers;

/**
 * What became of the data segments that left the near point of a leg, by the captures: how many
 * could be compared at all, and of how many nobody can tell. A segment counts by its worst byte.
 *
 * @param compared how many left the near point
 * @param arrived how many are in the far capture, all their bytes
 * @param wrong how many of these arrived with a wrong TCP checksum, or with other data
 * @param lost how many are not, though the far capture surely covers their time
 * @param unknown how many may have arrived when the far capture does not surely cover it
 * @param missedByCapture how many the receiver acknowledged although the far capture lacks them
 * @param why why {@code unknown} is above 0, in words that follow "the capture at POINT cannot show
 *     the other N: "
 */
public record Arrivals(
    int compared,
    int arrived,
    int wrong,
    int lost,
    int unknown,
    int missedByCapture,
    Optional<String> why) {
  private static final Arrivals NONE = new Arrivals(0, 0, 0, 0, 0, 0, Optional.empty());

  private static final String FIRST_DUE = " the first of them should arrive";
  private static final String LAST_DUE = " the last of them should arrive";
  private static final String BOTH_ENDS = "some are due before it begins, some after it ends";

  private enum Fate {
    ARRIVED,
    UNKNOWN,
    MISSED,
    LOST
  }

  /** Those of all passages of a leg. */
  public static Arrivals of(Evidence evidence, List<Passage> passages) {
    return passages.stream().map(each -> of(evidence, each)).reduce(NONE, Arrivals::plus);
  }

  private static Arrivals of(Evidence evidence, Passage passage) {
    Alignment alignment = passage.alignment();
    int compared = alignment.near().size();
    int lost = alignment.lost().segments();
    WrongChecksums checksums = evidence.wrongChecksums(passage.pair(), passage.direction());
    int wrong = checksums.withData() + checksums.accepted().size();
    if (lost + alignment.unknown().size() + alignment.missed().size() == 0) {
      return new Arrivals(compared, compared, wrong, 0, 0, 0, Optional.empty());
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
        wrong,
        lost,
        unknown,
        counts.getOrDefault(Fate.MISSED, 0),
        unknown == 0 ? Optional.empty() : Optional.of(why(evidence, passage)));
  }

  private static void mark(Fate[] fates, Alignment.Ranges ranges, Fate fate) {
    for (int index : ranges.index()) {
      fates[index] = fate;
    }
  }

  private static String why(Evidence evidence, Passage passage) {
    Alignment alignment = passage.alignment();
    if (!passage.pair().isTimed()) {
      return "packets have no time";
    }
    if (passage.far().firstRow() < 0) {
      return "it holds no packet of this direction" + acknowledged(passage);
    }
    if (!passage.delay().isKnown()) {
      return "no packet of the connection shows when they were due there";
    }
    Coverage coverage = passage.pair().farCapture(passage.direction()).coverage();
    long known = Math.round(ClockUncertainty.nanos(evidence, passage.leg()).orElse(0));
    int[] rows = alignment.near().row();
    int[] unknown = alignment.unknown().index();
    long first = due(passage, rows[unknown[0]]);
    if (first < coverage.fromNanos()
        && due(passage, rows[unknown[unknown.length - 1]]) > coverage.untilNanos()) {
      return BOTH_ENDS;
    }
    if (coverage.holes().stream().anyMatch(hole -> hole.contains(first))) {
      return "it holds no packet at that time";
    }
    if (first > coverage.untilNanos()) {
      return (coverage.isUntilStated() ? "it ends " : "its last packet is ")
          + span(first - coverage.untilNanos(), known, "before")
          + FIRST_DUE;
    }
    long last = due(passage, rows[unknown[unknown.length - 1]]);
    return (coverage.isFromStated() ? "it begins " : "its first packet is ")
        + span(coverage.fromNanos() - Math.min(last, coverage.fromNanos()), known, "after")
        + LAST_DUE;
  }

  /** A difference that the clocks do not show is none. */
  private static String span(long nanos, long known, String order) {
    return nanos <= known ? "at about the time when" : Spans.text(nanos) + " " + order;
  }

  /** What the answers in the far capture show of a direction that it lacks. */
  private static String acknowledged(Passage passage) {
    Flow answers = passage.pair().far(passage.direction()).flow(passage.direction().reverse());
    return AcknowledgedSpan.bytes(answers) > 0
        ? ", though acknowledgments there show that data arrived"
        : "";
  }

  private static boolean areOpposite(String some, String others) {
    return some.equals(BOTH_ENDS)
        || others.equals(BOTH_ENDS)
        || (some.endsWith(FIRST_DUE) && others.endsWith(LAST_DUE))
        || (some.endsWith(LAST_DUE) && others.endsWith(FIRST_DUE));
  }

  private static long due(Passage passage, int row) {
    return passage.near().table().timeNanos(row) + passage.delay().typicalNanos();
  }

  private Arrivals plus(Arrivals other) {
    return new Arrivals(
        compared + other.compared,
        arrived + other.arrived,
        wrong + other.wrong,
        lost + other.lost,
        unknown + other.unknown,
        missedByCapture + other.missedByCapture,
        why.isPresent() && other.why.isPresent() && areOpposite(why.get(), other.why.get())
            ? Optional.of(BOTH_ENDS)
            : why.or(other::why));
  }

  /** Those whose arrival the far capture can show. */
  public int judged() {
    return compared - unknown;
  }

  /**
   * The sentence about them, with what it does not say: "no data lost" only if all that left was
   * compared.
   *
   * @param way the direction in words, such as "client to server"
   */
  public String sentence(String way, Leg leg) {
    String missed =
        missedByCapture == 0
            ? ""
            : "; the capture at %s lacks %d that the receiver acknowledged"
                .formatted(leg.far(), missedByCapture);
    if (lost + unknown == 0) {
      String all =
          compared == 1
              ? "the one data segment arrived"
              : "all " + Numbers.count(compared, "data segment") + " arrived";
      return "no data lost %s %s: %s%s%s"
          .formatted(
              way,
              leg.between(),
              all,
              wrongOnes(),
              missedByCapture == 0
                  ? ""
                  : "; the capture at %s shows %s of them and missed %s"
                      .formatted(
                          leg.far(), Numbers.grouped(arrived), Numbers.grouped(missedByCapture)));
    }
    String where = "data sent " + way + " " + leg.between() + ": ";
    if (judged() == 0) {
      return where
          + "the capture at %s cannot show whether the %s arrived: %s"
              .formatted(
                  leg.far(),
                  compared == 1 ? "one segment" : Numbers.count(compared, "segment"),
                  why.orElse(""));
    }
    return where
        + "%s of %s arrived%s%s%s%s"
            .formatted(
                Numbers.grouped(arrived),
                Numbers.count(compared, "segment"),
                wrongOnes(),
                lost == 0 ? "" : ", %d %s lost".formatted(lost, lost == 1 ? "was" : "were"),
                missed,
                unknown == 0
                    ? ""
                    : "; the capture at %s cannot show the other %d: %s"
                        .formatted(leg.far(), unknown, why.orElse("")));
  }

  private String wrongOnes() {
    return wrong == 0
        ? ""
        : wrong == compared
            ? " with a wrong TCP checksum"
            : " (%d of them with a wrong TCP checksum)".formatted(wrong);
  }
}
