package org.mssbridge.rule;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
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
    MTU_TOO_LOW("names an MTU below the least that links may have");

    private final String text;

    Fault(String text) {
      this.text = text;
    }
  }

  record Bogus(
      Direction inDirection,
      IpFamily family,
      String sender,
      int mtuBytes,
      Set<Fault> faults,
      boolean packetWasSent)
      implements Finding {
    Bogus {
      faults = Set.copyOf(faults);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    private List<String> faultTexts() {
      return faults.stream().sorted().map(fault -> fault.text).toList();
    }

    @Override
    public String message() {
      return String.format(
          "ICMP \"too big\" from %s with MTU %d %s",
          sender, mtuBytes, String.join(", and ", faultTexts()));
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
          .and("faults", faultTexts());
    }

    @Override
    public List<Cause> causes() {
      List<String> sent = packetWasSent ? List.of("the packet that it quotes was sent") : List.of();
      return List.of(
          new Cause(
              "an attacker who wants the sender's segments to be small",
              faultTexts(),
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

  @Override
  public void check(Evidence evidence, Findings findings) {
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (TooBigMessage message : evidence.tooBigs(traced.id())) {
        TooBig any = message.any();
        IpFamily family = IpFamily.of(any.quotedSource().isIpv6());
        Set<Fault> faults = faults(message, family);
        if (!faults.isEmpty()) {
          boolean sent = message.quote().packet().isPresent();
          findings.add(
              new Bogus(message.direction(), family, any.sender(), any.mtuBytes(), faults, sent),
              message
                  .occurrence()
                  .with(
                      Facts.of("ttl", any.ttl())
                          .and("quoted_ip_packet_bytes", any.quotedIpBytes())));
        }
      }
    }
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
    return faults;
  }
}
