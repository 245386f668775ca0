package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Arrivals;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LateArrivals;
import org.mssbridge.evidence.LostControl;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FilePart;
import org.mssbridge.model.Group;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** Bytes of a transmission that passed the near point and did not arrive at the far point. */
final class PathLost implements Rule {
  static final Kind KIND =
      new Kind("path.lost", Severity.NOTE, Group.SEQUENCE, "bytes were lost between the points");

  private static final double WARN_PERCENT = 1.0;

  /**
   * The losses on a leg.
   *
   * @param sentBytes what left the near point
   * @param judgedBytes of that, the segments whose arrival can be judged
   * @param explained how many of the lost segments other findings explain
   * @param dropped packets that the far capture dropped itself, by its own statistics
   * @param outages in which some of them are lost
   * @param nothingMore where it is lost from some segment on
   * @param waitNanos the longest time in which a receiver gets nothing in order because of one; 0
   *     where that is unknown
   * @param rejected of those whose arrival cannot be judged, how many a RST is sent instead of
   * @param oneHost whether one host captured both points at once: it may forward the packets itself
   * @param droppedSyns a device that drops SYNs for what they have, where all losses are SYNs
   * @param undecided the points between whose captures cannot show on which side of them the
   *     segments are lost
   * @param isJoined whether segments at the near point are cut into several on the wire, so that
   *     their number says little about how many packets were sent
   */
  record Lost(
      Leg across,
      Arrivals arrivals,
      long bytes,
      long sentBytes,
      long judgedBytes,
      Sizes sizes,
      Map<LossReasons.Reason, Integer> explained,
      long dropped,
      Outages outages,
      Optional<NothingMore> nothingMore,
      long waitNanos,
      int rejected,
      boolean oneHost,
      Optional<DroppedSyns> droppedSyns,
      List<CapturePoint> undecided,
      boolean isJoined)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      double share = isJoined ? bytePercent() : percent();
      return share >= WARN_PERCENT && dropped < arrivals.lost() ? Severity.WARN : Severity.NOTE;
    }

    /** Of the segments whose arrival can be judged. */
    private double percent() {
      return 100.0 * arrivals.lost() / arrivals.judged();
    }

    /** Of their bytes. */
    private double bytePercent() {
      return judgedBytes == 0 ? 0 : 100.0 * bytes / judgedBytes;
    }

    @Override
    public String message() {
      return String.format(
          "%s%s sent %s %s lost %s%s%s%s",
          atLeast(),
          Words.part(arrivals.lost(), arrivals.judged(), "data segment"),
          Words.way(across),
          arrivals.lost() == 1 ? "was" : "were",
          across.between(),
          isJoined ? joined() : Words.percent(arrivals.lost(), arrivals.judged()),
          outages.words(arrivals.lost()) + since() + undecidedSide(),
          arrivals.unknown() == 0
              ? ""
              : "; the capture at "
                  + across.far()
                  + " cannot show whether "
                  + Numbers.grouped(arrivals.unknown())
                  + " more arrived"
                  + (rejected == 0 ? "" : ": " + probablyLost("of these")));
    }

    private String since() {
      return nothingMore.map(silent -> silent.words(across, arrivals.lost())).orElse("");
    }

    private String probablyLost(String part) {
      boolean isOne = rejected == 1;
      return String.format(
          "%s%s probably lost too, as a device sends a RST instead",
          rejected == arrivals.unknown()
              ? isOne ? "it" : "they"
              : part + " " + Numbers.grouped(rejected),
          isOne ? " is" : " are");
    }

    @Override
    public String headline() {
      return impact();
    }

    /** What the far capture missed may be the repetition of another one that was lost. */
    private String atLeast() {
      return arrivals.missedByCapture() == 0 ? "" : "at least ";
    }

    @Override
    public String impact() {
      return counted() + outages.words(arrivals.lost()) + since() + undecidedSide() + notJudged();
    }

    private String undecidedSide() {
      return undecided.isEmpty()
          ? ""
          : String.format(
              "; the %s cannot show on which side of %s",
              undecided.size() == 1
                  ? "capture at " + undecided.get(0)
                  : "captures at "
                      + undecided.stream()
                          .map(CapturePoint::toString)
                          .collect(Collectors.joining(" and ")),
              undecided.size() == 1 ? "it" : "them");
    }

    /** One segment in the capture is several packets: only the share of bytes is that of these. */
    private String joined() {
      return String.format(
          ", in whole or in part: %s%s (the capture at %s holds segments before offload cuts them)",
          Words.count(bytes, "byte"), Words.percent(bytes, judgedBytes), across.near());
    }

    private String counted() {
      if (isJoined) {
        return String.format(
            "%s%s %s lost %s%s",
            atLeast(),
            Words.part(arrivals.lost(), arrivals.judged(), "data segment"),
            arrivals.lost() == 1 ? "is" : "are",
            Words.fromTo(across),
            joined());
      }
      return String.format(
          "%s%s%s %s lost %s: %s%s",
          atLeast(),
          Words.part(arrivals.lost(), arrivals.judged(), "data segment"),
          Words.percent(arrivals.lost(), arrivals.judged()),
          arrivals.lost() == 1 ? "is" : "are",
          Words.fromTo(across),
          Words.count(bytes, "byte"),
          Words.percent(arrivals.lost(), arrivals.judged()).isEmpty()
              ? ""
              : Words.percent(bytes, judgedBytes));
    }

    private String notJudged() {
      return arrivals.unknown() == 0
          ? ""
          : rejected == 0
              ? "; " + Numbers.grouped(arrivals.unknown()) + " more cannot be judged"
              : String.format(
                  "; the capture at %s cannot show %s more: %s",
                  across.far(), Numbers.grouped(arrivals.unknown()), probablyLost("of these"));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      Facts losses = outages.addTo(lossFacts());
      Facts since = nothingMore.map(silent -> silent.addTo(losses)).orElse(losses);
      Facts counted = DroppedSyns.addTo(since, droppedSyns);
      Facts facts =
          undecided.isEmpty()
              ? counted
              : counted.and("undecided_at", undecided.stream().map(CapturePoint::name).toList());
      return waitNanos == 0 ? facts : facts.and("longest_wait_ms", milliseconds(waitNanos));
    }

    private Facts lossFacts() {
      return across
          .facts()
          .and("lost_segments", arrivals.lost())
          .and("lost_bytes", bytes)
          .and("sent_segments", arrivals.compared())
          .and("sent_bytes", sentBytes)
          .and("compared", arrivals.compared())
          .and("arrived", arrivals.arrived())
          .and("lost", arrivals.lost())
          .and("unknown", arrivals.unknown())
          .and("rejected_unknown", rejected)
          .and("missed_by_capture", arrivals.missedByCapture())
          .and("judged_bytes", judgedBytes)
          .and("lost_percent_of_bytes", thousandths(bytePercent()))
          .and("judged_segments", arrivals.judged())
          .and("lost_percent_of_judged_segments", thousandths(percent()))
          .and("largest_lost_segment_bytes", sizes.largestLostBytes())
          .and("largest_crossed_segment_bytes", sizes.largestCrossedBytes())
          .and("explained_segments", explainedSegments());
    }

    private static double milliseconds(long nanos) {
      return thousandths(nanos / 1e6);
    }

    private static double thousandths(double value) {
      return Math.round(value * 1000) / 1000.0;
    }

    private int explainedSegments() {
      return explained.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public List<Explanation> because() {
      return LossReasons.explanations(explained, arrivals.lost());
    }

    @Override
    public boolean isPartlyExplained() {
      return explainedSegments() < arrivals.lost();
    }

    @Override
    public List<Cause> causes() {
      return droppedSyns.map(DroppedSyns::cause).stream().toList();
    }

    @Override
    public String nextStep() {
      if (explainedSegments() == arrivals.lost()) {
        return "";
      }
      if (droppedSyns.filter(DroppedSyns::isLikely).isPresent()) {
        return droppedSyns.get().nextStep();
      }
      return dropped > 0
          ? "capture again without drops at "
              + across.far()
              + ": its capture dropped "
              + Words.count(dropped, "packet")
              + " itself, and these segments may be among them"
          : known() + (isAllKnown() ? "" : known().isEmpty() ? drops() : "; " + drops());
    }

    /** What to do about losses that hit all packets of a time. */
    private String known() {
      return Stream.of(
              nothingMore.map(silent -> silent.nextStep(across)).orElse(""),
              outages.isEmpty() ? "" : outages.nextStep(across))
          .filter(step -> !step.isEmpty())
          .collect(Collectors.joining("; "));
    }

    private boolean isAllKnown() {
      return outages.dataSegments()
              + nothingMore.map(NothingMore::dataSegments).orElse(0)
              + explainedSegments()
          >= arrivals.lost();
    }

    private String drops() {
      return "look for drops "
          + across.between()
          + ": "
          + sizes.suspects()
          + (oneHost
              ? ", or, if the capturing host forwards these packets itself, its own filter rules and"
                  + " queues"
              : "");
    }
  }

  private static boolean isOneHost(Passage passage) {
    PairedConnection pair = passage.pair();
    Optional<FilePart> near = pair.nearCapture(passage.direction()).part();
    Optional<FilePart> far = pair.farCapture(passage.direction()).part();
    return near.isPresent()
        && far.isPresent()
        && near.get().isOneCapture()
        && near.get().isOfSameFile(far.get());
  }

  /**
   * The sizes of what was lost and what crossed to the same receivers, where nothing else explains
   * the loss.
   *
   * @param largestLostBytes the largest segment that was lost
   * @param largestCrossedBytes the largest that crossed
   * @param smallestTooBigBytes the smallest lost one that is larger than all that crossed to its
   *     receiver and can be too big for a link; 0 where there is none
   */
  record Sizes(int largestLostBytes, int largestCrossedBytes, int smallestTooBigBytes) {
    static final Sizes NONE = new Sizes(0, 0, 0);

    static Sizes of(Evidence evidence, Passage passage, int lostBytes, int row) {
      int crossed = evidence.largestCrossedBytes(passage.pair(), passage.direction());
      var seen = passage.pair().near(passage.direction());
      // Offload in the sender's host cuts what its capture holds as one segment.
      int bytes = Math.min(lostBytes, seen.mssLimit(passage.direction()).orElse(lostBytes));
      boolean tooBig =
          bytes > crossed
              && SizeLimit.canBeTooBig(seen, bytes, crossed)
              && passage.near().table().dontFragment(row);
      return new Sizes(bytes, crossed, tooBig ? bytes : 0);
    }

    Sizes plus(Sizes other) {
      int smallest = Math.min(smallestTooBigBytes, other.smallestTooBigBytes);
      return new Sizes(
          Math.max(largestLostBytes, other.largestLostBytes),
          Math.max(largestCrossedBytes, other.largestCrossedBytes),
          smallest > 0 ? smallest : Math.max(smallestTooBigBytes, other.smallestTooBigBytes));
    }

    String suspects() {
      if (smallestTooBigBytes > 0) {
        return String.format(
            Locale.ROOT,
            "queues, policers, or a smaller MTU (%s)",
            largestCrossedBytes == 0
                ? "no data segment crosses"
                : "segments of "
                    + smallestTooBigBytes
                    + " bytes are lost that are larger than all that cross");
      }
      return largestLostBytes > 0 && largestLostBytes <= largestCrossedBytes
          ? "queues, policers, a bad link (not the MTU: segments as large cross)"
          : "queues, policers, a bad link";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LossReasons reasons = new LossReasons(evidence);
    List<Found> all = new ArrayList<>();
    evidence
        .passagesByLeg()
        .forEach((leg, passages) -> all.add(check(evidence, leg, passages, reasons, findings)));
    evidence
        .passagesPastPoints()
        .forEach(
            (past, passages) ->
                all.add(
                    new Found(
                        lost(evidence, past.leg(), passages, reasons, past.between()),
                        occurrences(evidence, passages))));
    // The leg that loses most is what a reader is to look at first.
    Map<Set<CapturePoint>, Integer> ofLegs = new HashMap<>();
    all.forEach(one -> ofLegs.merge(one.ends(), one.lost().arrivals().lost(), Integer::sum));
    all.stream()
        .sorted(Comparator.comparing(one -> -ofLegs.get(one.ends())))
        .forEach(one -> findings.add(one.lost(), one.occurrences()));
    LostDatagrams.check(evidence, findings);
  }

  /** What is lost on a leg; there may be none. */
  private record Found(Lost lost, List<Occurrence> occurrences) {
    /** Those of both directions of a leg. */
    Set<CapturePoint> ends() {
      return Set.of(lost.across().near(), lost.across().far());
    }
  }

  private static Found check(
      Evidence evidence,
      Leg leg,
      List<Passage> passages,
      LossReasons lossReasons,
      Findings findings) {
    Lost lost = lost(evidence, leg, passages, lossReasons, List.of());
    Arrivals arrivals = lost.arrivals();
    int notFollowed =
        (int) passages.stream().filter(passage -> !passage.alignment().isFollowed()).count();
    String way = Words.way(leg);
    if (notFollowed > 0) {
      findings.unknown(
          "loss not looked for "
              + way
              + " "
              + leg.between()
              + Words.on(notFollowed)
              + ": too many segments overlap in different places");
    }
    if (arrivals.compared() > 0 && (arrivals.lost() == 0 || arrivals.unknown() > 0)) {
      int withData =
          (int) passages.stream().filter(each -> each.alignment().near().size() > 0).count();
      String line =
          arrivals.sentence(way, leg) + withoutData(evidence, leg, passages) + Words.on(withData);
      if (arrivals.unknown() > 0) {
        findings.unknown(line);
      } else {
        findings.checked(List.of(KIND), "lost data " + way, line);
      }
    }
    return new Found(lost, occurrences(evidence, passages));
  }

  /** An occurrence for each range that is lost. */
  private static List<Occurrence> occurrences(Evidence evidence, List<Passage> passages) {
    List<Occurrence> occurrences = new ArrayList<>();
    for (Passage passage : passages) {
      long[] waits = LateArrivals.waitsNanos(passage);
      for (int i = 0; i < waits.length; i++) {
        occurrences.add(occurrence(evidence, passage, i).waiting(waits[i]));
      }
    }
    return occurrences;
  }

  /**
   * The losses on a leg.
   *
   * @param undecided points on it that cannot show where, and which segments are among them; then
   *     what follows from all of a connection's segments is not known
   */
  private static Lost lost(
      Evidence evidence,
      Leg leg,
      List<Passage> passages,
      LossReasons lossReasons,
      List<CapturePoint> undecided) {
    Map<LossReasons.Reason, Integer> explained = new EnumMap<>(LossReasons.Reason.class);
    Sizes sizes = Sizes.NONE;
    long bytes = 0;
    long sentBytes = 0;
    long unknownBytes = 0;
    long longestWaitNanos = 0;
    for (Passage passage : passages) {
      Alignment alignment = passage.alignment();
      Alignment.Ranges lost = alignment.lost();
      bytes += lost.bytes();
      for (int row : alignment.near().row()) {
        sentBytes += passage.near().table().payloadBytes(row);
      }
      unknownBytes += unknownBytes(passage);
      Map<Integer, LossReasons.Reason> reasons = lossReasons.of(passage);
      reasons.values().forEach(reason -> explained.merge(reason, 1, Integer::sum));
      for (long wait : LateArrivals.waitsNanos(passage)) {
        longestWaitNanos = Math.max(longestWaitNanos, wait);
      }
      for (int i = 0; i < lost.size(); i++) {
        if (!reasons.containsKey(lost.index()[i])) {
          int row = alignment.near().row()[lost.index()[i]];
          int lostBytes = (int) (lost.end()[i] - lost.start()[i]);
          sizes = sizes.plus(Sizes.of(evidence, passage, lostBytes, row));
        }
      }
    }
    boolean isWhole = undecided.isEmpty();
    return new Lost(
        leg,
        Arrivals.of(evidence, passages),
        bytes,
        sentBytes,
        sentBytes - unknownBytes,
        sizes,
        explained,
        dropped(leg, passages),
        isWhole ? Outages.of(evidence, passages, lossReasons) : Outages.NONE,
        isWhole ? NothingMore.of(evidence, passages, lossReasons) : Optional.empty(),
        longestWaitNanos,
        passages.stream().mapToInt(passage -> rejected(evidence, passage)).sum(),
        isOneHost(passages.get(0)),
        isWhole && areSyns(passages) ? DroppedSyns.on(leg, evidence) : Optional.empty(),
        undecided,
        passages.stream().anyMatch(PathLost::isJoined));
  }

  /** Whether all that is lost is data of SYNs. */
  private static boolean areSyns(List<Passage> passages) {
    boolean isAny = false;
    for (Passage passage : passages) {
      Alignment alignment = passage.alignment();
      for (int index : alignment.lost().index()) {
        if (!TcpFlags.isSyn(passage.near().table().flags(alignment.near().row()[index]))) {
          return false;
        }
        isAny = true;
      }
    }
    return isAny;
  }

  /** Whether the near point has a segment that is larger than its receiver takes. */
  private static boolean isJoined(Passage passage) {
    var limit = passage.pair().near(passage.direction()).mssLimit(passage.direction());
    SegmentTable table = passage.near().table();
    return limit.isPresent()
        && Arrays.stream(passage.alignment().near().row())
            .anyMatch(row -> table.payloadBytes(row) > limit.getAsInt());
  }

  /** The segments whose arrival cannot be judged, and which a RST is sent instead of. */
  private static int rejected(Evidence evidence, Passage passage) {
    Alignment alignment = passage.alignment();
    Set<Integer> rejected = new HashSet<>();
    for (int index : alignment.unknown().index()) {
      if (evidence.isRejected(passage, alignment.near().row()[index])) {
        rejected.add(index);
      }
    }
    for (int index : alignment.lost().index()) {
      rejected.remove(index);
    }
    return rejected.size();
  }

  /** The bytes of the segments whose arrival cannot be judged; one that is lost in part can be. */
  private static long unknownBytes(Passage passage) {
    Alignment alignment = passage.alignment();
    Set<Integer> unknown = new HashSet<>();
    for (int index : alignment.unknown().index()) {
      unknown.add(index);
    }
    for (int index : alignment.lost().index()) {
      unknown.remove(index);
    }
    long bytes = 0;
    for (int index : unknown) {
      bytes += passage.near().table().payloadBytes(alignment.near().row()[index]);
    }
    return bytes;
  }

  /** The segments without data that are not at the far point: no data lost is not nothing lost. */
  private static String withoutData(Evidence evidence, Leg leg, List<Passage> passages) {
    Map<LostControl.Kind, Integer> kinds = new EnumMap<>(LostControl.Kind.class);
    for (Passage passage : passages) {
      LostControl lost = evidence.lostControl(passage);
      lost.kinds().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
      lost.unmissed().forEach((kind, count) -> kinds.merge(kind, count, Integer::sum));
    }
    if (kinds.isEmpty()) {
      return "";
    }
    int total = kinds.values().stream().mapToInt(Integer::intValue).sum();
    return String.format(
        "; of segments without data, %s %s not at %s",
        PathLostControl.list(kinds), total == 1 ? "is" : "are", leg.far());
  }

  private static long dropped(Leg leg, List<Passage> passages) {
    return passages.isEmpty()
        ? 0
        : passages.get(0).pair().farCapture(leg.direction()).coverage().droppedPackets().orElse(0);
  }

  private static String name(Passage passage) {
    var seen = passage.pair().near(passage.direction());
    return seen.client() + " to " + seen.server();
  }

  /** An occurrence on a lost range of bytes. */
  private static Occurrence occurrence(Evidence evidence, Passage passage, int range) {
    Alignment.Sightings near = passage.alignment().near();
    Alignment.Ranges lost = passage.alignment().lost();
    SegmentTable table = passage.near().table();
    int index = lost.index()[range];
    int row = near.row()[index];
    long from = lost.start()[range] - near.start()[index];
    long to = lost.end()[range] - near.start()[index] - 1;
    var inPart = evidence.fragmentation(passage.pair(), passage.direction()).inPart(index);
    return passage
        .occurrence()
        .at(passage.nearPoint(), table.frame(row))
        .saying(
            String.format(
                "%s%s %s %s (relative sequence numbers %d to %d)%s",
                Words.isMisleading(passage.leg()) ? name(passage) + ": " : "",
                to - from + 1 == table.payloadBytes(row)
                    ? Words.count(table.payloadBytes(row), "byte")
                    : "bytes "
                        + from
                        + " to "
                        + to
                        + " of this segment's "
                        + table.payloadBytes(row),
                inPart.isPresent() ? "arrived in part at" : "never reached",
                passage.farPoint(),
                lost.start()[range],
                lost.end()[range] - 1,
                inPart.map(packet -> ": " + PathFragmented.missing(packet)).orElse("")))
        .with(
            Facts.of("first_lost_byte", from)
                .and("last_lost_byte", to)
                .and("segment_bytes", table.payloadBytes(row))
                .and("relative_sequence", lost.start()[range])
                .and("lost_bytes", lost.end()[range] - lost.start()[range]));
  }
}
