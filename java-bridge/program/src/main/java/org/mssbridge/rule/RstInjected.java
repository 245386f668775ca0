package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.InjectedSegment;
import org.mssbridge.evidence.InjectedSegment.Crossing;
import org.mssbridge.evidence.InjectedSegment.Proof;
import org.mssbridge.evidence.InjectedSegment.Ttl;
import org.mssbridge.evidence.InjectedSegments;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SurvivedSilences;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A RST or FIN that was created between two points: its sender did not send it. */
final class RstInjected implements Rule {
  static final Kind KIND =
      new Kind(
          "rst.injected", Severity.WARN, Group.SECURITY, "a RST or FIN that its sender never sent");

  /** An answer is clearly sooner than another one where it takes so many times less. */
  private static final int SOONER = 4;

  /** RSTs to both ends that are no further apart are one event. */
  private static final long ONE_EVENT_NANOS = 1_000_000_000;

  /** What the segments of one finding have in common. */
  private record Shape(
      Leg across,
      boolean fin,
      Proof proof,
      boolean isBetween,
      Ttl ttl,
      boolean earlierTimestamp,
      boolean bothWays,
      boolean atOnce,
      boolean afterIdle,
      boolean outlived,
      boolean answers,
      Crossing crosses,
      boolean nearMissesOthers,
      boolean ignored,
      boolean isOtherNumber) {}

  /**
   * TTLs at the point that shows a segment.
   *
   * @param own that of the segment
   * @param flows that of its flow's other segments
   */
  record Ttls(int own, int flows) {}

  /** One of them. */
  private record Found(Passage passage, InjectedSegment first, InjectedSegment segment) {}

  /**
   * All segments of one shape.
   *
   * @param leastIdleNanos the shortest silence before them
   * @param mostIdleNanos the longest one
   * @param survivedNanos the longest silence that one of the connections survived before
   * @param ttls their TTL and the flow's, where all have the same
   * @param othersNanos the longest silence that a connection of the same hosts survived, the least
   *     of all hosts
   */
  record Injected(
      Shape shape,
      long leastIdleNanos,
      long mostIdleNanos,
      long survivedNanos,
      long othersNanos,
      Optional<Ttls> ttls)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** What is ignored does no harm. */
    @Override
    public Severity severity() {
      return shape.ignored() ? Severity.NOTE : KIND.severity();
    }

    private Leg across() {
      return shape.across();
    }

    private String segment() {
      return shape.fin() ? "FIN" : "RST";
    }

    private String sender() {
      return Words.sender(across().direction());
    }

    @Override
    public String message() {
      return message("not the flow's");
    }

    /** With the numbers, which a message that is the same for all connections cannot have. */
    @Override
    public String headline() {
      return message(notTheFlows());
    }

    private String notTheFlows() {
      return ttls.map(both -> String.format("%d, not the flow's %d", both.own(), both.flows()))
          .orElse("not the flow's");
    }

    @Override
    public Optional<String> messageBothWays(Finding back) {
      if (!(back instanceof Injected other) || !isSameEvent(other.shape)) {
        return Optional.empty();
      }
      String where =
          shape.isBetween() && other.shape.isBetween() ? across().between() : "on the way";
      return Optional.of(
          String.format(
              "a device %s injects a %s in both directions: %s, %s",
              where, segment(), ofBoth(), other.ofBoth()));
    }

    private boolean isSameEvent(Shape other) {
      return shape.proof() != Proof.TTL
          && other.proof() != Proof.TTL
          && shape.fin() == other.fin()
          && shape.ignored() == other.ignored()
          && shape.atOnce()
          && other.atOnce();
    }

    /** What shows that this is one of two that are injected. */
    private String ofBoth() {
      return "the one at "
          + across().far()
          + (shape.proof() == Proof.ABSENCE
              ? " never was at " + across().near()
              : " comes before the " + sender() + " can answer")
          + (shape.ttl() == Ttl.OTHER ? " (its TTL is " + notTheFlows() + ")" : "");
    }

    private String message(String notTheFlows) {
      return made(notTheFlows)
          + (shape.ignored()
              ? "; the "
                  + Words.sender(across().direction().reverse())
                  + " ignores it, and the connection goes on"
              : "");
    }

