package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Severity;
import org.mssbridge.model.Unreachable;

/** Packets of UDP that an ICMP error refuses, and where it arises. */
final class RefusedDatagrams {
  private RefusedDatagrams() {}

  /**
   * Flows that are refused at the same place.
   *
   * @param how what ICMP says, and who sends it unless it is the receiver of the packets
   * @param last the last point on the way of the packets that saw the error
   * @param beyond the next one, which has the flow and not the error
   */
  record Refused(
      Direction inDirection,
      String how,
      Unreachable.Meaning meaning,
      CapturePoint last,
      Optional<CapturePoint> beyond)
      implements Finding {
    @Override
    public Kind kind() {
      return ConnectionRefused.KIND;
    }

    /** A client that has got its answer, or waits no longer, refuses what comes late. */
    @Override
    public Severity severity() {
      return inDirection == Direction.S2C && meaning == Unreachable.Meaning.PORT
          ? Severity.CHAT
          : kind().severity();
    }

    @Override
    public String message() {
      return String.format(
          "UDP packets sent %s are refused by %s that arises %s",
          inDirection.words(),
          how,
          beyond
              .map(far -> "between " + last + " and " + far)
              .orElseGet(() -> Words.behind(last, inDirection.reverse())));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("protocol", "UDP").and("refusal", how).and("last_point", last.name());
    }

    @Override
    public String nextStep() {
      return inDirection == Direction.S2C && meaning == Unreachable.Meaning.PORT
          ? ""
          : ConnectionRefused.nextStep(meaning, "UDP");
    }
  }

  static void check(Evidence evidence, Findings findings) {
    for (TracedFlow flow : evidence.datagrams().flows()) {
      for (Direction direction : Direction.values()) {
        check(evidence.datagrams(), flow, direction, findings);
      }
    }
  }

  private static void check(
      Datagrams datagrams, TracedFlow flow, Direction direction, Findings findings) {
    List<PerPoint<DatagramError>> refusals =
        datagrams.errors(flow, direction).stream()
            .filter(each -> any(each).unreachable().filter(Unreachable::isRefusal).isPresent())
            .toList();
    List<CapturePoint> way = refusals.isEmpty() ? List.of() : datagrams.way(flow, direction);
    if (!way.isEmpty()) {
      refusals.forEach(refusal -> report(flow, direction, way, refusal, findings));
    }
  }

  private static void report(
      TracedFlow flow,
      Direction direction,
      List<CapturePoint> way,
      PerPoint<DatagramError> refusal,
      Findings findings) {
    int last = way.size() - 1;
    while (refusal.at(way.get(last)).isEmpty()) {
      last--;
    }
    CapturePoint point = way.get(last);
    DatagramError error = refusal.at(point).orElseThrow();
    Unreachable says = error.unreachable().orElseThrow();
    boolean isReceiver = error.sender().equals(error.quotedDestination().address());
    String name = flow.name(point, direction);
    Occurrence occurrence =
        Occurrence.anywhere()
            .saying(
                String.format(
                    "%s: %s from %s with TTL %d at %s",
                    name, says.text(), error.sender(), error.ttl(), point))
            .with(Facts.of("flow", name).and("ttl", error.ttl()));
    for (CapturePoint seen : refusal.points()) {
      occurrence = occurrence.at(seen, refusal.at(seen).orElseThrow().frame());
    }
    findings.add(
        new Refused(
            direction,
            says.text() + (isReceiver ? "" : " from " + error.sender()),
            says.meaning(),
            point,
            last + 1 < way.size() ? Optional.of(way.get(last + 1)) : Optional.empty()),
        occurrence);
  }

  private static DatagramError any(PerPoint<DatagramError> refusal) {
    return refusal.at(refusal.points().iterator().next()).orElseThrow();
  }
}
