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
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Severity;
import org.mssbridge.model.Unreachable;

/** Packets of UDP that an ICMP error refuses, and where it arises. */
final class RefusedDatagrams {
  private RefusedDatagrams() {}

  /** Why "port unreachable" is nothing to look for. */
  private enum Harmless {
    /** IANA, Service Name and Transport Protocol Port Number Registry: {@code traceroute}. */
    PROBE("traceroute sends such packets, and waits for this answer"),
    /**
     * Ports from 32768 on are chosen by whoever asks (Linux; from 49152 on, RFC 6335, section 6).
     */
    LATE("they reach a port that whoever asked has probably closed since");

    private static final int FIRST_CHOSEN = 32768;
    private static final int FIRST_PROBED = 33434;
    private static final int LAST_PROBED = 33534;

    private final String text;

    Harmless(String text) {
      this.text = text;
    }

    /**
     * By the port that is unreachable.
     *
     * @param hasAsked whether the end that refuses sent the first packet of the flow
     */
    static Optional<Harmless> of(int port, boolean hasAsked) {
      if (hasAsked) {
        return port >= FIRST_CHOSEN ? Optional.of(LATE) : Optional.empty();
      }
      return port >= FIRST_PROBED && port <= LAST_PROBED ? Optional.of(PROBE) : Optional.empty();
    }
  }

  /**
   * Flows that are refused at the same place.
   *
   * @param how what ICMP says, and who sends it unless it is the receiver of the packets
   * @param last the last point on the way of the packets that saw the error
   * @param beyond the next one, which has the flow and not the error
   * @param why why that is nothing to look for; empty if it may be
   */
  record Refused(
      Direction inDirection,
      String how,
      Unreachable.Meaning meaning,
      CapturePoint last,
      Optional<CapturePoint> beyond,
      Optional<Harmless> why)
      implements Finding {
    @Override
    public Kind kind() {
      return ConnectionRefused.KIND;
    }

    @Override
    public Severity severity() {
      return why.isPresent() ? Severity.CHAT : kind().severity();
    }

    @Override
    public String message() {
      return String.format(
          "UDP packets sent %s are refused by %s that arises %s%s",
          inDirection.words(),
          how,
          beyond
              .map(far -> "between " + last + " and " + far)
              .orElseGet(() -> Words.behind(last, inDirection.reverse())),
          why.map(each -> ": " + each.text).orElse(""));
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
      return why.isPresent() ? "" : ConnectionRefused.nextStep(meaning, "UDP");
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
      refusals.forEach(refusal -> report(datagrams, flow, direction, way, refusal, findings));
    }
  }

  private static void report(
      Datagrams datagrams,
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
    Direction there = flow.at(point, direction);
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
            last + 1 < way.size() ? Optional.of(way.get(last + 1)) : Optional.empty(),
            says.meaning() == Unreachable.Meaning.PORT
                ? Harmless.of(
                    error.quotedDestination().port(),
                    hasAsked(datagrams.tables().get(point), flow.at(point).orElseThrow(), there))
                : Optional.empty()),
        occurrence);
  }

  private static boolean hasAsked(DatagramTable table, DatagramFlow flow, Direction refused) {
    int[] sent = table.rows(flow, refused);
    int[] answered = table.rows(flow, refused.reverse());
    return answered.length > 0 && (sent.length == 0 || answered[0] < sent[0]);
  }

  private static DatagramError any(PerPoint<DatagramError> refusal) {
    return refusal.at(refusal.points().iterator().next()).orElseThrow();
  }
}
