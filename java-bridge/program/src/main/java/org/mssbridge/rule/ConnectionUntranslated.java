package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.alignment.Untranslated;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** Packets of a translated connection that a NAT let pass with the addresses of its other side. */
final class ConnectionUntranslated implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.untranslated",
          Severity.ERROR,
          Group.PROTOCOL,
          "packets pass a NAT without translation");

  /**
   * What connections have in common.
   *
   * @param resets whether a host answers them with RST
   * @param others whether the NAT translates other packets of that direction
   * @param sameTtl whether their TTL is that of the translated packets; empty where unknown
   */
  record Passed(Leg across, boolean resets, boolean others, Optional<Boolean> sameTtl)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "packets sent %s arrive at %s with the sender's address that only %s should see: the NAT"
              + " did not translate them%s",
          across.direction() == Direction.C2S ? "client to server" : "server to client",
          across.far(),
          across.near(),
          resets ? ", and their receiver answers with RST" : "");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      Facts facts = across.facts().and("answered_with_rst", resets);
      return sameTtl.isPresent() ? facts.and("same_ttl", sameTtl.get()) : facts;
    }

    @Override
    public List<Cause> causes() {
      List<String> forNat = new ArrayList<>();
      List<String> againstNat = new ArrayList<>();
      List<String> forWay = new ArrayList<>();
      List<String> againstWay = new ArrayList<>();
      (others ? forNat : againstNat)
          .add(
              others
                  ? "other packets of this direction are translated"
                  : "no packet of this direction is translated");
      if (sameTtl.isPresent()) {
        (sameTtl.get() ? forNat : againstNat).add(ttl());
        (sameTtl.get() ? againstWay : forWay).add(ttl());
      }
      if (!others) {
        forWay.add("no packet of this direction is translated");
      }
      Cause nat =
          new Cause(
              "the NAT's connection tracking found them invalid, and it forwards such packets as"
                  + " they are",
              forNat,
              againstNat,
              "Linux kernel documentation, nf_conntrack-sysctl (nf_conntrack_tcp_be_liberal)");
      Cause way =
          new Cause(
              "they take a way that does not lead through the NAT",
              forWay,
              againstWay,
              "RFC 2663, section 4.1.1 (a NAT must see both directions)");
      return others ? List.of(nat, way) : List.of(way, nat);
    }

    private String ttl() {
      return sameTtl.orElse(false)
          ? "their TTL is that of the translated packets"
          : "their TTL is not that of the translated packets";
    }

    @Override
    public String nextStep() {
      return others
          ? "drop invalid packets on the NAT (nft: ct state invalid drop; iptables: -m conntrack"
              + " --ctstate INVALID -j DROP), and find out why it finds them invalid"
          : "route the answers through the NAT";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    for (Untranslated one : comparison.untranslated()) {
      int id =
          comparison.byStream(one.point(), one.stream()).map(TracedConnection::id).orElseThrow();
      Untranslated.Ttls ttls = one.ttls();
      boolean known = ttls.untranslated() >= 0 && ttls.translated() >= 0;
      findings.add(
          new Passed(
              new Leg(one.direction(), one.other(), one.point()),
              one.resets() > 0,
              one.translated() > 0,
              known ? Optional.of(ttls.untranslated() == ttls.translated()) : Optional.empty()),
          Occurrence.on(id)
              .at(one.point(), one.frames())
              .at(one.point(), one.answers())
              .saying(words(one))
              .with(
                  Facts.of("seen_sender", one.seen().toString())
                      .and("expected_sender", one.expected().toString())
                      .and("packets", one.frames().size())
                      .and("answers", one.answers().size())
                      .and("resets", one.resets())));
    }
  }

  private static String words(Untranslated one) {
    String packets = one.frames().size() == 1 ? "1 packet" : one.frames().size() + " packets";
    String answers =
        one.answers().isEmpty()
            ? ""
            : String.format(
                "; frame %d answers it%s",
                one.answers().get(0), one.resets() > 0 ? " with RST" : "");
    return String.format(
        "%s from %s, expected from %s%s", packets, one.seen(), one.expected(), answers);
  }
}
