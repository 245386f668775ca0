package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.WireSizes;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** A "too big" message that contradicts itself or what was sent (RFC 5927, section 7). */
final class PmtudBogus implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.bogus",
          Severity.WARN,
          Group.SECURITY,
          "an ICMP \"too big\" message that cannot be true");

  /** The faults of a message. */
  private enum Fault {
    NEVER_SENT("quotes bytes that were never sent"),
    DELIVERED("quotes a packet that arrives whole all the same"),
    MTU_TOO_LOW("names an MTU below the least that links may have");

    private final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  /**
   * Messages of one sender.
   *
   * @param points where they are
   * @param packetWasSent whether the packet that they quote was sent
   * @param strangers how many more messages of the same sender quote no known connection
   */
  record Bogus(
      Direction inDirection,
      IpFamily family,
      String sender,
      int mtuBytes,
      Set<Fault> faults,
      List<String> points,
      boolean packetWasSent,
      boolean wentOn,
      int strangers)
      implements Finding {
    Bogus {
      faults = Set.copyOf(faults);
      points = List.copyOf(points);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    /** The same, of a sender that goes on with larger packets. */
    Bogus ignored() {
      return new Bogus(
          inDirection, family, sender, mtuBytes, faults, points, packetWasSent, true, strangers);
    }

    private List<String> faultTexts() {
      return faults.stream().sorted().map(fault -> fault.text).toList();
    }

    @Override
    public String message() {
      return String.format(
          "ICMP \"too big\" from %s with MTU %d at %s %s%s%s",
          sender,
          mtuBytes,
          String.join(" and ", points),
          String.join(", and ", faultTexts()),
          strangers == 0
              ? ""
              : "; "
                  + strangers
                  + " more of this kind "
                  + (strangers == 1 ? "quotes" : "quote")
                  + " connections that no capture holds",
          wentOn ? "; the " + Words.sender(inDirection) + " goes on with larger packets" : "");
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("sender", sender)
          .and("mtu_bytes", mtuBytes)
          .and("least_mtu_bytes", family.leastMtuBytes())
          .and("faults", faultTexts())
          .and("seen_at", points)
          .and("sender_went_on", wentOn)
          .and("quoting_unknown_connections", strangers);
    }

    @Override
    public List<Cause> causes() {
      List<String> sent = packetWasSent ? List.of("the packet that it quotes was sent") : List.of();
      List<String> guessed =
          strangers == 0
              ? List.of()
              : List.of(
                  Words.count(strangers, "message")
                      + " of the same sender quote connections that no capture holds");
      return List.of(
          new Cause(
              "an attacker who wants the sender's segments to be small",
              guessed,
              sent,
              "RFC 5927, section 7.1"),
          new Cause(
              "a device that builds the message wrongly, or translates its numbers wrongly",
              sent,
              List.of(),
              "RFC 1191, section 5"));
    }

    @Override
    public String nextStep() {
      if (faults.contains(Fault.DELIVERED)) {
        return "find the device that sends it; lower no MTU and no MSS because of it: packets of the"
            + " size that it refuses cross";
      }
      return faults.contains(Fault.NEVER_SENT)
          ? "find the device that sends it; a host should check the quoted sequence number (RFC"
              + " 5927, section 4.1)"
          : "find the device that sends it; a host should refuse an MTU as low as that";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  /** The messages of one kind. */
  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    boolean wentOn;
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Bogus, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        if (isBogus(message)) {
          Tally tally = tallies.computeIfAbsent(bogus(evidence, message), key -> new Tally());
          tally.wentOn |= wentOn(traced, message);
          tally.occurrences.add(occurrence(message));
        }
      }
    }
    tallies.forEach(
        (bogus, tally) -> findings.add(tally.wentOn ? bogus.ignored() : bogus, tally.occurrences));
  }

  private static Bogus bogus(Evidence evidence, TooBigMessage message) {
    TooBig any = message.any();
    IpFamily family = IpFamily.of(any.quotedSource().isIpv6());
    int strangers =
        evidence.strangeTooBigs(any.sender(), any.mtuBytes()).values().stream()
            .mapToInt(List::size)
            .max()
            .orElse(0);
    return new Bogus(
        message.direction(),
        family,
        any.sender(),
        any.mtuBytes(),
        faults(message, family),
        message.seen().points().stream().map(CapturePoint::name).toList(),
        message.quote().packet().isPresent(),
        /* wentOn= */ false,
        strangers);
  }

  private static Occurrence occurrence(TooBigMessage message) {
    TooBig any = message.any();
    return message
        .occurrence()
        .saying(delivered(message))
        .with(Facts.of("ttl", any.ttl()).and("quoted_ip_packet_bytes", any.quotedIpBytes()));
  }

  private static String delivered(TooBigMessage message) {
    return message
        .quote()
        .packet()
        .filter(packet -> message.quote().isDelivered())
        .map(
            packet ->
                String.format(
                    "the packet that it quotes, frame %d, is acknowledged before another copy of it"
                        + " can have arrived",
                    packet.frames().get(0)))
        .orElse("");
  }

  /** Whether larger packets than the message allows follow it. */
  private static boolean wentOn(TracedConnection traced, TooBigMessage message) {
    CapturePoint point = message.lastPoint();
    Connection connection = traced.at().at(point).orElseThrow();
    WireSizes sizes = new WireSizes(connection, message.direction());
    SegmentTable table = connection.flow(message.direction()).table();
    TooBig there = message.seen().at(point).orElseThrow();
    int row = connection.flow(message.direction()).firstRow();
    for (; row >= 0; row = table.next(row)) {
      if (table.frame(row) > there.frame()
          && table.payloadBytes(row) > 0
          && sizes.packetBytes(row) > there.mtuBytes()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a message cannot be true. */
  static boolean isBogus(TooBigMessage message) {
    return !faults(message, IpFamily.of(message.any().quotedSource().isIpv6())).isEmpty();
  }

  private static Set<Fault> faults(TooBigMessage message, IpFamily family) {
    Set<Fault> faults = EnumSet.noneOf(Fault.class);
    int mtuBytes = message.any().mtuBytes();
    if (mtuBytes > 0 && mtuBytes < family.leastMtuBytes()) {
      faults.add(Fault.MTU_TOO_LOW);
    }
    if (message.quote().isNeverSent()) {
      faults.add(Fault.NEVER_SENT);
    }
    if (message.quote().isDelivered()) {
      faults.add(Fault.DELIVERED);
    }
    return faults;
  }
}
