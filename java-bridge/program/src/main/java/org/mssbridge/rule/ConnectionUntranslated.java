package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.alignment.Untranslated;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.SilenceBefore;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
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
   * @param afterIdle whether a silence longer than any before precedes them
   */
  private record Shape(
      Leg across,
      boolean resets,
      boolean reached,
      Untranslated.Ttls ttls,
      boolean never,
      boolean afterIdle) {
    static Shape of(Untranslated one, SilenceBefore silence) {
      return new Shape(
          new Leg(one.direction(), one.other(), one.point()),
          one.resets() > 0,
          !one.reached().isEmpty(),
          one.ttls(),
          one.translated() == 0,
          silence.isLongest());
    }
  }

  /** One of them. */
  private record Found(TracedConnection traced, Untranslated one, SilenceBefore silence) {
    static Found of(Comparison comparison, Untranslated one) {
      TracedConnection traced = comparison.byStream(one.point(), one.stream()).orElseThrow();
      Connection seen = traced.at().at(one.point()).orElseThrow();
      int row = seen.flow(one.direction()).rowOf(one.frames().get(0));
      boolean measured = row >= 0 && seen.clientToServer().table().isTimed();
      return new Found(
          traced, one, measured ? SilenceBefore.of(seen, row) : new SilenceBefore(0, 0));
    }
  }

  /**
   * All packets of one shape.
   *
   * @param reached whether the RST that answers them ends the connection at the other point
   * @param packets how many pass untranslated
   * @param translated how many packets of the same connections and direction are translated
   * @param senders the sender that they have, and the one that they should have
   * @param idle the least silence before them, where it is longer than any before
   */
  record Passed(
      Leg across,
      boolean resets,
      boolean reached,
      Untranslated.Ttls ttls,
      int packets,
      int translated,
      String senders,
      Optional<SilenceBefore> idle)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      if (isAlone()) {
        return String.format(
            "packets sent %s come from %s; their ports and sequence numbers are those of the"
                + " connection: a NAT did not translate them%s",
            Words.way(across), senders, resets ? ", and their receiver answers with RST" : "");
      }
      return String.format(
          "packets sent %s arrive at %s from %s: the NAT did not translate them%s",
          Words.way(across),
          across.far(),
          senders,
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
          .and("after_idle", idle.isPresent())
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
      List<Cause> causes = new ArrayList<>(translated > 0 ? List.of(nat, way) : List.of(way, nat));
      idle.filter(silence -> translated > 0)
          .ifPresent(silence -> causes.add(0, forgotten(silence, forNat, againstNat)));
      return causes;
    }

    private static Cause forgotten(
        SilenceBefore silence, List<String> supporting, List<String> against) {
      List<String> all = new ArrayList<>();
      all.add(
          String.format(
              "%s of silence before it; before that the connection survived %s at most",
              Words.time(silence.nanos()), Words.time(silence.survivedNanos())));
      all.addAll(supporting);
      return new Cause(
          "the NAT forgot the idle connection, and forwards its packets as they are",
          all,
          against,
          "RFC 5382, section 5");
    }

    @Override
    public String nextStep() {
      if (translated > 0 && idle.isPresent()) {
        return String.format(
            "raise the NAT's timeout for idle TCP connections (the timeout is at most %s), or send keep-alives"
                + " more often",
            Words.time(idle.get().nanos()));
      }
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
    Map<Shape, List<Found>> shapes = new LinkedHashMap<>();
    for (Untranslated one : comparison.untranslated()) {
      Found found = Found.of(comparison, one);
      shapes.computeIfAbsent(Shape.of(one, found.silence()), shape -> new ArrayList<>()).add(found);
    }
    shapes.forEach(
        (shape, all) -> {
          int packets = all.stream().mapToInt(found -> found.one().frames().size()).sum();
          int translated = all.stream().mapToInt(found -> found.one().translated()).sum();
          Passed passed =
              new Passed(
                  shape.across(),
                  shape.resets(),
                  shape.reached(),
                  shape.ttls(),
                  packets,
                  translated,
                  senders(all),
                  all.stream()
                      .map(Found::silence)
                      .filter(SilenceBefore::isLongest)
                      .min(Comparator.comparingLong(SilenceBefore::nanos)));
          all.forEach(found -> findings.add(passed, occurrence(found)));
        });
  }

  /** Such as {@code 10.0.0.5:9000 instead of 203.0.113.2:9000}; without ports that differ. */
  private static String senders(List<Found> all) {
    Untranslated one = all.get(0).one();
    long ports = all.stream().map(found -> found.one().seen()).distinct().count();
    return ports == 1
        ? one.seen() + " instead of " + one.expected()
        : one.seen().address()
            + " instead of "
            + one.expected().address()
            + ", as on other connections of the server";
  }

  private static Occurrence occurrence(Found found) {
    Untranslated one = found.one();
    return Occurrence.on(found.traced().id())
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
                .and("resets", one.resets())
                .and("idle_ms", found.silence().nanos() / 1e6));
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
