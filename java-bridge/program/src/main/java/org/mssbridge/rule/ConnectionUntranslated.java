package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
   * @param reached whether that RST is then at the other point, in the connection itself
   * @param ttls the TTLs of these packets and of the translated ones
   * @param never whether no packet of that direction is translated
   */
  private record Shape(
      Leg across, boolean resets, boolean reached, Untranslated.Ttls ttls, boolean never) {
    static Shape of(Untranslated one) {
      Leg across = new Leg(one.direction(), one.other(), one.point());
      return new Shape(
          across, one.resets() > 0, !one.reached().isEmpty(), one.ttls(), one.translated() == 0);
    }
  }

  /**
   * All packets of one shape.
   *
   * @param reached whether the RST that answers them ends the connection at the other point
   * @param packets how many pass untranslated
   * @param translated how many packets of the same connections and direction are translated
   */
  record Passed(
      Leg across,
      boolean resets,
      boolean reached,
      Untranslated.Ttls ttls,
      int packets,
      int translated)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (isAlone()) {
        return String.format(
            "packets sent %s come from another address than the connection has, by whose ports and"
                + " numbers they belong to it: a NAT did not translate them%s",
            Words.way(across), resets ? ", and their receiver answers with RST" : "");
      }
      return String.format(
          "packets sent %s arrive at %s with the sender's address that only %s should see: the NAT"
              + " did not translate them%s",
          Words.way(across),
          across.far(),
          across.near(),
          resets
              ? ", and their receiver answers with RST"
                  + (reached ? ", which ends the connection at " + across.near() : "")
              : "");
    }

    /** Whether one capture shows it alone. */
    private boolean isAlone() {
      return across.near().equals(across.far());
    }

    @Override
    public Optional<Leg> leg() {
      return isAlone() ? Optional.empty() : Optional.of(across);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(across.direction());
    }

    @Override
    public Facts facts() {
      Facts where = isAlone() ? Facts.of("point", across.far().name()) : across.facts();
      return where
          .and("rst_reaches_other_end", reached)
          .and("answered_with_rst", resets)
          .and("untranslated_ttl", ttls.untranslated())
          .and("translated_ttl", ttls.translated());
    }

    @Override
    public List<Cause> causes() {
      List<String> forNat = new ArrayList<>();
      List<String> againstNat = new ArrayList<>();
      List<String> forWay = new ArrayList<>();
      List<String> againstWay = new ArrayList<>();
      String others =
          String.format(
              "%d of %d packets of these connections sent %s are translated",
              translated, translated + packets, Words.way(across));
      (translated > 0 ? forNat : forWay).add(others);
      if (ttls.untranslated() >= 0 && ttls.translated() >= 0) {
        boolean same = ttls.untranslated() == ttls.translated();
        String ttl =
            String.format(
                "their TTL is %d, that of the translated packets %d",
                ttls.untranslated(), ttls.translated());
        (same ? forNat : againstNat).add(ttl);
        (same ? againstWay : forWay).add(ttl);
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
      return translated > 0 ? List.of(nat, way) : List.of(way, nat);
    }

    @Override
    public String nextStep() {
      return translated > 0
          ? "drop invalid packets on the NAT (nft: ct state invalid drop; iptables: -m conntrack"
              + " --ctstate INVALID -j DROP), and find out why it finds them invalid"
          : "route these packets back through the NAT, or let the NAT translate the address of the "
              + Words.sender(across.direction().reverse())
              + " too, so that they must pass it";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    Map<Shape, List<Untranslated>> shapes = new LinkedHashMap<>();
    for (Untranslated one : comparison.untranslated()) {
      shapes.computeIfAbsent(Shape.of(one), shape -> new ArrayList<>()).add(one);
    }
    shapes.forEach(
        (shape, all) -> {
          int packets = all.stream().mapToInt(one -> one.frames().size()).sum();
          int translated = all.stream().mapToInt(Untranslated::translated).sum();
          Passed passed =
              new Passed(
                  shape.across(),
                  shape.resets(),
                  shape.reached(),
                  shape.ttls(),
                  packets,
                  translated);
          all.forEach(one -> findings.add(passed, occurrence(comparison, one)));
        });
  }

  private static Occurrence occurrence(Comparison comparison, Untranslated one) {
    int id = comparison.byStream(one.point(), one.stream()).map(TracedConnection::id).orElseThrow();
    return Occurrence.on(id)
        .at(
            one.point(),
            Stream.concat(one.frames().stream(), one.answers().stream()).sorted().toList())
        .at(one.other(), one.reached())
        .saying(words(one))
        .with(
            Facts.of("seen_sender", one.seen().toString())
                .and("expected_sender", one.expected().toString())
                .and("packets", one.frames().size())
                .and("answers", one.answers().size())
                .and("resets", one.resets()));
  }

  private static String words(Untranslated one) {
    String packets = one.frames().size() == 1 ? "1 packet" : one.frames().size() + " packets";
    String answers =
        one.answers().isEmpty()
            ? ""
            : String.format(
                "; frame %d answers it%s",
                one.answers().get(0), one.resets() > 0 ? " with RST" : "");
    String reached =
        one.reached().isEmpty()
            ? ""
            : String.format(", which is frame %d at %s", one.reached().get(0), one.other());
    return String.format(
        "%s from %s, expected from %s%s%s", packets, one.seen(), one.expected(), answers, reached);
  }
}
