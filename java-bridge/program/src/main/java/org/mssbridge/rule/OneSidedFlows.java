package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.ExpectedFlows;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;
import org.mssbridge.model.Unreachable;
import org.mssbridge.rule.ConnectionOneSided.Answer;

/** Flows of other protocols than TCP that a point lacks although they must have passed it. */
final class OneSidedFlows {
  /** So few packets are lost by chance, where other flows to the same port are at both points. */
  private static final int FEW_PACKETS = 2;

  private OneSidedFlows() {}

  /**
   * Flows that one point does not have.
   *
   * @param areFew whether each has so few packets that chance may lose them all, and others like
   *     them are at both points
   * @param flows their number
   * @param packets how many of their packets the other capture would have
   * @param alike flows to the same port of the same host that are at both points, where most are
   * @param answered how many of these have packets of both directions
   */
  record OneSided(
      CapturePoint point,
      CapturePoint missing,
      String protocol,
      Answer answer,
      boolean areFew,
      int flows,
      int packets,
      int alike,
      int answered)
      implements Finding {
    @Override
    public Kind kind() {
      return ConnectionOneSided.KIND;
    }

    /** A refusal is reported by itself. */
    @Override
    public Severity severity() {
      return answer == Answer.REFUSED || areFew ? Severity.NOTE : kind().severity();
    }

    @Override
    public String message() {
      return String.format(
          "%s seen at %s (%s) %s not in the capture at %s, which covers that time and holds other"
              + " traffic of the same host",
          Words.count(flows, protocol + " flow"),
          point,
          answer.text,
          flows == 1 ? "is" : "are",
          missing);
    }

    @Override
    public Facts facts() {
      return Facts.of("protocol", protocol)
          .and("seen_at", point.name())
          .and("not_seen_at", missing.name())
          .and("answer", answer.text)
          .and("flows", flows)
          .and("packets", packets)
          .and("flows_alike_at_both", alike);
    }

    @Override
    public List<Explanation> because() {
      return answer == Answer.REFUSED
          ? List.of(
              new Explanation(
                  ConnectionRefused.KIND, "their packets are refused before that point"))
          : List.of();
    }

    @Override
    public List<Cause> causes() {
      String source = "by deduction from what both captures hold";
      List<Cause> causes = new ArrayList<>();
      if (answer == Answer.NONE) {
        causes.add(
            new Cause(
                areFew
                    ? "these packets were lost between the points"
                    : "a device between the points drops the packets of these flows",
                answered == 0
                    ? List.of()
                    : List.of(
                        String.format(
                            "%d of the %d flows to the same port that are at both points are"
                                + " answered, none of these",
                            answered, alike)),
                List.of(),
                source));
      }
      String others =
          alike == 0
              ? "no flow to that port of the same host is at both points: a capture filter may leave"
                  + " it out"
              : Words.count(alike, "flow")
                  + " to the same port of the same host "
                  + (alike == 1 ? "is" : "are")
                  + " at both points";
      causes.add(
          new Cause(
              "they take another path or were not captured",
              alike == 0 ? List.of(others) : List.of(),
              alike == 0 ? List.of() : List.of(others),
              source));
      return causes;
    }

    @Override
    public String nextStep() {
      if (answer == Answer.ACCEPTED) {
        return "check the routes, the capture filter at "
            + missing
            + ", and whether that capture dropped packets";
      }
      return areFew
          ? "look for drops between the points (queues, policers, a bad link), and check the drop"
              + " counter of the capture at "
              + missing
          : "check the firewalls and routes between the points, and the capture filter at "
              + missing;
    }
  }

  /** Flows that make one finding. */
  private record Key(
      CapturePoint point, CapturePoint missing, String protocol, Answer answer, boolean areFew) {}

  private static final class Tally {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private int packets;
    private int alike;
    private int answered;
  }

  static void check(Evidence evidence, Findings findings) {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (ExpectedFlows.Missing each : evidence.missingFlows()) {
      add(evidence.datagrams(), each, tallies);
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new OneSided(
                    key.point(),
                    key.missing(),
                    key.protocol(),
                    key.answer(),
                    key.areFew(),
                    tally.occurrences.size(),
                    tally.packets,
                    tally.alike,
                    tally.answered),
                tally.occurrences));
  }

  private static void add(
      Datagrams datagrams, ExpectedFlows.Missing each, Map<Key, Tally> tallies) {
    TracedFlow flow = each.flow();
    DatagramFlow seen = flow.at(each.point()).orElseThrow();
    DatagramTable table = datagrams.tables().get(each.point());
    int c2s = table.packets(seen, Direction.C2S);
    int s2c = table.packets(seen, Direction.S2C);
    Answer answer =
        isRefused(datagrams, flow)
            ? Answer.REFUSED
            : c2s > 0 && s2c > 0 ? Answer.ACCEPTED : Answer.NONE;
    boolean areFew = answer == Answer.NONE && each.alike() > 0 && c2s + s2c <= FEW_PACKETS;
    Key key = new Key(each.point(), each.missing(), seen.protocolName(), answer, areFew);
    Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
    tally.packets += each.packets();
    if (each.alike() > tally.alike) {
      tally.alike = each.alike();
      tally.answered = each.answered();
    }
    String name = seen.name(c2s > 0 ? Direction.C2S : Direction.S2C);
    tally.occurrences.add(
        Occurrence.anywhere()
            .at(each.point(), seen.firstFrame())
            .saying(name + ": " + Words.count(c2s + s2c, "packet") + ", " + answer.text)
            .with(Facts.of("flow", name)));
  }

  private static boolean isRefused(Datagrams datagrams, TracedFlow flow) {
    return Arrays.stream(Direction.values())
        .flatMap(direction -> datagrams.errors(flow, direction).stream())
        .flatMap(error -> error.at(error.points().iterator().next()).stream())
        .anyMatch(error -> error.unreachable().filter(Unreachable::isRefusal).isPresent());
  }
}
