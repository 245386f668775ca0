package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.IgnoredTooBigs;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A host that goes on with large packets although "too big" messages reach it. */
final class PmtudIgnored implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.ignored",
          Severity.ERROR,
          Group.RESPONSE,
          "the sender ignores ICMP \"too big\" messages that reach it");

  record Ignored(
      Direction ofData,
      CapturePoint point,
      boolean ipv6,
      String host,
      String router,
      int mtuBytes,
      int packetBytes,
      int messages)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the %s ignores ICMP: %d messages from %s with MTU %d reach %s, and %s goes on with packets"
              + " of %d bytes; the fault is on the %s's host",
          Words.sender(ofData),
          messages,
          router,
          mtuBytes,
          point,
          host,
          packetBytes,
          Words.sender(ofData));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(ofData);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("host", host)
          .and("sender", router)
          .and("mtu_bytes", mtuBytes)
          .and("packet_bytes", packetBytes)
          .and("messages", messages);
    }

    @Override
    public String nextStep() {
      return (ipv6
              ? "let the firewall on " + host + " accept ICMPv6 type 2"
              : "let the firewall on "
                  + host
                  + " accept ICMP type 3 code 4, and check net.ipv4.ip_no_pmtu_disc there")
          + "; until then lower its MTU or clamp the MSS to make packets of "
          + mtuBytes
          + " bytes or less";
    }
  }

  /** What the connections of one finding have in common. */
  private record Key(
      Direction direction,
      CapturePoint point,
      boolean ipv6,
      String host,
      String router,
      int mtuBytes) {}

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int messages;
    int packetBytes;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        evidence
            .ignored(traced, direction)
            .ifPresent(ignored -> add(traced, direction, ignored, tallies));
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Ignored(
                    key.direction(),
                    key.point(),
                    key.ipv6(),
                    key.host(),
                    key.router(),
                    key.mtuBytes(),
                    tally.packetBytes,
                    tally.messages),
                tally.occurrences));
  }

  private static void add(
      TracedConnection traced,
      Direction direction,
      IgnoredTooBigs ignored,
      Map<Key, Tally> tallies) {
    var first = ignored.messages().get(0);
    var atHost = first.seen().at(ignored.point()).orElseThrow();
    Key key =
        new Key(
            direction,
            ignored.point(),
            atHost.quotedSource().isIpv6(),
            atHost.receiver(),
            first.any().sender(),
            ignored.mtuBytes());
    Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
    tally.messages += ignored.messages().size();
    tally.packetBytes = Math.max(tally.packetBytes, ignored.packetBytes());
    tally.occurrences.add(
        Occurrence.on(traced.id())
            .at(ignored.point(), atHost.frame())
            .at(ignored.point(), ignored.frames())
            .with(
                Facts.of("messages_of_connection", ignored.messages().size())
                    .and("large_packets_afterwards", ignored.frames().size())));
  }
}
