package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.FragmentedDatagram;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/**
 * UDP packets that are fragmented or reassembled between the points, or of which fragments are
 * lost.
 */
final class FragmentsOfDatagrams {
  private static final int UDP_BYTES = 8;

  private FragmentsOfDatagrams() {}

  /** What happens to the packets. */
  enum Way {
    FRAGMENTED,
    REASSEMBLED,
    UNCHANGED
  }

  /**
   * What the packets of a way add up to.
   *
   * @param withoutFirst those of which the first fragment is lost
   * @param withoutLast those of which the last one is
   * @param packetBytes the largest packet when whole
   * @param fragmentBytes the largest fragment before the last one; 0 where only last ones are there
   */
  record Sum(
      int packets,
      int incomplete,
      int withoutFirst,
      int withoutLast,
      int packetBytes,
      int fragmentBytes,
      boolean clearsDf,
      boolean ipv6) {
    static final Sum NONE = new Sum(0, 0, 0, 0, 0, 0, false, false);

    Sum plus(int bytes, FragmentedDatagram part, boolean isLost, boolean isClearing, boolean isV6) {
      return new Sum(
          packets + 1,
          incomplete + (isLost ? 1 : 0),
          withoutFirst + (isLost && part.lacksFirst() ? 1 : 0),
          withoutLast + (isLost && part.lacksLast() ? 1 : 0),
          Math.max(packetBytes, bytes),
          Math.max(fragmentBytes, part.largestBytes()),
          clearsDf || isClearing,
          ipv6 || isV6);
    }
  }

  record Fragmented(FlowLegs.Key across, Way way, Sum sum) implements Finding {
    @Override
    public Kind kind() {
      return PathFragmented.KIND;
    }

    @Override
    public Severity severity() {
      return sum.incomplete() > 0 ? Severity.ERROR : Severity.NOTE;
    }

    @Override
    public String message() {
      return String.format(
          "%s of up to %d bytes sent %s %s %s%s%s",
          Words.count(sum.packets(), across.packet()),
          sum.packetBytes(),
          Words.way(across.leg()),
          sum.packets() == 1 ? "is" : "are",
          switch (way) {
            case FRAGMENTED -> "fragmented " + across.leg().between();
            case REASSEMBLED ->
                "in fragments at "
                    + across.leg().near()
                    + " and reassembled "
                    + across.leg().between();
            case UNCHANGED -> "in fragments at both points";
          },
          sum.fragmentBytes() == 0
              ? ""
              : " (the largest fragment has " + sum.fragmentBytes() + " bytes)",
          lost());
    }

    private String lost() {
      if (sum.incomplete() == 0) {
        return "";
      }
      String which =
          sum.withoutFirst() == sum.incomplete() && sum.withoutLast() == 0
              ? "the first fragment"
              : sum.withoutLast() == sum.incomplete() && sum.withoutFirst() == 0
                  ? "the last fragment"
                  : "a fragment";
      return sum.packets() == 1
          ? "; " + which + " of it is lost there"
          : "; " + which + " of " + sum.incomplete() + " of them is lost there";
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("at", (way == Way.REASSEMBLED ? across.leg().near() : across.leg().far()).name())
          .and("packets", sum.packets())
          .and("incomplete_packets", sum.incomplete())
          .and("without_first_fragment", sum.withoutFirst())
          .and("without_last_fragment", sum.withoutLast())
          .and("largest_packet_bytes", sum.packetBytes())
          .and("largest_fragment_bytes", sum.fragmentBytes())
          .and("df_cleared", sum.clearsDf());
    }

    @Override
    public String nextStep() {
      String pass = "let the firewalls " + across.leg().between() + " pass fragments";
      if (way == Way.UNCHANGED) {
        return pass;
      }
      if (way == Way.REASSEMBLED) {
        return "";
      }
      int dataBytes = sum.fragmentBytes() - IpFamily.of(sum.ipv6()).headerBytes() - UDP_BYTES;
      return (sum.fragmentBytes() == 0
              ? "let the application send smaller packets"
              : "let the application send no more than "
                  + dataBytes
                  + " bytes of data in a packet ("
                  + sum.fragmentBytes()
                  + " with the headers: what fits the largest fragment)")
          + (sum.clearsDf() ? "; stop the device that clears DF " + across.leg().between() : "")
          + (sum.incomplete() > 0 ? "; or " + pass : "");
    }
  }

  private static final class Seen {
    private final List<Occurrence> occurrences = new ArrayList<>();
    private Sum sum = Sum.NONE;
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence).forEach((key, passages) -> check(key, passages, findings));
  }

  private static void check(FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    Map<Way, Seen> ways = new EnumMap<>(Way.class);
    for (FlowPassage passage : passages) {
      if (!passage.near().fragments().isEmpty() || !passage.far().fragments().isEmpty()) {
        check(passage, ways);
      }
    }
    ways.forEach((way, seen) -> findings.add(new Fragmented(key, way, seen.sum), seen.occurrences));
  }

  private static void check(FlowPassage passage, Map<Way, Seen> ways) {
    DatagramTable near = passage.near();
    passage.forEachCrossing(
        (nearRow, farRow, isCertain) -> {
          Optional<FragmentedDatagram> before = near.fragments().of(nearRow);
          Optional<FragmentedDatagram> after = passage.far().fragments().of(farRow);
          if (before.isPresent() != after.isPresent()) {
            Way way = after.isPresent() ? Way.FRAGMENTED : Way.REASSEMBLED;
            FragmentedDatagram part = after.or(() -> before).orElseThrow();
            Seen seen = ways.computeIfAbsent(way, key -> new Seen());
            boolean isClearing = after.isPresent() && near.dontFragment(nearRow);
            seen.sum = plus(seen.sum, near, nearRow, part, false, isClearing);
            String what =
                Words.count(near.contentBytes(nearRow), "byte")
                    + " of data in "
                    + Words.count(part.count(), "fragment");
            seen.occurrences.add(
                FlowLegs.sent(passage, nearRow, what)
                    .at(passage.farPoint(), passage.far().frame(farRow)));
          }
        });
    for (FlowPassage.Partial each : passage.partial()) {
      boolean isWhole = near.fragments().of(each.nearRow()).isEmpty();
      FragmentedDatagram part = each.fragments();
      Seen seen = ways.computeIfAbsent(isWhole ? Way.FRAGMENTED : Way.UNCHANGED, key -> new Seen());
      seen.sum =
          plus(seen.sum, near, each.nearRow(), part, true, isWhole && isSet(near, each.nearRow()));
      String what =
          Words.count(near.contentBytes(each.nearRow()), "byte")
              + " of data, of which only "
              + Words.count(part.count(), "fragment")
              + (part.count() == 1 ? " arrives" : " arrive");
      seen.occurrences.add(
          FlowLegs.sent(passage, each.nearRow(), what).at(passage.farPoint(), part.firstFrame()));
    }
  }

  private static boolean isSet(DatagramTable table, int row) {
    return table.dontFragment(row) && !table.isIpv6(row);
  }

  private static Sum plus(
      Sum sum,
      DatagramTable near,
      int row,
      FragmentedDatagram part,
      boolean isLost,
      boolean isClearing) {
    boolean ipv6 = near.isIpv6(row);
    int bytes = near.contentBytes(row) + UDP_BYTES + IpFamily.of(ipv6).headerBytes();
    return sum.plus(bytes, part, isLost, isClearing && !ipv6, ipv6);
  }
}
