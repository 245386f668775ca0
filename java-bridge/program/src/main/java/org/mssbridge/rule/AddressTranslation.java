package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Legs;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** NAT: an endpoint has another address or port at the next point (RFC 3022). */
final class AddressTranslation implements Rule {
  static final Kind SOURCE =
      new Kind(
          "nat.source",
          Severity.CHAT,
          Group.PROTOCOL,
          "the client's address or port is translated");
  static final Kind DESTINATION =
      new Kind(
          "nat.destination",
          Severity.CHAT,
          Group.PROTOCOL,
          "the server's address or port is translated");

  private static final int EXAMPLES = 5;

  /**
   * All translations of the client's or the server's endpoints on one leg.
   *
   * @param examples some mappings of addresses, or of endpoints if only ports change
   * @param addressesChanged connections whose address differs
   * @param portsChanged connections whose port differs
   * @param bothChanged connections whose address and port differ
   */
  record Translated(
      Kind kind,
      Leg across,
      List<String> examples,
      int mappings,
      int addressesChanged,
      int portsChanged,
      int bothChanged)
      implements Finding {
    @Override
    public String message() {
      String end = kind.equals(SOURCE) ? "the client" : "the server";
      String ports =
          bothChanged == 0
              ? ""
              : bothChanged == addressesChanged ? ", ports too" : ", some ports too";
      String more =
          mappings > 1
              ? String.format(" and %d other mapping%s", mappings - 1, mappings > 2 ? "s" : "")
              : "";
      return String.format(
          "%s is translated %s: %s%s%s", end, across.between(), examples.get(0), more, ports);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    /** None: an endpoint is translated in both directions. */
    @Override
    public Optional<Direction> direction() {
      return Optional.empty();
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("mappings", mappings)
          .and("examples", examples)
          .and("connections_with_port_changed", portsChanged);
    }
  }

  /** An endpoint that differs between the points. */
  private record Difference(PairedConnection pair, Endpoint near, Endpoint far) {
    String mapping() {
      return near.address().equals(far.address())
          ? near + " -> " + far
          : near.address() + " -> " + far.address();
    }

    Occurrence occurrence() {
      CapturePoint nearPoint = pair.nearPoint(Direction.C2S);
      CapturePoint farPoint = pair.farPoint(Direction.C2S);
      String before = near.toString();
      String after = far.toString();
      return Occurrence.on(pair.id())
          .at(nearPoint, pair.at(nearPoint).firstFrame())
          .at(farPoint, pair.at(farPoint).firstFrame())
          .saying(before + " became " + after)
          .with(Facts.of("near_endpoint", before).and("far_endpoint", after));
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(SOURCE, DESTINATION);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Leg, List<Difference>> sources = new LinkedHashMap<>();
    Map<Leg, List<Difference>> destinations = new LinkedHashMap<>();
    for (PairedConnection pair : evidence.passedPairs()) {
      Leg leg = Legs.of(pair, Direction.C2S);
      note(sources, leg, pair, Direction.C2S);
      note(destinations, leg, pair, Direction.S2C);
    }
    sources.forEach((leg, all) -> report(SOURCE, leg, all, findings));
    destinations.forEach((leg, all) -> report(DESTINATION, leg, all, findings));
    TranslatedFlows.check(evidence, findings);
  }

  /**
   * Notes the endpoint that sends in direction {@code from} if it differs; near and far are those
   * of client to server.
   */
  private static void note(
      Map<Leg, List<Difference>> all, Leg leg, PairedConnection pair, Direction from) {
    Endpoint near = pair.near(Direction.C2S).flow(from).sender();
    Endpoint far = pair.far(Direction.C2S).flow(from).sender();
    if (!near.equals(far)) {
      all.computeIfAbsent(leg, key -> new ArrayList<>()).add(new Difference(pair, near, far));
    }
  }

  private static void report(Kind kind, Leg leg, List<Difference> all, Findings findings) {
    Set<String> mappings = new HashSet<>();
    int addressesChanged = 0;
    int portsChanged = 0;
    int bothChanged = 0;
    for (Difference difference : all) {
      mappings.add(difference.mapping());
      boolean address = !difference.near().address().equals(difference.far().address());
      boolean port = difference.near().port() != difference.far().port();
      addressesChanged += address ? 1 : 0;
      portsChanged += port ? 1 : 0;
      bothChanged += address && port ? 1 : 0;
    }
    Translated translated =
        new Translated(
            kind,
            leg,
            mappings.stream().sorted().limit(EXAMPLES).toList(),
            mappings.size(),
            addressesChanged,
            portsChanged,
            bothChanged);
    all.forEach(difference -> findings.add(translated, difference.occurrence()));
  }
}
