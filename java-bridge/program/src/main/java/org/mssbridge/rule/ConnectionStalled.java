package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.evidence.StallTrace;
import org.mssbridge.evidence.StallTrace.Place;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.Undelivered;
import org.mssbridge.evidence.WrongChecksums;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.Unreachable;

/** The last data of a direction, repeated and never acknowledged, and how far it got. */
final class ConnectionStalled implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.stalled",
          Severity.WARN,
          Group.SEQUENCE,
          "the last data is repeated and never acknowledged");

  /** Fewer losses of one segment may be chance. */
  private static final int LEAST_REPEATED = 3;

  /** What explains a stall. */
  enum Reason {
    ACKS_LOST(", because acknowledgments are lost on the way"),
    RESETS_LOST(""),
    UNTRANSLATED("; earlier packets of this connection passed a NAT untranslated"),
    TOO_BIG("; ICMP reports that packets of this direction are too big"),
    TOO_BIG_LOST(
        "; ICMP reports that packets of this direction are too big, and is lost on its way back"),
    REFUSED(""),
    IGNORED(
        "; ICMP reports that packets of this direction are too big, and their sender ignores it"),
    FRAGMENTED(""),
    TIME_EXCEEDED(""),
    WRONG_CHECKSUM(": it has a wrong TCP checksum there, so the receiver must drop it"),
    UNKNOWN("");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /**
   * An ICMP message that says why it cannot be delivered.
   *
   * @param message such as {@code ICMP host unreachable}
   * @param sender its source address
   * @param original the message of the other IP version that a translator made it of (RFC 7915, 4.2
   *     and 5.2), with the point that saw it; empty where there is none
   */
  record Icmp(String message, String sender, String original) {
    static Icmp of(Life life, Direction direction, Unreachable first) {
      String original = "";
      for (CapturePoint point : life.points()) {
        for (Unreachable other : life.at(point).flow(direction).unreachables()) {
          if (original.isEmpty() && other.ipv6() != first.ipv6()) {
            original = other.text() + " from " + other.sender() + " at " + point;
          }
        }
      }
      return new Icmp(first.text(), first.sender(), original);
    }

    private String translated() {
      return original.isEmpty() ? "" : ", translated from " + original;
    }
  }

  /**
   * Connections that stall at the same place, for the same possible reasons.
   *
   * @param near the last point that the data certainly passed
   * @param far the next point; the same where there is none
   * @param repeated what is repeated
   * @param afterIdle whether there was silence of 60 s or more before
   * @param translated whether a NAT is on the leg
   * @param reason what explains it, which other findings report
   * @param alone whether no other of several captures holds the connection
   * @param othersCross whether other connections cross the leg meanwhile
   * @param icmp what answers it; empty where nothing does
   * @param large whether the segment is larger than all that crossed, and must not be fragmented
   * @param blackHole whether size is the best explanation, though the far capture cannot show it
   */
  record Stalled(
      Direction dataDirection,
      Place place,
      CapturePoint near,
      CapturePoint far,
      Ending.Repeated repeated,
      boolean afterIdle,
      boolean translated,
      Reason reason,
      boolean alone,
      boolean othersCross,
      Optional<Icmp> icmp,
      boolean large,
      boolean blackHole)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return reason == Reason.UNKNOWN ? KIND.severity() : Severity.NOTE;
    }

    @Override
    public String message() {
      String what =
          switch (repeated) {
            case DATA -> "the last data sent %s is repeated and never acknowledged: it ";
            case FIN -> "the FIN sent %s is repeated and never acknowledged: it ";
            case KEEP_ALIVE -> "a keep-alive sent %s is repeated and never answered: it ";
          };
      return String.format(what, Words.way(dataDirection))
          + where()
          + reason.text
          + (blackHole
              ? "; probably an MTU black hole: smaller segments cross, and it forbids fragmentation"
              : "");
    }

    @Override
    public List<Explanation> because() {
      return switch (reason) {
        case ACKS_LOST ->
            List.of(new Explanation(PathLostControl.KIND, "acknowledgments are lost on the way"));
        case RESETS_LOST ->
            List.of(new Explanation(PathLostControl.KIND, "the RSTs are lost on the way"));
        case IGNORED ->
            List.of(new Explanation(PmtudIgnored.KIND, "the sender goes on with large packets"));
        case TOO_BIG_LOST ->
            List.of(
                new Explanation(PmtudLost.KIND, "the sender does not learn that they are too big"));
        case TOO_BIG, REFUSED ->
            List.of(
                new Explanation(
                    PmtudTooBig.KIND, "ICMP reports that packets of this direction are too big"));
        case FRAGMENTED ->
            List.of(new Explanation(PathFragmented.KIND, "only fragments of the last data arrive"));
        case TIME_EXCEEDED ->
            List.of(new Explanation(PathTimeExceeded.KIND, "ICMP reports that its time is over"));
        case UNTRANSLATED ->
            List.of(
                new Explanation(
                    ConnectionUntranslated.KIND,
                    "earlier packets of this connection passed a NAT untranslated"));
        case WRONG_CHECKSUM ->
            List.of(
                new Explanation(ChecksumWrong.KIND, "all copies arrive with a wrong TCP checksum"));
        case UNKNOWN -> List.of();
      };
    }

    private String where() {
      if (icmp.isPresent()) {
        return String.format(
            "passes %s and is answered by %s from %s%s",
            near, icmp.get().message(), icmp.get().sender(), icmp.get().translated());
      }
      if (reason == Reason.REFUSED) {
        return "is refused as too big by a router " + between();
      }
      return switch (place) {
        case UNANSWERED ->
            near.equals(far)
                ? "passes "
                    + far
                    + ", and no answer comes from behind it"
                    + (alone ? "; no other capture holds the connection" : "")
                : "arrives at "
                    + far
                    + " and no answer comes"
                    + (isTooBig() || reason == Reason.WRONG_CHECKSUM
                        ? ""
                        : ", so the fault is " + behindFar());
        case ARRIVED -> "arrives at " + far + ", and the capture there holds nothing later";
        case ANSWER_LOST ->
            "arrives at " + far + " and is answered there, but the answer does not reach " + near;
        case RESET_LOST ->
            "arrives at "
                + far
                + " and is answered there by a RST, which does not reach "
                + near
                + ": the "
                + Words.sender(dataDirection.reverse())
                + " no longer has the connection, and its RSTs are lost "
                + between();
        case LOST ->
            reason == Reason.FRAGMENTED
                ? "arrives at " + far + " only in part, so fragments are lost " + between()
                : "does not arrive"
                    + (repeated == Ending.Repeated.DATA ? " whole" : "")
                    + " at "
                    + far
                    + ", so it is lost "
                    + between();
        case FIRST_LOST ->
            "is lost "
                + between()
                + " when first sent; the capture at "
                + far
                + " holds no packet of the time when it was last sent and cannot show whether it"
                + " arrives then";
        case UNKNOWN ->
            "leaves "
                + near
                + "; the capture at "
                + far
                + " holds no packet of that time and cannot show whether it arrives";
        case PROXY -> "leaves " + near + " towards a proxy " + between();
      };
    }

    private String behindFar() {
      return Words.behind(far, dataDirection.reverse());
    }

    /** Whether ICMP says why nothing answers: then no end is at fault. */
    private boolean isTooBig() {
      return reason == Reason.TOO_BIG
          || reason == Reason.TOO_BIG_LOST
          || reason == Reason.IGNORED
          || reason == Reason.REFUSED;
    }

    private String between() {
      return new Leg(dataDirection, near, far).between();
    }

    @Override
    public Optional<Leg> leg() {
      return near.equals(far) ? Optional.empty() : Optional.of(new Leg(dataDirection, near, far));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(dataDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("near_point", near.name())
          .and("far_point", far.name())
          .and("place", place.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .and("after_idle", afterIdle)
          .and("explained_by", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .and("answered_by_icmp", icmp.isPresent())
          .and("larger_than_all_that_crossed", large)
          .and("probably_black_hole", blackHole);
    }

    @Override
    public List<Cause> causes() {
      if (reason != Reason.UNKNOWN
          || icmp.isPresent()
          || place == Place.ANSWER_LOST
          || place == Place.RESET_LOST
          || place == Place.PROXY) {
        return List.of();
      }
      List<Cause> causes = new ArrayList<>();
      if (place != Place.UNANSWERED || near.equals(far)) {
        addForgotten(causes);
        addTooLarge(causes);
      }
      return causes;
    }

    private void addForgotten(List<Cause> causes) {
      List<String> supporting = new ArrayList<>();
      List<String> contradicting = new ArrayList<>();
      if (afterIdle || repeated == Ending.Repeated.KEEP_ALIVE) {
        (afterIdle ? supporting : contradicting)
            .add(
                "there was silence of "
                    + (afterIdle ? "60 s or more" : "less than 60 s")
                    + " before");
        if (translated) {
          supporting.add("a NAT is " + between());
        }
        causes.add(
            new Cause(
                "a NAT or firewall that forgot the idle connection and drops its packets",
                supporting,
                contradicting,
                "RFC 5382, section 5"));
      }
    }

    private void addTooLarge(List<Cause> causes) {
      if (large) {
        causes.add(
            new Cause(
                "a link with a smaller MTU whose ICMP does not arrive (black hole)",
                List.of("the segment is larger than all that crossed and forbids fragmentation"),
                notShown(),
                "RFC 2923, section 2.1"));
      }
    }

    private List<String> notShown() {
      return switch (place) {
        case UNKNOWN -> List.of("the capture at " + far + " cannot show that it is lost");
        case FIRST_LOST ->
            List.of("the capture at " + far + " cannot show that all copies are lost");
        default -> List.of();
      };
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      Direction receiver = dataDirection.reverse();
      String settles = "whether the repeated segments arrive there, and what answers them";
      return switch (place) {
        case UNKNOWN, FIRST_LOST, ARRIVED ->
            near.equals(far)
                ? Optional.empty()
                : Optional.of(SecondCapture.again(far, receiver, settles));
        case UNANSWERED ->
            icmp.isPresent() || reason != Reason.UNKNOWN
                ? Optional.empty()
                : Optional.of(SecondCapture.near(receiver, settles));
        default -> Optional.empty();
      };
    }

    @Override
    public String nextStep() {
      String settle =
          place == Place.UNKNOWN || place == Place.FIRST_LOST || place == Place.ARRIVED
              ? "; to settle where it is lost, capture at " + far + " without a filter for longer"
              : "";
      if (isTooBig()) {
        return "see the findings on the path MTU";
      }
      if (reason == Reason.FRAGMENTED) {
        return "see the finding on fragments";
      }
      if (reason == Reason.WRONG_CHECKSUM) {
        return "see the finding on wrong checksums";
      }
      if (reason == Reason.TIME_EXCEEDED) {
        return "see the finding on the exceeded time";
      }
      if (reason == Reason.UNTRANSLATED) {
        return "see the untranslated packets";
      }
      if (icmp.isPresent()) {
        return String.format(
            "look into the routes, neighbours and rules of the device that sends %s",
            icmp.get().original().isEmpty()
                ? icmp.get().message() + " from " + icmp.get().sender()
                : icmp.get().original());
      }
      if (place == Place.ANSWER_LOST) {
        return "look for drops of acknowledgments " + between();
      }
      if (place == Place.RESET_LOST) {
        return "look for a firewall that drops RSTs "
            + between()
            + ", and check whether the "
            + Words.sender(dataDirection.reverse())
            + " or its process was restarted";
      }
      if (large && place != Place.UNANSWERED) {
        return "ping with DF and falling sizes " + between() + " to find the MTU" + settle;
      }
      if (afterIdle && (place != Place.UNANSWERED || near.equals(far))) {
        return "send keep-alives more often than the idle timeout of the NAT or firewall, or raise"
            + " that timeout"
            + settle;
      }
      if (alone) {
        return "capture at the other points at that time: nothing here tells where it is lost";
      }
      return (place == Place.LOST || place == Place.FIRST_LOST
              ? othersCross
                  ? "look for a firewall or NAT that drops this connection "
                      + between()
                      + ": other connections cross meanwhile"
                  : "look for a firewall, a route or a link that failed " + between()
              : "check that the "
                  + Words.sender(dataDirection.reverse())
                  + " still runs, and capture on it to see whether packets reach it")
          + settle;
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LatestCrossings crossings = new LatestCrossings(evidence);
    for (Life life : evidence.lives()) {
      for (Direction direction : Direction.values()) {
        CapturePoint nearest = ConnectionReset.nearest(life, direction);
        if (life.ending(nearest) instanceof Ending.Stalled stalled
            && stalled.direction() == direction
            && !evidence.isInBlackHole(life.connection(), direction) // It says more itself.
            && PmtudProbablyBlackhole.repeated(evidence, life, nearest).isEmpty() // So does this.
            && !isLostFin(evidence, life, stalled)) {
          report(evidence, life, nearest, stalled, crossings, findings);
        }
        CapturePoint receivers = ConnectionReset.nearest(life, direction.reverse());
        if (life.ending(receivers) instanceof Ending.WindowClosed closed
            && closed.direction() == direction) {
          ClosedWindow.report(life, receivers, closed, findings);
        }
      }
    }
  }

  /** Whether only a FIN is repeated, and lost segments without data are reported by themselves. */
  private static boolean isLostFin(Evidence evidence, Life life, Ending.Stalled stalled) {
    return stalled.repeated() == Ending.Repeated.FIN
        && (evidence.isControlLost(life.connection(), Direction.C2S)
            || evidence.isControlLost(life.connection(), Direction.S2C));
  }

  private static Reason reason(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    Direction direction = stalled.direction();
    if (trace.place() == Place.ANSWER_LOST) {
      return evidence.isControlLost(life.connection(), direction.reverse())
          ? Reason.ACKS_LOST
          : Reason.UNKNOWN;
    }
    if (trace.place() == Place.RESET_LOST) {
      return evidence.isResetLost(life.connection(), direction.reverse())
          ? Reason.RESETS_LOST
          : Reason.UNKNOWN;
    }
    if (hasWrongChecksum(evidence, life, point, stalled, trace)) {
      return Reason.WRONG_CHECKSUM;
    }
    if (isUntranslatedBefore(evidence, life, point, stalled)) {
      return Reason.UNTRANSLATED;
    }
    if (evidence.ignored(life.connection(), direction).isPresent()) {
      return Reason.IGNORED;
    }
    List<TooBigMessage> messages =
        evidence.tooBigs(life.connection().id()).stream()
            .filter(message -> message.direction() == direction && !PmtudBogus.isBogus(message))
            .toList();
    if (messages.isEmpty()) {
      return isInPart(evidence, life, stalled, trace) ? Reason.FRAGMENTED : Reason.UNKNOWN;
    }
    if (messages.stream().anyMatch(message -> refuses(evidence, message, life, stalled, trace))) {
      return Reason.REFUSED;
    }
    boolean lost =
        life.connection().pairs().stream()
            .anyMatch(
                pair ->
                    messages.stream()
                        .anyMatch(message -> PmtudLost.isLost(evidence, pair, message)));
    return lost ? Reason.TOO_BIG_LOST : Reason.TOO_BIG;
  }

  /** Whether what is repeated arrives, with a wrong checksum each time. */
  private static boolean hasWrongChecksum(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    Direction direction = stalled.direction();
    if (trace.place() != Place.UNANSWERED && trace.place() != Place.ARRIVED) {
      return false;
    }
    return life.connection().pairs().stream()
        .anyMatch(
            pair ->
                evidence.wrongChecksums(pair, direction).wrong().stream()
                    .filter(one -> one.hasData() && !one.isReplaced())
                    .anyMatch(
                        one ->
                            !pair.nearPoint(direction).equals(point) // Its rows are others.
                                || isRepeated(life.at(point).flow(direction), one, stalled)));
  }

  private static boolean isRepeated(Flow flow, WrongChecksums.Wrong one, Ending.Stalled stalled) {
    SegmentTable table = flow.table();
    return one.nearRow() >= stalled.firstRow()
        && one.nearRow() <= stalled.lastRow()
        && table.sequence(one.nearRow()) == table.sequence(stalled.firstRow());
  }

  /** Whether a message from between the two points quotes the last copy of what is repeated. */
  private static boolean refuses(
      Evidence evidence,
      TooBigMessage message,
      Life life,
      Ending.Stalled stalled,
      StallTrace trace) {
    CapturePoint near = trace.near();
    boolean between =
        evidence
            .legOf(message)
            .filter(leg -> leg.near().equals(near) && leg.far().equals(trace.far()))
            .isPresent();
    if (!between || !near.equals(ConnectionReset.nearest(life, stalled.direction()))) {
      return false;
    }
    SegmentTable table = life.at(near).flow(stalled.direction()).table();
    return message
        .quote()
        .packets()
        .at(near)
        .filter(packet -> packet.frames().contains(table.frame(stalled.lastRow())))
        .isPresent();
  }

  /** Whether only fragments of what is repeated arrive at the next point. */
  private static boolean isInPart(
      Evidence evidence, Life life, Ending.Stalled stalled, StallTrace trace) {
    Direction direction = stalled.direction();
    boolean isFirstLeg = trace.near().equals(ConnectionReset.nearest(life, direction));
    return (trace.place() == Place.LOST || trace.place() == Place.FIRST_LOST)
        && life.connection().pairs().stream()
            .filter(pair -> isBetween(pair, trace))
            .map(pair -> evidence.fragmentation(pair, direction))
            .anyMatch(
                found ->
                    isFirstLeg // The rows of other points are others.
                        ? found.isInPart(stalled.firstRow(), stalled.lastRow())
                        : found.isInPart(0, Integer.MAX_VALUE));
  }

  /** Whether a NAT let packets of the connection pass as they are before it stalls. */
  private static boolean isUntranslatedBefore(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled) {
    long stalledNanos =
        life.at(point).flow(stalled.direction()).table().timeNanos(stalled.firstRow());
    return evidence.comparison().untranslated().stream()
        .filter(one -> life.endings().at(one.point()).isPresent())
        .filter(one -> life.at(one.point()).stream() == one.stream())
        .anyMatch(
            one ->
                nanos(life.at(one.point()).flow(one.direction()), one.frames().get(0))
                    < evidence.comparison().timeAt(one.point(), point, stalledNanos));
  }

  private static long nanos(Flow flow, int frame) {
    int row = flow.rowOf(frame);
    return row < 0 ? Long.MAX_VALUE : flow.table().timeNanos(row);
  }

  private static void report(
      Evidence evidence,
      Life life,
      CapturePoint point,
      Ending.Stalled stalled,
      LatestCrossings crossings,
      Findings findings) {
    StallTrace trace = StallTrace.of(evidence, life, point, stalled);
    boolean large =
        trace.dontFragment()
            && SizeLimit.canBeTooBig(life.at(point), stalled.segmentBytes())
            && !trace.near().equals(trace.far())
            && stalled.segmentBytes() > trace.largestCrossedBytes();
    Optional<Undelivered> icmp = undelivered(life, point, stalled, trace);
    Reason reason = reason(evidence, life, point, stalled, trace);
    if (reason == Reason.UNKNOWN && icmp.filter(one -> !one.first().isRefusal()).isPresent()) {
      reason = Reason.TIME_EXCEEDED;
    }
    findings.add(
        new Stalled(
            stalled.direction(),
            trace.place(),
            trace.near(),
            trace.far(),
            stalled.repeated(),
            stalled.idleNanos() >= ConnectionReset.IDLE_NANOS,
            isTranslated(evidence, life, trace),
            reason,
            life.points().size() == 1 && evidence.comparison().path().size() > 1,
            crossings.areOthersAfter(life.connection(), trace, stalled),
            icmp.map(found -> Icmp.of(life, stalled.direction(), found.first())),
            large,
            large
                && icmp.isEmpty()
                && reason == Reason.UNKNOWN
                && isProbablyTooLarge(evidence, life, stalled, trace)),
        occurrence(life, point, stalled, trace, reason, icmp));
  }

  /**
   * Whether size probably decides where the far capture cannot show what arrives: repeated often
   * enough, smaller data crossed, and nothing as large did on any connection to the same receiver.
   */
  private static boolean isProbablyTooLarge(
      Evidence evidence, Life life, Ending.Stalled stalled, StallTrace trace) {
    return (trace.place() == Place.UNKNOWN || trace.place() == Place.FIRST_LOST)
        && stalled.repeated() == Ending.Repeated.DATA
        && stalled.transmissions() >= LEAST_REPEATED
        && trace.largestCrossedBytes() > 0
        && life.connection().pairs().stream()
            .filter(pair -> isBetween(pair, trace))
            .allMatch(
                pair ->
                    evidence.largestCrossedBytes(pair, stalled.direction())
                        < stalled.segmentBytes());
  }

  /** ICMP is an answer where no point shows that the data, or an answer to it, got farther. */
  private static Optional<Undelivered> undelivered(
      Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    return switch (trace.place()) {
      case LOST, FIRST_LOST, UNKNOWN, UNANSWERED ->
          Undelivered.of(life.at(point).flow(stalled.direction()), stalled.firstRow());
      case ARRIVED, ANSWER_LOST, RESET_LOST, PROXY -> Optional.empty();
    };
  }

  private static boolean isTranslated(Evidence evidence, Life life, StallTrace trace) {
    return life.connection().pairs().stream()
        .filter(pair -> isBetween(pair, trace))
        .anyMatch(pair -> evidence.middlebox(pair).names().contains(PathFunction.NAT));
  }

  static boolean isBetween(PairedConnection pair, StallTrace trace) {
    return List.of(pair.nearPoint(Direction.C2S), pair.farPoint(Direction.C2S))
        .containsAll(List.of(trace.near(), trace.far()));
  }

  private static Occurrence occurrence(
      Life life,
      CapturePoint point,
      Ending.Stalled stalled,
      StallTrace trace,
      Reason reason,
      Optional<Undelivered> icmp) {
    SegmentTable table = life.at(point).flow(stalled.direction()).table();
    long nanos = table.timeNanos(stalled.lastRow()) - table.timeNanos(stalled.firstRow());
    Occurrence occurrence =
        Occurrence.on(life.connection().id())
            .at(point, table.frame(stalled.firstRow()))
            .at(point, table.frame(stalled.lastRow()));
    if (stalled.resetRow() >= 0) {
      occurrence = occurrence.at(point, table.frame(stalled.resetRow()));
    }
    if (icmp.isPresent()) {
      occurrence = occurrence.at(point, icmp.get().frames());
    }
    String sender = Words.sender(stalled.direction());
    String idle =
        stalled.idleNanos() < ConnectionReset.LEAST_SILENCE_NANOS
            ? ""
            : "after " + Words.seconds(stalled.idleNanos()) + " of silence ";
    String what =
        switch (stalled.repeated()) {
          case DATA ->
              String.format(
                  "%s of the %s %s never acknowledged; the first segment of these (%s of data) is"
                      + " sent %s in %s",
                  Words.count(stalled.outstandingBytes(), "byte"),
                  sender,
                  stalled.outstandingBytes() > 1 ? "are" : "is",
                  Words.count(stalled.segmentBytes(), "byte"),
                  Words.count(stalled.transmissions(), "time"),
                  Words.seconds(nanos));
          case FIN ->
              String.format(
                  "a FIN of the %s is never acknowledged; it is sent %s in %s",
                  sender, Words.count(stalled.transmissions(), "time"), Words.seconds(nanos));
          case KEEP_ALIVE ->
              String.format(
                  "%s of the %s in %s get no answer",
                  Words.count(stalled.transmissions(), "keep-alive"), sender, Words.seconds(nanos));
        };
    return occurrence
        .saying(
            life.name(point)
                + ": "
                + idle
                + what
                + (reason == Reason.REFUSED
                    ? ""
                    : shown(trace, stalled.repeated() == Ending.Repeated.DATA))
                + icmp.map(ConnectionStalled::quotes).orElse("")
                + (stalled.resetRow() >= 0
                    ? "; then its sender gives up and resets the connection (frame "
                        + table.frame(stalled.resetRow())
                        + ")"
                    : ""))
        .with(
            Facts.of("outstanding_bytes", stalled.outstandingBytes())
                .and("idle_ms", stalled.idleNanos() / 1e6)
                .and("segment_bytes", stalled.segmentBytes())
                .and("transmissions", stalled.transmissions())
                .and("arrived", trace.arrived())
                .and("stalled_s", nanos / 1e9)
                .and("largest_crossed_segment_bytes", trace.largestCrossedBytes()));
  }

  private static String quotes(Undelivered icmp) {
    int frames = icmp.frames().size();
    return String.format(
        "; %s quotes it in frame %d%s",
        icmp.text(), icmp.frames().get(0), frames > 1 ? " and " + (frames - 1) + " more" : "");
  }

  /** What the far capture shows of it. */
  private static String shown(StallTrace trace, boolean isData) {
    String sizes =
        isData && trace.largestCrossedBytes() > 0
            ? "; the largest segment that crossed has "
                + Words.count(trace.largestCrossedBytes(), "byte")
            : "";
    return switch (trace.place()) {
      case UNKNOWN ->
          String.format(
              "; the last packet of the capture at %s is %s earlier%s",
              trace.far(), Words.seconds(-trace.farLastNanos()), sizes);
      case FIRST_LOST ->
          String.format(
              "; the first is not at %s, where the last packet of the capture is %s later than that"
                  + " was due%s",
              trace.far(), Words.seconds(trace.farLastNanos()), sizes);
      case LOST ->
          String.format(
              "; none of them arrives%s at %s, whose capture goes on for %s%s",
              isData ? " whole" : "", trace.far(), Words.seconds(trace.farLastNanos()), sizes);
      case UNANSWERED, ARRIVED, ANSWER_LOST, RESET_LOST ->
          trace.near().equals(trace.far())
              ? ""
              : "; " + trace.arrived() + " of them" + " reached " + trace.far();
      case PROXY -> "";
    };
  }
}
