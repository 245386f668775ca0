package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Wording;

/** The packets of other protocols than TCP by leg and protocol, as findings sum them up. */
final class FlowLegs {
  private FlowLegs() {}

  /**
   * A protocol on a leg.
   *
   * @param protocol such as {@code UDP}
   */
  record Key(Leg leg, String protocol) {
    /** Such as {@code UDP packet}. */
    String packet() {
      return protocol + " packet";
    }

    Facts facts() {
      return leg.facts().and("protocol", protocol);
    }
  }

  /** All passages, those of one leg and protocol together. */
  static Map<Key, List<FlowPassage>> of(Evidence evidence) {
    Map<Key, List<FlowPassage>> all = new LinkedHashMap<>();
    for (FlowPassage passage : evidence.datagrams().passages()) {
      Leg leg = new Leg(passage.direction(), passage.nearPoint(), passage.farPoint());
      String protocol = passage.flow().at(passage.nearPoint()).orElseThrow().protocolName();
      all.computeIfAbsent(new Key(leg, protocol), key -> new ArrayList<>()).add(passage);
    }
    return all;
  }

  /** The words for one packet, made when they are asked for. */
  private record Words(FlowPassage passage, String what) implements Wording {
    @Override
    public String message() {
      return passage.name() + ": " + what;
    }

    @Override
    public Facts facts() {
      return Facts.of("flow", passage.name());
    }
  }

  /** A packet of the near point. */
  static Occurrence sent(FlowPassage passage, int nearRow, String what) {
    return Occurrence.anywhere()
        .at(passage.nearPoint(), passage.near().frame(nearRow))
        .saying(new Words(passage, what));
  }

  /** A packet of the far point. */
  static Occurrence arrived(FlowPassage passage, int farRow, String what) {
    return Occurrence.anywhere()
        .at(passage.farPoint(), passage.far().frame(farRow))
        .saying(new Words(passage, what));
  }

  /** A packet of both points. */
  static Occurrence crossed(FlowPassage passage, int nearRow, int farRow, String what) {
    return sent(passage, nearRow, what).at(passage.farPoint(), passage.far().frame(farRow));
  }
}