    private String made(String notTheFlows) {
      String ttl = shape.ttl() == Ttl.OTHER ? ", and its TTL is " + notTheFlows : "";
      return switch (shape.proof()) {
        case ABSENCE ->
            String.format(
                "a device %s injects a %s sent %s: it is at %s and never was at %s%s",
                across().between(),
                segment(),
                Words.way(across()),
                across().far(),
                across().near(),
                ttl);
        case TIME ->
            String.format(
                "a device %s sends a RST in the name of the %s: it arrives at %s before the %s can"
                    + " answer%s",
                shape.isBetween() ? across().between() : "on the way",
                sender(),
                across().far(),
                sender(),
                ttl);
        case TTL ->
            String.format(
                "a device probably sends a RST in the name of the %s to %s: its TTL is %s (cannot tell"
                    + " whether it was at %s, whose capture ends before)",
                sender(), across().far(), notTheFlows, across().near());
      };
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across());
    }

    @Override
    public Facts facts() {
      return across()
          .facts()
          .and("segment", segment())
          .and("proof", shape.proof().name().toLowerCase(Locale.ROOT))
          .and("between_points", shape.isBetween())
          .and("other_ttl_than_flow", shape.ttl() == Ttl.OTHER)
          .and("both_directions", shape.bothWays())
          .and("after_idle", shape.afterIdle())
          .and("answer_known", shape.answers())
          .and("others_survived_longer", shape.outlived())
          .and("ignored", shape.ignored());
    }

    /** Only once for both directions of one event. */
    @Override
    public List<Cause> causes() {
      if (isOtherHalf()) {
        return List.of();
      }
      if (shape.ignored() && shape.isOtherNumber()) {
        return shape.proof() == Proof.ABSENCE ? List.of(guessed(), missed()) : List.of(guessed());
      }
      Cause ends = ends();
      Cause forgot = forgot();
      List<Cause> causes =
          new ArrayList<>(mayBeForgotten() ? List.of(forgot, ends) : List.of(ends, forgot));
      if (shape.proof() == Proof.ABSENCE) {
        causes.add(missed());
      }
      return causes;
    }

    /**
     * Whether a device may have forgotten the connection: no other lived through such a silence.
     */
    private boolean mayBeForgotten() {
      return shape.afterIdle() && shape.crosses() != Crossing.ARRIVED && !shape.outlived();
    }

    private boolean isOtherHalf() {
      return shape.atOnce() && across().direction() == Direction.S2C;
    }

    private Cause ends() {
      CauseGrounds grounds = new CauseGrounds();
      addTtl(grounds);
      grounds.add(shape.earlierTimestamp(), "its TSval is below that of the segment before it");
      grounds.add(shape.atOnce(), "both ends are sent one within 1 s");
      grounds.add(
          shape.crosses() == Crossing.ARRIVED, "the segment that it answers crosses all the same");
      return grounds.cause(
          "a firewall, intrusion prevention or censor that ends the connection", "RFC 3360");
    }

    private Cause guessed() {
      CauseGrounds grounds = new CauseGrounds();
      addTtl(grounds);
      return grounds.cause(
          "a device or an attacker that does not know the sequence number which the receiver expects",
          "RFC 5961, section 3");
    }

    private Cause forgot() {
      CauseGrounds grounds = new CauseGrounds();
      String before = shape.answers() ? " before the segment that it answers" : " before it";
      String idle = Words.times(leastIdleNanos, mostIdleNanos) + " of silence" + before;
      grounds.add(shape.afterIdle(), idle);
      grounds.addAgainst(
          !shape.afterIdle(),
          survivedNanos >= leastIdleNanos && leastIdleNanos >= InjectedSegment.LEAST_IDLE_NANOS
              ? idle + ", but the connection survived " + Words.time(survivedNanos) + " before"
              : "only " + idle);
      grounds.addAgainst(
          shape.outlived(),
          "a connection of the same hosts survived " + Words.time(othersNanos) + " of silence");
      grounds.add(shape.crosses() == Crossing.LOST, "the segment that it answers does not cross");
      grounds.addAgainst(
          shape.crosses() == Crossing.ARRIVED, "the segment that it answers crosses all the same");
      return grounds.cause(
          "a firewall, NAT or load balancer that has forgotten the connection",
          "RFC 5382, section 5");
    }

    private Cause missed() {
      CauseGrounds grounds = new CauseGrounds();
      grounds.add(shape.nearMissesOthers(), "it misses data of this connection too");
      grounds.addAgainst(!shape.nearMissesOthers(), "it misses no data of this connection");
      grounds.addAgainst(shape.ttl() == Ttl.OTHER, "the " + segment() + "'s TTL is not the flow's");
      return grounds.cause(
          "the capture at " + across().near() + " missed it",
          "by deduction from what both captures hold");
    }

    private void addTtl(CauseGrounds grounds) {
      grounds.add(shape.ttl() == Ttl.OTHER, "its TTL is not the flow's");
      grounds.addAgainst(shape.ttl() == Ttl.SAME, "its TTL is that of the flow");
    }

    @Override
    public String nextStep() {
      if (isOtherHalf()) {
        return "";
      }
      if (shape.ignored()) {
        return "nothing to do for this connection; find out which device sends such RSTs: one with"
            + " the right sequence number would end it";
      }
      String where = shape.isBetween() ? across().between() : "on the way from the " + sender();
      return mayBeForgotten()
          ? "raise the idle timeout of the firewall, NAT or load balancer "
              + where
              + " (the timeout is at most "
              + Words.time(leastIdleNanos)
              + "), or send keep-alives more often"
          : "look into the rules and logs of the devices " + where + " at that time";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    SurvivedSilences silences = new SurvivedSilences(evidence);
    Map<Shape, List<Found>> shapes = new LinkedHashMap<>();
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              Undecided undecided = new Undecided();
              for (Passage passage : passages) {
                InjectedSegments injected = injected(evidence, passage);
                for (InjectedSegment segment : injected.found()) {
                  shapes
                      .computeIfAbsent(
                          shape(evidence, silences, passage, injected, segment),
                          shape -> new ArrayList<>())
                      .add(new Found(passage, injected.found().get(0), segment));
                }
                undecided.add(passage, injected.undecided());
              }
              if (undecided.count() > 0) {
                findings.unknown(unknown(leg, undecided));
              }
            });
    shapes.forEach((shape, all) -> report(shape, all, silences, findings));
    RstProbablyInjected.check(evidence, findings);
  }

  private static String unknown(Leg leg, Undecided resets) {
    return String.format(
        "%s sent %s at %s (%s): cannot tell whether %s at %s, whose capture has no packet"
            + " that late",
        Words.count(resets.count(), "RST"),
        Words.way(leg.direction()),
        leg.far(),
        resets.frames(),
        resets.count() == 1 ? "it was" : "they were",
        leg.near());
  }

  private static InjectedSegments injected(Evidence evidence, Passage passage) {
    return evidence.injected(passage.pair(), passage.direction());
  }

  /** What is said of causes goes by the first of a connection: the others only follow from it. */
  private static Shape shape(
      Evidence evidence,
      SurvivedSilences silences,
      Passage passage,
      InjectedSegments injected,
      InjectedSegment segment) {
    InjectedSegments others = evidence.injected(passage.pair(), passage.direction().reverse());
    InjectedSegment first = injected.found().get(0);
    boolean atOnce = isAtOnce(passage, injected, others);
    boolean sure = !atOnce || isSooner(first, others.found().get(0));
    return new Shape(
        passage.leg(),
        segment.fin(),
        segment.proof(),
        segment.isBetween(),
        segment.ttl(),
        injected.isTimestampEarlier(),
        !others.found().isEmpty(),
        atOnce,
        first.isAfterIdle(),
        first.isAfterIdle() && silences.longest(passage) >= first.idleNanos(),
        first.answeredRow() >= 0 && sure,
        sure ? first.crosses() : Crossing.UNKNOWN,
        injected.missedNear() > 0,
        segment.ignored(),
        segment.ignored() && segment.isOtherNumber());
  }

  /**
   * Whether a RST answers what it seems to, where both ends are sent one: a single segment provoked
   * both, and the one to that segment's receiver answers nothing, though it has the number of what
   * the receiver sent last.
   */
  private static boolean isSooner(InjectedSegment some, InjectedSegment other) {
    return other.answeredRow() < 0 || some.answerNanos() * SOONER <= other.answerNanos();
  }

  /** Whether the first ones of both directions come at about the same time. */
  private static boolean isAtOnce(Passage passage, InjectedSegments some, InjectedSegments others) {
    if (some.found().isEmpty() || others.found().isEmpty()) {
      return false;
    }
    PairedConnection pair = passage.pair();
    Direction direction = passage.direction();
    long here = pair.farFlow(direction).table().timeNanos(some.found().get(0).row());
    long there = pair.nearFlow(direction).table().timeNanos(others.found().get(0).row());
    long difference = passage.delay().typicalNanos();
    return Math.abs(here - there - difference) <= ONE_EVENT_NANOS;
  }

  private static void report(
      Shape shape, List<Found> all, SurvivedSilences silences, Findings findings) {
    long leastIdle = Long.MAX_VALUE;
    long mostIdle = 0;
    long survived = 0;
    long others = Long.MAX_VALUE;
    for (Found found : all) {
      InjectedSegment segment = found.first();
      leastIdle = Math.min(leastIdle, segment.idleNanos());
      mostIdle = Math.max(mostIdle, segment.idleNanos());
      survived = Math.max(survived, segment.survivedNanos());
      others = Math.min(others, shape.outlived() ? silences.longest(found.passage()) : 0);
    }
    Injected injected = new Injected(shape, leastIdle, mostIdle, survived, others, commonTtls(all));
    all.forEach(found -> findings.add(injected, occurrence(shape, found)));
  }

  private static Optional<Ttls> commonTtls(List<Found> all) {
    Set<Ttls> ttls = new HashSet<>();
    for (Found found : all) {
      SegmentTable table = found.passage().far().table();
      int flows = found.segment().flowRow();
      ttls.add(new Ttls(table.ttl(found.segment().row()), flows < 0 ? -1 : table.ttl(flows)));
    }
    return ttls.size() == 1
        ? ttls.stream().filter(one -> one.own() >= 0 && one.flows() >= 0).findFirst()
        : Optional.empty();
  }

  private static Occurrence occurrence(Shape shape, Found found) {
    InjectedSegment segment = found.segment();
    Passage passage = found.passage();
    SegmentTable table = passage.far().table();
    CapturePoint far = passage.farPoint();
    return passage
        .occurrence()
        .at(far, table.frame(segment.row()))
        .saying(name(passage) + ": " + words(shape, segment, table))
        .with(facts(shape, table, segment));
  }

  /** The connection as the point saw it where the segment is. */
  private static String name(Passage passage) {
    Connection seen = passage.pair().far(passage.direction());
    return seen.client() + " to " + seen.server();
  }

  private static String words(Shape shape, InjectedSegment segment, SegmentTable table) {
    StringBuilder words = new StringBuilder();
    words.append(shape.fin() ? "this FIN" : "this RST");
    if (segment.answeredRow() >= 0 && shape.answers()) {
      words.append(
          String.format(
              " answers frame %d after %s",
              table.frame(segment.answeredRow()), Words.time(segment.answerNanos())));
      if (segment.leastAnswerNanos() > 0) {
        words.append(
            String.format(
                " (the %s itself takes %s or more)",
                Words.sender(shape.across().direction()), Words.time(segment.leastAnswerNanos())));
      }
      words.append(" and");
    }
    words.append(" has TTL ").append(table.ttl(segment.row()));
    if (segment.flowRow() >= 0) {
      int flowTtl = table.ttl(segment.flowRow());
      words.append(
          flowTtl == table.ttl(segment.row())
              ? ", the same as the flow: the TTL does not show who sent it"
              : ", the flow's is " + flowTtl);
    }
    return words.toString();
  }

  private static Facts facts(Shape shape, SegmentTable table, InjectedSegment segment) {
    int row = segment.row();
    Facts facts =
        Facts.of("ttl", table.ttl(row))
            .and("ip_id", table.ipId(row))
            .and("idle_ms", segment.idleNanos() / 1e6);
    if (segment.answeredRow() >= 0 && shape.answers()) {
      facts =
          facts
              .and("answered_frame", table.frame(segment.answeredRow()))
              .and("answer_ms", segment.answerNanos() / 1e6);
    }
    int before = segment.flowRow();
    return before < 0
        ? facts
        : facts.and("flow_ttl", table.ttl(before)).and("flow_ip_id", table.ipId(before));
  }
}
