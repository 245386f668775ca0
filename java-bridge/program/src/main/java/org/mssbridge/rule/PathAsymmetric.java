package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.AcknowledgedSpan;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** One direction of connections that is at one point only, although its receiver got it. */
final class PathAsymmetric implements Rule {
  static final Kind KIND =
      new Kind(
          "path.asymmetric",
          Severity.WARN,
          Group.ASSUMPTION,
          "one direction of connections is at one of two points only");

  /** Fewer segments may all be lost. */
  private static final int LEAST_SEGMENTS = 5;

  /**
   * Of a hundred connections across the leg, so many lack a direction that a capture leaves out.
   */
  private static final int LEAST_PERCENT = 90;

  /** So many segments while the other point records the connection should be there, too. */
  private static final int LEAST_MEANWHILE = 3;

  /**
   * So many connections that lack the direction while the point has the other one are no chance.
   */
  private static final int LEAST_CONNECTIONS = 2;

  /**
   * Connections that lack a direction at a point.
   *
   * @param across the leg and the direction
   * @param protocol of flows besides TCP, such as {@code UDP}; empty for TCP
   * @param seen the point that has it
   * @param alsoSeen the point on the other side of the missing one that has it too
   * @param missing the point that has none of it
   * @param lacking connections of that leg that have it at one point only
   * @param complete connections of that leg that have it at both points
   * @param encrypted the encrypted tunnels at the point that has none of it
   */
  record Asymmetric(
      Leg across,
      String protocol,
      CapturePoint seen,
      Optional<CapturePoint> alsoSeen,
      CapturePoint missing,
      int lacking,
      int complete,
      Optional<Encrypted> encrypted)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%spackets sent %s%s are at %s and none of them is at %s%s: they take another path%s",
          protocol.isEmpty() ? "" : protocol + " ",
          Words.way(across),
          complete == 0
              ? ""
              : String.format(" of %d of %d %s", lacking, lacking + complete, things()),
          seen + alsoSeen.map(point -> " and " + point).orElse(""),
          missing,
          protocol.isEmpty() ? ", though they are acknowledged" : "",
          complete == 0
              ? ", or the capture at " + missing + " leaves out this direction"
              : "; those of other " + things() + " do not");
    }

    private String things() {
      return protocol.isEmpty() ? "connections" : "flows";
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      Facts ends = across.facts().and("seen_at", seen.name()).and("not_seen_at", missing.name());
      Facts facts = alsoSeen.map(point -> ends.and("also_seen_at", point.name())).orElse(ends);
      return protocol.isEmpty()
          ? facts.and("connections_with_both", complete)
          : facts.and("protocol", protocol).and("flows_with_both", complete);
    }

    @Override
    public List<Cause> causes() {
      List<String> none =
          List.of(
              protocol.isEmpty()
                  ? "no connection at " + missing + " has packets of this direction"
                  : "no flow at " + missing + " has packets of this direction");
      List<String> some =
          List.of("of other " + things() + " this direction is at " + missing + " too");
      String source = "by deduction from what both captures hold";
      Cause filter =
          new Cause(
              "the capture at "
                  + missing
                  + " records one direction only: a filter, or a mirror port of one direction",
              complete == 0 ? none : List.of(),
              complete == 0 ? List.of() : some,
              source);
      Cause route =
          new Cause(
              "this direction takes another way (asymmetric routing, or load sharing between several"
                  + " ways)",
              complete == 0 ? List.of() : some,
              complete == 0 ? none : List.of(),
              source);
      return complete > 0
          ? List.of(route, filter)
          : Stream.concat(
                  encrypted
                      .map(
                          one ->
                              new Cause(
                                  "this direction is inside the encrypted tunnel at " + missing,
                                  List.of(one.words()),
                                  List.of(),
                                  source))
                      .stream(),
                  Stream.of(filter, route))
              .toList();
    }

    @Override
    public String nextStep() {
      if (complete == 0 && encrypted.isPresent()) {
        return "capture on the other side of the tunnel, or where packets are not encrypted";
      }
      return complete == 0
          ? "capture both directions at " + missing + "; if they are not there, compare the routes"
          : "compare the routes of both directions, and look for several routes of one cost; a"
              + " capture for each of them is complete";
    }
  }

  /** The connections of a leg in one direction. */
  private static final class Tally {
    final List<PairedConnection> lacking = new ArrayList<>();
    CapturePoint missing;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    AsymmetricFlows.check(evidence, findings);
    Map<Leg, Tally> tallies = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      for (Direction direction : Direction.values()) {
        if (!isAtBoth(pair, direction)) {
          add(pair, direction, tallies);
        }
      }
    }
    List<Lacking> all = new ArrayList<>();
    tallies.forEach((leg, tally) -> lacking(evidence, leg, tally).ifPresent(all::add));
    report(evidence, all, findings);
  }

  private static boolean isAtBoth(PairedConnection pair, Direction direction) {
    return pair.nearFlow(direction).segments() > 0 && pair.farFlow(direction).segments() > 0;
  }

  private static void add(PairedConnection pair, Direction direction, Map<Leg, Tally> tallies) {
    boolean isNear = pair.nearFlow(direction).segments() > 0;
    Connection seen = isNear ? pair.near(direction) : pair.far(direction);
    if (seen.flow(direction).segments() >= LEAST_SEGMENTS && isReceived(seen, direction)) {
      Tally tally = tallies.computeIfAbsent(Legs.of(pair, direction), leg -> new Tally());
      tally.lacking.add(pair);
      tally.missing = isNear ? pair.farPoint(direction) : pair.nearPoint(direction);
    }
  }

  /** How many connections have a direction at both points of a leg. */
  private static int complete(Evidence evidence, Leg leg) {
    int complete = 0;
    for (PairedConnection pair : evidence.pairs()) {
      if (isAtBoth(pair, leg.direction()) && Legs.of(pair, leg.direction()).equals(leg)) {
        complete++;
      }
    }
    return complete;
  }

  /** Whether the other end acknowledges data of a direction, or goes on without a repetition. */
  private static boolean isReceived(Connection seen, Direction direction) {
    Flow sender = seen.flow(direction);
    Flow receiver = seen.flow(direction.reverse());
    if (sender.lastDataRow() < 0) {
      return receiver.dataSegments() >= LEAST_SEGMENTS;
    }
    int first = sender.firstDataRow();
    int end = sender.table().sequence(first) + sender.table().payloadBytes(first);
    return AcknowledgedSpan.reaches(receiver, end);
  }

  /**
   * Whether the point that lacks the direction records the other one meanwhile: packets of both
   * must have passed while it ran.
   */
  private static boolean isRecordedMeanwhile(
      Evidence evidence, PairedConnection pair, Direction direction, CapturePoint missing) {
    CapturePoint seen =
        missing.equals(pair.farPoint(direction))
            ? pair.nearPoint(direction)
            : pair.farPoint(direction);
    Flow recorded = pair.at(missing).flow(direction.reverse());
    if (!pair.isTimed()) {
      return true;
    }
    if (recorded.firstRow() < 0) {
      return false;
    }
    long from = recorded.table().timeNanos(recorded.firstRow());
    long until = recorded.table().timeNanos(recorded.lastRow());
    Flow flow = pair.at(seen).flow(direction);
    int meanwhile = 0;
    for (int row = flow.firstRow(); row >= 0; row = flow.table().next(row)) {
      long nanos = evidence.comparison().timeAt(missing, seen, flow.table().timeNanos(row));
      meanwhile += nanos > from && nanos < until ? 1 : 0;
    }
    return meanwhile >= LEAST_MEANWHILE;
  }

  /** What one point lacks of a leg, where that is no chance; empty where it may be one. */
  private static Optional<Lacking> lacking(Evidence evidence, Leg leg, Tally tally) {
    tally.lacking.removeIf(
        pair -> !isRecordedMeanwhile(evidence, pair, leg.direction(), tally.missing));
    int complete = complete(evidence, leg);
    int lacking = tally.lacking.size();
    boolean usual = 100 * lacking >= LEAST_PERCENT * (lacking + complete);
    return lacking == 0 || !(usual || lacking >= LEAST_CONNECTIONS)
        ? Optional.empty()
        : Optional.of(new Lacking(leg, tally.missing, tally.lacking, complete));
  }

  /** Connections of a leg that lack a direction at one of its points. */
  private record Lacking(
      Leg leg, CapturePoint missing, List<PairedConnection> pairs, int complete) {
    CapturePoint seen() {
      return missing.equals(leg.far()) ? leg.near() : leg.far();
    }

    /** Whether another leg shows the same, from the other side of the point. */
    boolean isSameAs(Lacking other) {
      return missing.equals(other.missing)
          && leg.direction() == other.leg.direction()
          && complete == other.complete
          && ids().equals(other.ids());
    }

    private List<Integer> ids() {
      return pairs.stream().map(PairedConnection::id).toList();
    }

    Asymmetric finding(Evidence evidence, Optional<Lacking> other) {
      Leg across =
          other
              .map(
                  more ->
                      missing.equals(leg.far())
                          ? new Leg(leg.direction(), leg.near(), more.leg.far())
                          : new Leg(leg.direction(), more.leg.near(), leg.far()))
              .orElse(leg);
      return new Asymmetric(
          across,
          /* protocol= */ "",
          seen(),
          other.map(Lacking::seen),
          missing,
          pairs.size(),
          complete,
          Encrypted.of(evidence.comparison().capture(missing)));
    }

    Occurrence occurrence(int number, Optional<Lacking> other) {
      PairedConnection pair = pairs.get(number);
      Connection connection = pair.at(seen());
      Flow flow = connection.flow(leg.direction());
      Occurrence occurrence =
          Occurrence.on(pair.id())
              .at(seen(), flow.table().frame(flow.firstRow()))
              .saying(
                  String.format(
                      "%s to %s: %s of the %s at %s, none at %s",
                      connection.client(),
                      connection.server(),
                      Words.count(flow.segments(), "segment"),
                      Words.sender(leg.direction()),
                      seen(),
                      missing));
      if (other.isEmpty()) {
        return occurrence;
      }
      Lacking more = other.get();
      Flow there = more.pairs.get(number).at(more.seen()).flow(leg.direction());
      return occurrence.at(more.seen(), there.table().frame(there.firstRow()));
    }
  }

  /** One finding for each point that lacks a direction, though both sides of it show that. */
  private static void report(Evidence evidence, List<Lacking> all, Findings findings) {
    Set<Lacking> reported = new HashSet<>();
    for (Lacking one : all) {
      if (reported.add(one)) {
        Optional<Lacking> other =
            all.stream().filter(each -> !each.equals(one)).filter(one::isSameAs).findFirst();
        other.ifPresent(reported::add);
        Asymmetric finding = one.finding(evidence, other);
        for (int i = 0; i < one.pairs.size(); i++) {
          findings.add(finding, one.occurrence(i, other));
        }
      }
    }
  }
}
