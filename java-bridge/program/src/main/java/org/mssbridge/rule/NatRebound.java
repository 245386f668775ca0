package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.Rebinding;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A NAT gives a living connection another address or port (RFC 5382, section 5). */
final class NatRebound implements Rule {
  static final Kind KIND =
      new Kind(
          "nat.rebound",
          Severity.WARN,
          Group.PROTOCOL,
          "a NAT gives a living connection another address or port");

  /** A mapping hardly times out in less. */
  private static final long IDLE_NANOS = 1_000_000_000L;

  /** What connections have in common. */
  private record Shape(Leg across, boolean resets, boolean otherAddress) {
    static Shape of(Rebinding one) {
      return new Shape(
          new Leg(one.direction(), one.other(), one.point()),
          one.resets() > 0,
          !one.before().address().equals(one.after().address()));
    }
  }

  /**
   * All changes of one shape.
   *
   * @param protocol of flows besides TCP, such as {@code UDP}; empty for TCP
   * @param leastSilenceNanos the shortest silence before a change
   * @param mostSilenceNanos the longest one
   */
  record Rebound(
      Leg across,
      String protocol,
      boolean resets,
      boolean otherAddress,
      long leastSilenceNanos,
      long mostSilenceNanos)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the NAT changes the mapping of a living %s sent %s arrive at %s from another %s%s",
          protocol.isEmpty() ? "connection: segments" : "flow: " + protocol + " packets",
          Words.way(across),
          across.far(),
          otherAddress ? "address" : "port",
          resets
              ? ", and the "
                  + Words.sender(across.direction().reverse())
                  + ", which knows no such connection, answers with RST"
              : "");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return (protocol.isEmpty() ? across.facts() : across.facts().and("protocol", protocol))
          .and("answered_with_rst", resets)
          .and("other_address", otherAddress)
          .and("least_silence_ms", leastSilenceNanos / 1e6);
    }

    @Override
    public List<Cause> causes() {
      String silence = Words.times(leastSilenceNanos, mostSilenceNanos) + " of silence before it";
      String address =
          otherAddress ? "the address changes too" : "the address is the same, the port is another";
      boolean idle = leastSilenceNanos >= IDLE_NANOS;
      Cause timeout =
          new Cause(
              protocol.isEmpty()
                  ? "the NAT forgot the idle connection and made a new mapping for its next segment"
                  : "the NAT forgot the idle flow and made a new mapping for its next packet",
              idle ? List.of(silence) : List.of(),
              idle ? List.of() : List.of(silence),
              source());
      Cause device =
          new Cause(
              "the NAT was restarted, or another NAT took over",
              otherAddress ? List.of(address) : List.of(),
              otherAddress ? List.of() : List.of(address),
              source());
      return idle && !otherAddress ? List.of(timeout, device) : List.of(device, timeout);
    }

    private String source() {
      return protocol.isEmpty() ? "RFC 5382, section 5" : "RFC 4787, section 4.3";
    }

    @Override
    public String nextStep() {
      return leastSilenceNanos >= IDLE_NANOS
          ? "raise the NAT's timeout for idle "
              + (protocol.isEmpty() ? "TCP connections" : protocol + " flows")
              + " (it is at most "
              + Words.time(leastSilenceNanos)
              + "), or send keep-alives more often"
          : "look into the log of the NAT at that time";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    ReboundFlows.check(evidence, findings);
    Comparison comparison = evidence.comparison();
    Map<Shape, List<Rebinding>> shapes = new LinkedHashMap<>();
    for (Rebinding one : comparison.rebindings()) {
      shapes.computeIfAbsent(Shape.of(one), shape -> new ArrayList<>()).add(one);
    }
    shapes.forEach(
        (shape, all) -> {
          Rebound rebound =
              new Rebound(
                  shape.across(),
                  /* protocol= */ "",
                  shape.resets(),
                  shape.otherAddress(),
                  all.stream().mapToLong(Rebinding::silenceNanos).min().orElseThrow(),
                  all.stream().mapToLong(Rebinding::silenceNanos).max().orElseThrow());
          all.forEach(one -> findings.add(rebound, occurrence(comparison, one)));
        });
  }

  private static Occurrence occurrence(Comparison comparison, Rebinding one) {
    int id = comparison.byStream(one.point(), one.stream()).map(TracedConnection::id).orElseThrow();
    return Occurrence.on(id)
        .at(one.other(), one.sent())
        .at(one.point(), one.frames())
        .at(one.point(), one.answers())
        .saying(words(one))
        .with(
            Facts.of("sender_before", one.before().toString())
                .and("sender_after", one.after().toString())
                .and("segments", one.frames().size())
                .and("answers", one.answers().size())
                .and("resets", one.resets())
                .and("silence_ms", one.silenceNanos() / 1e6));
  }

  private static String words(Rebinding one) {
    return String.format(
        "arrives at %s (frame %d) from %s, until then from %s, after %s of silence%s",
        one.point(),
        one.frames().get(0),
        one.after(),
        one.before(),
        Words.time(one.silenceNanos()),
        one.answers().isEmpty()
            ? ""
            : String.format(
                "; frame %d answers it%s",
                one.answers().get(0), one.resets() > 0 ? " with RST" : ""));
  }
}
