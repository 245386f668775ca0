package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FragmentLimit;
import org.mssbridge.evidence.Fragmentation;
import org.mssbridge.evidence.Passage;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.FragmentedPacket;
import org.mssbridge.flow.Fragments;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/** IP packets that are whole at one point and in fragments at the other, and fragments lost. */
final class PathFragmented implements Rule {
  static final Kind KIND =
      new Kind(
          "path.fragmented",
          Severity.NOTE,
          Group.PROTOCOL,
          "IP packets are fragmented or reassembled between the points");

  private static final int MOST_LISTED = 5;

  /** What happens to packets between the points. */
  enum Way {
    FRAGMENTED,
    REASSEMBLED,
    /** In fragments at both points; a finding only where fragments are lost. */
    UNCHANGED
  }

  /**
   * What all packets of a leg have in common.
   *
   * @param packets their number
   * @param incomplete those of which fragments are lost
   * @param withoutFirst those that lack the first fragment
   * @param withoutLast those that lack the last fragment
   * @param repeated fragments with content of another one
   * @param packetBytes length of the largest IP packet
   * @param fragmentBytes length of the largest fragment
   * @param ipv6 whether all are IPv6
   */
  record Sum(
      int packets,
      int incomplete,
      int withoutFirst,
      int withoutLast,
      int repeated,
      int packetBytes,
      int fragmentBytes,
      boolean ipv6) {
    static final Sum NONE = new Sum(0, 0, 0, 0, 0, 0, 0, true);

    Sum plus(Fragmentation.Packet packet, FragmentedPacket fragments, boolean isIpv6) {
      List<FragmentedPacket.Gap> gaps = packet.isLost() ? fragments.gaps() : List.of();
      return new Sum(
          packets + 1,
          incomplete + (packet.isLost() ? 1 : 0),
          withoutFirst + (gaps.stream().anyMatch(FragmentedPacket.Gap::isAtStart) ? 1 : 0),
          withoutLast + (gaps.stream().anyMatch(FragmentedPacket.Gap::isAtEnd) ? 1 : 0),
          repeated + fragments.repeated(),
          Math.max(packetBytes, packet.packetBytes()),
          Math.max(fragmentBytes, FragmentLimit.bytes(packet, fragments)),
          ipv6 && isIpv6);
    }

    /** The MSS with which packets are no larger than the largest fragment. */
    int mssBytes() {
      return fragmentBytes - IpFamily.of(ipv6).tcpIpBytes();
    }
  }

