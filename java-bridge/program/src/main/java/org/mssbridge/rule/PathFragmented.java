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
import org.mssbridge.flow.SegmentTable;
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
   * @param mixed those whose fragments are mixed with those of another packet
   * @param repeated fragments with content of another one
   * @param overlapping packets whose fragments overlap
   * @param overlappingIpv4 those of them that are IPv4
   * @param overlappingBefore those of them that overlap at the near point as well
   * @param packetBytes length of the largest IP packet
   * @param fragmentBytes length of the largest fragment
   * @param ipv6 whether all are IPv6
   */
  record Sum(
      int packets,
      int incomplete,
      int withoutFirst,
      int withoutLast,
      int mixed,
      int repeated,
      int overlapping,
      int overlappingIpv4,
      int overlappingBefore,
      int packetBytes,
      int fragmentBytes,
      boolean ipv6) {
    static final Sum NONE = new Sum(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true);

    Sum plus(Fragmentation.Packet packet, FragmentedPacket fragments, boolean isIpv6) {
      List<FragmentedPacket.Gap> gaps = packet.isLost() ? fragments.gaps() : List.of();
      return new Sum(
          packets + 1,
          incomplete + (packet.isLost() ? 1 : 0),
          withoutFirst + (gaps.stream().anyMatch(FragmentedPacket.Gap::isAtStart) ? 1 : 0),
          withoutLast + (gaps.stream().anyMatch(FragmentedPacket.Gap::isAtEnd) ? 1 : 0),
          mixed + (packet.isMixed() ? 1 : 0),
          repeated + fragments.repeated(),
          overlapping + (fragments.overlaps() > 0 ? 1 : 0),
          overlappingIpv4 + (fragments.overlaps() > 0 && !isIpv6 ? 1 : 0),
          overlappingBefore
              + (packet.near().filter(near -> near.overlaps() > 0).isPresent() ? 1 : 0),
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
      return sum.incomplete() + sum.mixed() > 0
          ? Severity.ERROR
          : sum.overlapping() > 0 ? Severity.WARN : Severity.NOTE;
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
      return packets + what() + lost() + mixed() + overlapping() + repeated();
    }

    private String mixed() {
      return sum.mixed() == 0
          ? ""
          : "; all fragments "
              + ofThem(sum.mixed())
              + " arrive, but mixed with those of an earlier packet that has the same"
              + " ID, so the receiver puts together the wrong ones";
    }

    private String overlapping() {
      if (sum.overlapping() == 0) {
        return "";
      }
      return String.format(
          "; the fragments %s overlap at %s%s: %s",
          ofThem(sum.overlapping()),
          point(),
          sum.overlappingBefore() == sum.overlapping() && way != Way.REASSEMBLED
              ? ", as they do at " + across.near()
              : "",
          dropped(sum.overlappingIpv4() == 0));
    }

    private CapturePoint point() {
      return way == Way.REASSEMBLED ? across.near() : across.far();
    }

    private String ofThem(int some) {
      return some == sum.packets()
          ? (sum.packets() == 1 ? "of it" : "of each")
          : "of " + some + " of them";
    }

    private String what() {
      String size =
          sum.withoutFirst() == sum.packets()
              ? " (what is missing would be one fragment of " + sum.fragmentBytes() + " bytes)"
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
      if (others > 0 || Math.min(sum.withoutFirst(), sum.withoutLast()) > 0) {
        return "; fragments " + ofThem(sum.incomplete()) + " are lost there";
      }
      return String.format(
          "; the %s fragment %s is lost there",
          sum.withoutLast() > 0 ? "last" : "first", ofThem(sum.incomplete()));
    }

    private String repeated() {
      return sum.repeated() == 0 || sum.overlapping() > 0
          ? ""
          : "; " + Words.count(sum.repeated(), "repeated fragment") + " not counted";
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("at", point().name())
          .and("packets", sum.packets())
          .and("incomplete_packets", sum.incomplete())
          .and("without_first_fragment", sum.withoutFirst())
          .and("without_last_fragment", sum.withoutLast())
          .and("mixed_packets", sum.mixed())
          .and("repeated_fragments", sum.repeated())
          .and("overlapping_packets", sum.overlapping())
          .and("largest_packet_bytes", sum.packetBytes())
          .and("largest_fragment_bytes", sum.fragmentBytes())
          .and("df_cleared", clearsDf);
    }

    @Override
    public String nextStep() {
      List<String> steps = new ArrayList<>();
      if (sum.overlapping() > 0) {
        steps.add(
            "find what makes overlapping fragments "
                + (sum.overlappingBefore() > 0 ? "before " + across.near() : across.between())
                + " and drop them there: no stack sends them");
      }
      if (!fit().isEmpty()) {
        steps.add(fit());
      }
      return String.join("; ", steps);
    }

    private String fit() {
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
              ? "stop the device that clears DF "
                  + across.between()
                  + " and let ICMP \"fragmentation needed\" reach the "
                  + Words.sender(across.direction())
                  + "; or "
              : "")
          + fit
          + pass;
    }
  }

  /** What becomes of a packet with overlapping fragments. */
  private static String dropped(boolean ipv6) {
    return ipv6
        ? "an IPv6 receiver must drop such a packet (RFC 8200, section 4.5)"
        : "a known way to get past filters (RFC 1858, section 4), and most receivers drop such a"
            + " packet";
  }

  /**
   * The fragments in the only capture.
   *
   * @param incomplete packets of which it lacks fragments
   * @param overlapping packets whose fragments overlap
   * @param ipv6 whether these are IPv6
   */
  record Seen(
      CapturePoint point, int packets, int incomplete, int repeated, int overlapping, boolean ipv6)
      implements Finding {
    @Override
    public Severity severity() {
      return overlapping > 0 ? Severity.WARN : Severity.NOTE;
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
              "%s in fragments at %s, %d incomplete",
              packets == 1 ? "1 TCP packet is" : packets + " TCP packets are", point, incomplete)
          + (overlapping == 0
              ? ""
              : String.format("; fragments of %d overlap: %s", overlapping, dropped(ipv6)));
    }

    @Override
    public Facts facts() {
      return Facts.of("at", point.name())
          .and("packets", packets)
          .and("incomplete_packets", incomplete)
          .and("repeated_fragments", repeated)
          .and("overlapping_packets", overlapping);
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

  /**
   * Incomplete packets at one of several points, of which no other has a counterpart.
   *
   * @param withoutFirst those that lack the first fragment, so that no connection is known
   * @param withoutLast those that lack the last fragment
   */
  record Untied(CapturePoint point, int packets, int withoutFirst, int withoutLast)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%s in fragments at %s %s incomplete%s, and no other point has a counterpart",
          Words.count(packets, "TCP packet"), point, packets == 1 ? "is" : "are", missing());
    }

    private String missing() {
      if (packets == 1) {
        return withoutFirst + withoutLast == 0
            ? ": a fragment in the middle is missing"
            : ": the "
                + (withoutFirst == 0 ? "last" : withoutLast == 0 ? "first" : "first and the last")
                + " fragment is missing";
      }
      return withoutFirst + withoutLast == 0
          ? ""
          : String.format(
              " (%d without the first fragment, %d without the last)", withoutFirst, withoutLast);
    }

    @Override
    public Facts facts() {
      return Facts.of("at", point.name())
          .and("packets", packets)
          .and("incomplete_packets", packets)
          .and("without_first_fragment", withoutFirst)
          .and("without_last_fragment", withoutLast);
    }

    @Override
    public String nextStep() {
      return "look for the missing fragments before "
          + point
          + ": they take another path, or a firewall drops them";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    FragmentsOfDatagrams.check(evidence, findings);
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
    int overlapping = 0;
    boolean ipv6 = true;
    List<Occurrence> occurrences = new ArrayList<>();
    for (int i = 0; i < fragments.size(); i++) {
      FragmentedPacket packet = fragments.packet(i);
      incomplete += packet.isComplete() ? 0 : 1;
      repeated += packet.repeated();
      if (packet.overlaps() > 0) {
        overlapping++;
        ipv6 &= packet.isIpv6();
      }
      occurrences.add(alone(capture.point(), packet));
    }
    findings.add(
        new Seen(capture.point(), fragments.size(), incomplete, repeated, overlapping, ipv6),
        occurrences);
  }

  private static Occurrence alone(CapturePoint point, FragmentedPacket packet) {
    return Occurrence.anywhere()
        .at(point, packet.frames())
        .saying(
            "a packet from "
                + packet.sender()
                + " to "
                + packet.receiver()
                + sizes(packet)
                + (packet.isComplete() ? "" : "; " + lacking(packet))
                + (packet.overlaps() > 0 ? "; its fragments overlap" : ""))
        .with(Facts.NONE.and("fragment_bytes", packet.ipBytes()));
  }

  /** Such as {@code the first fragment is missing}. */
  private static String lacking(FragmentedPacket packet) {
    List<FragmentedPacket.Gap> gaps = packet.gaps();
    boolean first = gaps.stream().anyMatch(FragmentedPacket.Gap::isAtStart);
    boolean last = gaps.stream().anyMatch(FragmentedPacket.Gap::isAtEnd);
    return (first && last
            ? "the first and the last fragment are"
            : first
                ? "the first fragment is"
                : last ? "the last fragment is" : "a fragment in the middle is")
        + " missing";
  }

  /** Fragments of which no other capture holds the packet say nothing of the path. */
  private static void noteUntied(Evidence evidence, PointCapture capture, Findings findings) {
    int complete = 0;
    int withoutFirst = 0;
    int withoutLast = 0;
    List<Occurrence> occurrences = new ArrayList<>();
    for (int i = 0; i < capture.fragments().size(); i++) {
      FragmentedPacket packet = capture.fragments().packet(i);
      if (evidence.isTied(capture.point(), packet)) {
        continue;
      }
      if (packet.isComplete()) {
        complete++;
      } else {
        List<FragmentedPacket.Gap> gaps = packet.gaps();
        withoutFirst += gaps.stream().anyMatch(FragmentedPacket.Gap::isAtStart) ? 1 : 0;
        withoutLast += gaps.stream().anyMatch(FragmentedPacket.Gap::isAtEnd) ? 1 : 0;
        occurrences.add(alone(capture.point(), packet));
      }
    }
    if (!occurrences.isEmpty()) {
      findings.add(
          new Untied(capture.point(), occurrences.size(), withoutFirst, withoutLast), occurrences);
    }
    if (complete > 0) {
      findings.unknown(
          String.format(
              "%s at %s %s in fragments, without a counterpart at another point",
              Words.count(complete, "TCP packet"), capture.point(), complete == 1 ? "is" : "are"));
    }
  }

  private static void check(
      Evidence evidence, Leg leg, Way way, List<Passage> passages, Findings findings) {
    Sum sum = Sum.NONE;
    boolean clearsDf = false;
    List<Occurrence> occurrences = new ArrayList<>();
    for (Passage passage : passages) {
      if (evidence.fragmentation(passage.pair(), leg.direction()).packets().isEmpty()) {
        continue;
      }
      boolean ipv6 = passage.pair().near(leg.direction()).isIpv6();
      List<Fragmentation.Packet> packets =
          evidence.fragmentation(passage.pair(), leg.direction()).packets().stream()
              .filter(packet -> way(packet) == way)
              .toList();
      if (way != Way.UNCHANGED || packets.stream().anyMatch(PathFragmented::isAmiss)) {
        for (Fragmentation.Packet packet : packets) {
          FragmentedPacket fragments = packet.far().or(packet::near).orElseThrow();
          sum = sum.plus(packet, fragments, ipv6);
          clearsDf |= !ipv6 && passage.near().table().dontFragment(packet.nearRow());
          occurrences.add(occurrence(passage, packet, fragments));
        }
      }
    }
    if (!occurrences.isEmpty()) {
      findings.add(new Fragmented(leg, way, sum, clearsDf && way == Way.FRAGMENTED), occurrences);
    }
  }

  /** Whether it is a finding though it is in fragments at both points. */
  private static boolean isAmiss(Fragmentation.Packet packet) {
    return packet.isLost()
        || packet.isMixed()
        || packet.far().orElseThrow().overlaps() > 0
        || packet.near().orElseThrow().overlaps() > 0;
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
                + (packet.isLost() || packet.isMixed() ? "; " + missing(packet) : "")
                + (fragments.overlaps() > 0 ? "; " + overlap(passage, packet) : ""))
        .with(
            Facts.of("packet_bytes", packet.packetBytes())
                .and("fragment_bytes", fragments.ipBytes())
                .and("incomplete", packet.isLost()));
  }

  /** Whether the receiver has what a packet with overlapping fragments carries. */
  private static String overlap(Passage passage, Fragmentation.Packet packet) {
    SegmentTable near = passage.near().table();
    int end = near.sequence(packet.nearRow()) + near.payloadBytes(packet.nearRow());
    return "its fragments overlap, and its data is "
        + (passage
                .pair()
                .near(passage.direction())
                .flow(passage.direction().reverse())
                .hasAcknowledged(end)
            ? "acknowledged in the end"
            : "never acknowledged");
  }

  /** Such as {@code bytes 1344 to 1447 of its data are missing}. */
  static String missing(Fragmentation.Packet packet) {
    if (packet.isMixed()) {
      return "its fragments are mixed with those of an earlier packet that has the same ID";
    }
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
