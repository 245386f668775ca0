package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/** NAT of flows of other protocols than TCP. */
final class TranslatedFlows {
  private static final int EXAMPLES = 5;

  private TranslatedFlows() {}

  /**
   * All translations of one end of a protocol's flows on one leg.
   *
   * @param examples some mappings
   */
  record Translated(Kind kind, FlowLegs.Key across, List<String> examples, int mappings, int flows)
      implements Finding {
    @Override
    public String message() {
      return String.format(
          "the %s of %s is translated %s: %s%s",
          kind.equals(AddressTranslation.SOURCE) ? "client" : "server",
          Words.count(flows, across.protocol() + " flow"),
          across.leg().between(),
          examples.get(0),
          mappings == 1 ? "" : " and " + Words.count(mappings - 1L, "other mapping"));
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    /** None: an end is translated in both directions. */
    @Override
    public Optional<Direction> direction() {
      return Optional.empty();
    }

    @Override
    public Facts facts() {
      return across.facts().and("mappings", mappings).and("examples", examples).and("flows", flows);
    }
  }

  /** The mappings of one end. */
  private static final class Mappings {
    private final TreeSet<String> all = new TreeSet<>();
    private final List<Occurrence> occurrences = new ArrayList<>();
  }

  private record Group(Kind kind, FlowLegs.Key across) {}

  static void check(Evidence evidence, Findings findings) {
    Map<Group, Mappings> groups = new LinkedHashMap<>();
    for (Datagrams.FlowSighting seen : evidence.datagrams().sightings()) {
      note(groups, AddressTranslation.SOURCE, seen, Direction.C2S);
      note(groups, AddressTranslation.DESTINATION, seen, Direction.S2C);
    }
    groups.forEach(
        (group, mappings) ->
            findings.add(
                new Translated(
                    group.kind(),
                    group.across(),
                    mappings.all.stream().limit(EXAMPLES).toList(),
                    mappings.all.size(),
                    mappings.occurrences.size()),
                mappings.occurrences));
  }

  /** Notes the end that sends in a direction if it differs between the points. */
  private static void note(
      Map<Group, Mappings> groups, Kind kind, Datagrams.FlowSighting seen, Direction from) {
    DatagramFlow near = seen.flow().at(seen.near()).orElseThrow();
    DatagramFlow far = seen.flow().at(seen.far()).orElseThrow();
    Endpoint before = near.sender(seen.flow().at(seen.near(), from));
    Endpoint after = far.sender(seen.flow().at(seen.far(), from));
    if (before.equals(after)) {
      return;
    }
    FlowLegs.Key across =
        new FlowLegs.Key(new Leg(Direction.C2S, seen.near(), seen.far()), near.protocolName());
    Mappings mappings = groups.computeIfAbsent(new Group(kind, across), key -> new Mappings());
    mappings.all.add(
        before.address().equals(after.address())
            ? near.text(before) + " -> " + far.text(after)
            : before.address() + " -> " + after.address());
    mappings.occurrences.add(
        Occurrence.anywhere()
            .at(seen.near(), near.firstFrame())
            .at(seen.far(), far.firstFrame())
            .saying(near.protocolName() + " " + near.text(before) + " became " + far.text(after))
            .with(
                Facts.of("near_endpoint", near.text(before)).and("far_endpoint", far.text(after))));
  }
}