  /**
   * The fragmented packets of a leg.
   *
   * @param clearsDf whether their DF flag is cleared as well
   */
  record Fragmented(Leg across, Way way, Sum sum, boolean clearsDf) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      return sum.incomplete() > 0 ? Severity.ERROR : Severity.NOTE;
    }

    @Override
    public String message() {
      String packets =
          Words.count(sum.packets(), "packet")
              + " of up to "
              + sum.packetBytes()
              + " bytes sent "
              + Words.way(across)
              + (sum.packets() == 1 ? " is " : " are ");
      return packets + what() + lost() + repeated();
    }

    private String what() {
      String size =
          sum.withoutFirst() == sum.packets()
              ? " (the first fragment would have "
                  + sum.fragmentBytes()
                  + " bytes, if what is missing is one)"
              : " (the largest fragment has " + sum.fragmentBytes() + " bytes)";
      return switch (way) {
        case FRAGMENTED -> "fragmented " + across.between() + size;
        case REASSEMBLED ->
            "in fragments at " + across.near() + " and reassembled " + across.between() + size;
        case UNCHANGED -> "in fragments at both points" + size;
      };
    }

    private String lost() {
      if (sum.incomplete() == 0) {
        return "";
      }
      int others = sum.incomplete() - Math.max(sum.withoutFirst(), sum.withoutLast());
      String which =
          others > 0 || Math.min(sum.withoutFirst(), sum.withoutLast()) > 0
              ? "fragments are"
              : sum.withoutLast() > 0 ? "the last fragment is" : "the first fragment is";
      return String.format(
          "; of %s %s lost there",
          sum.incomplete() == sum.packets()
              ? (sum.packets() == 1 ? "it" : "all")
              : sum.incomplete() + " of them",
          which);
    }

    private String repeated() {
      return sum.repeated() == 0
          ? ""
          : "; " + Words.count(sum.repeated(), "repeated or overlapping fragment") + " not counted";
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("at", way == Way.REASSEMBLED ? across.near().name() : across.far().name())
          .and("packets", sum.packets())
          .and("incomplete_packets", sum.incomplete())
          .and("without_first_fragment", sum.withoutFirst())
          .and("without_last_fragment", sum.withoutLast())
          .and("repeated_fragments", sum.repeated())
          .and("largest_packet_bytes", sum.packetBytes())
          .and("largest_fragment_bytes", sum.fragmentBytes())
          .and("df_cleared", clearsDf);
    }

    @Override
    public String nextStep() {
      if (way == Way.REASSEMBLED) {
        return "";
      }
      String pass =
          sum.incomplete() == 0
              ? ""
              : "; or let the firewalls " + across.between() + " pass fragments";
      if (way == Way.UNCHANGED) {
        return pass.replace("; or ", "");
      }
      IpFamily family = IpFamily.of(sum.ipv6());
      String fit =
          sum.mssBytes() >= family.defaultMssBytes()
              ? "clamp the MSS to %d or less %s (%d - %d: what fits the largest fragment)"
                  .formatted(
                      sum.mssBytes(), across.between(), sum.fragmentBytes(), family.tcpIpBytes())
              : "find the device %s that makes fragments of only %d bytes"
                  .formatted(across.between(), sum.fragmentBytes());
      return (clearsDf
              ? "turn off the clearing of DF "
                  + across.between()
                  + " and let ICMP \"fragmentation needed\" reach the "
                  + Words.sender(across.direction())
                  + "; or "
              : "")
          + fit
          + pass;
    }
  }

  /**
   * The fragments in the only capture.
   *
   * @param incomplete packets of which it lacks fragments
   */
  record Seen(CapturePoint point, int packets, int incomplete, int repeated) implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s in fragments at %s, %d incomplete",
          packets == 1 ? "1 TCP packet is" : packets + " TCP packets are", point, incomplete);
    }

    @Override
    public Facts facts() {
      return Facts.of("at", point.name())
          .and("packets", packets)
          .and("incomplete_packets", incomplete)
          .and("repeated_fragments", repeated);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          new SecondCapture(
              "nearer the sender of these packets",
              Optional.empty(),
              "whether they are whole there, and which fragments are lost after that",
              /* whole= */ true,
              "sender",
              /* again= */ false));
    }

    @Override
    public String nextStep() {
      return "compare with a capture nearer the sender to see where they are fragmented";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    List<PointCapture> captures = evidence.comparison().captures();
    if (captures.size() == 1) {
      checkAlone(captures.get(0), findings);
    } else {
      captures.forEach(capture -> noteUntied(evidence, capture, findings));
    }
    evidence
        .passagesByLeg()
        .forEach(
            (leg, passages) -> {
              for (Way way : Way.values()) {
                check(evidence, leg, way, passages, findings);
              }
            });
  }

  private static void checkAlone(PointCapture capture, Findings findings) {
    Fragments fragments = capture.fragments();
    int incomplete = 0;
    int repeated = 0;
    List<Occurrence> occurrences = new ArrayList<>();
    for (int i = 0; i < fragments.size(); i++) {
      FragmentedPacket packet = fragments.packet(i);
      incomplete += packet.isComplete() ? 0 : 1;
      repeated += packet.repeated();
      occurrences.add(
          Occurrence.anywhere()
              .at(capture.point(), packet.frames())
              .saying(
                  "a packet from "
                      + packet.source()
                      + " to "
                      + packet.destination()
                      + sizes(packet)
                      + (packet.isComplete() ? "" : "; it is incomplete"))
              .with(Facts.NONE.and("fragment_bytes", packet.ipBytes())));
    }
    findings.add(new Seen(capture.point(), fragments.size(), incomplete, repeated), occurrences);
  }

  /** Fragments of which no other capture holds the packet say nothing of the path. */
  private static void noteUntied(Evidence evidence, PointCapture capture, Findings findings) {
    int untied = 0;
    int incomplete = 0;
    for (int i = 0; i < capture.fragments().size(); i++) {
      FragmentedPacket packet = capture.fragments().packet(i);
      if (!evidence.isTied(capture.point(), packet)) {
        untied++;
        incomplete += packet.isComplete() ? 0 : 1;
      }
    }
    if (untied > 0) {
      findings.checked(
          String.format(
              "%s at %s %s in fragments, %d incomplete, without a counterpart at another point",
              Words.count(untied, "TCP packet"),
              capture.point(),
              untied == 1 ? "is" : "are",
              incomplete));
    }
  }

  private static void check(
      Evidence evidence, Leg leg, Way way, List<Passage> passages, Findings findings) {
    Sum sum = Sum.NONE;
    boolean clearsDf = false;
    List<Occurrence> occurrences = new ArrayList<>();
    for (Passage passage : passages) {
      boolean ipv6 = passage.pair().near(leg.direction()).isIpv6();
      for (var packet : evidence.fragmentation(passage.pair(), leg.direction()).packets()) {
        if (way(packet) == way) {
          FragmentedPacket fragments = packet.far().or(packet::near).orElseThrow();
          sum = sum.plus(packet, fragments, ipv6);
          clearsDf |= !ipv6 && passage.near().table().dontFragment(packet.nearRow());
          occurrences.add(occurrence(passage, packet, fragments));
        }
      }
    }
    if (way != Way.UNCHANGED || sum.incomplete() > 0) {
      findings.add(new Fragmented(leg, way, sum, clearsDf && way == Way.FRAGMENTED), occurrences);
    }
  }

  private static Way way(Fragmentation.Packet packet) {
    return packet.near().isEmpty()
        ? Way.FRAGMENTED
        : packet.far().isEmpty() ? Way.REASSEMBLED : Way.UNCHANGED;
  }

  private static Occurrence occurrence(
      Passage passage, Fragmentation.Packet packet, FragmentedPacket fragments) {
    Occurrence occurrence = passage.occurrence();
    if (packet.near().isPresent()) {
      occurrence = occurrence.at(passage.nearPoint(), packet.near().get().frames());
    } else {
      int frame = passage.near().table().frame(packet.nearRow());
      occurrence = occurrence.at(passage.nearPoint(), frame);
    }
    if (packet.far().isPresent()) {
      occurrence = occurrence.at(passage.farPoint(), packet.far().get().frames());
    } else {
      int peerRow = passage.alignment().near().peerRow()[packet.transmission()];
      occurrence = occurrence.at(passage.farPoint(), passage.far().table().frame(peerRow));
    }
    return occurrence
        .saying(
            "a packet of "
                + packet.packetBytes()
                + " bytes"
                + sizes(fragments)
                + (packet.isLost() ? "; " + missing(packet) : ""))
        .with(
            Facts.of("packet_bytes", packet.packetBytes())
                .and("fragment_bytes", fragments.ipBytes())
                .and("incomplete", packet.isLost()));
  }

  /** Such as {@code bytes 1344 to 1447 of its data are missing}. */
  static String missing(Fragmentation.Packet packet) {
    List<String> ranges = new ArrayList<>();
    int dataBytes = packet.contentBytes() - packet.headerBytes();
    for (FragmentedPacket.Gap gap : packet.far().orElseThrow().gaps()) {
      int first = Math.max(0, gap.start() - packet.headerBytes());
      int end = gap.end().orElse(packet.contentBytes()) - packet.headerBytes();
      if (end > first && first < dataBytes) {
        ranges.add(first + " to " + (end - 1));
      }
    }
    return ranges.isEmpty()
        ? "a part of its header is missing"
        : "bytes " + few(ranges) + " of its data are missing";
  }

  /** Such as {@code , in fragments of 1396 and 124 bytes}. */
  private static String sizes(FragmentedPacket packet) {
    List<String> bytes = packet.ipBytes().stream().map(String::valueOf).toList();
    return (bytes.size() == 1 ? ", a fragment of " : ", fragments of ") + few(bytes) + " bytes";
  }

  private static String few(List<String> texts) {
    return texts.size() > MOST_LISTED
        ? String.join(", ", texts.subList(0, MOST_LISTED)) + " and others"
        : texts.size() == 1
            ? texts.get(0)
            : String.join(", ", texts.subList(0, texts.size() - 1))
                + " and "
                + texts.get(texts.size() - 1);
  }
}
