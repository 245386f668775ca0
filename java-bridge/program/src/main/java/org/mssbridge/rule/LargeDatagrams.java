package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;

/** UDP packets above a size of which none arrives, such as probes for the path MTU (RFC 8899). */
final class LargeDatagrams {
  private static final int UDP_BYTES = 8;
  private static final String UDP = "UDP";

  /** Hosts must take packets of this size; no link in use has less. */
  private static final int IPV4_USUAL_BYTES = 576;

  /** Fewer may be lost by chance. */
  private static final int LEAST_LOST = 3;

  private static final int LEAST_CROSSED = 10;

  /** Where more of the smaller ones are lost too, large ones may be lost like these. */
  private static final double MOST_OTHERS_LOST = 0.1;

  /** Who probes sends few of them (RFC 8899, section 5.1.2, has 3 for a size). */
  private static final double MOST_PROBES = 0.1;

  private LargeDatagrams() {}

  /**
   * Sizes that do not arrive.
   *
   * @param areRare whether these are few, as probes for the path MTU are
   * @param lost how many of these are lost: all that were sent
   * @param leastLostBytes the smallest of them, as an IP packet
   * @param mostCrossedBytes the largest that arrives
   */
  record Vanishing(Leg across, boolean areRare, int lost, int leastLostBytes, int mostCrossedBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return PmtudProbablyBlackhole.KIND;
    }

    /** Who probes for the path MTU loses such packets on purpose. */
    @Override
    public Severity severity() {
      return areRare ? Severity.NOTE : PmtudProbablyBlackhole.KIND.severity();
    }

    @Override
    public String message() {
      return String.format(
          "all %d UDP packets of %d bytes or more sent %s are lost %s, those of up to %d bytes"
              + " arrive: probably the path MTU is less than %d",
          lost,
          leastLostBytes,
          Words.way(across),
          across.between(),
          mostCrossedBytes,
          leastLostBytes);
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("protocol", UDP)
          .and("lost_packets", lost)
          .and("smallest_lost_bytes", leastLostBytes)
          .and("largest_crossed_bytes", mostCrossedBytes);
    }

    @Override
    public String nextStep() {
      return "nothing where the sender probes for the path MTU, as QUIC does, and goes on with smaller"
          + " packets; else let it send at most "
          + mostCrossedBytes
          + " bytes with the headers, and look for the device "
          + across.between()
          + " that drops larger ones";
    }
  }

  /** Path MTUs belong to destinations (RFC 8899, section 1). */
  private record Path(FlowLegs.Key across, String destination) implements Comparable<Path> {
    private static final Comparator<Path> ORDER =
        Comparator.comparing((Path path) -> path.across().leg().near().name())
            .thenComparing(path -> path.across().leg().far().name())
            .thenComparing(path -> path.across().leg().direction())
            .thenComparing(Path::destination);

    @Override
    public int compareTo(Path other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * What vanishes on one path.
   *
   * @param passages the flows that take it
   */
  private record Found(Vanishing finding, List<FlowPassage> passages, List<Occurrence> lost) {
    /** Whether ICMP tells the senders, so that there is no black hole. */
    boolean isTold(Evidence evidence) {
      return passages.stream()
          .flatMapToInt(passage -> TooBigDatagrams.toldMtu(evidence.datagrams(), passage).stream())
          .anyMatch(mtu -> mtu < finding.leastLostBytes());
    }
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence)
        .forEach(
            (key, passages) ->
                found(key, passages).stream()
                    .filter(each -> !each.isTold(evidence))
                    .forEach(each -> findings.add(each.finding(), each.lost())));
  }

  /** How many packets are lost of sizes of which none arrives. */
  static int lost(FlowLegs.Key key, List<FlowPassage> passages) {
    return found(key, passages).stream().mapToInt(each -> each.lost().size()).sum();
  }

  private static List<Found> found(FlowLegs.Key key, List<FlowPassage> passages) {
    if (!key.protocol().equals(UDP)) {
      return List.of();
    }
    Map<Path, List<FlowPassage>> paths = new TreeMap<>();
    for (FlowPassage passage : passages) {
      DatagramFlow there = passage.flow().at(passage.farPoint()).orElseThrow();
      Direction back = passage.flow().at(passage.farPoint(), passage.direction());
      paths
          .computeIfAbsent(
              new Path(key, there.sender(back.reverse()).address()), path -> new ArrayList<>())
          .add(passage);
    }
    return paths.values().stream().flatMap(each -> onPath(key.leg(), each).stream()).toList();
  }

  private static Optional<Found> onPath(Leg leg, List<FlowPassage> passages) {
    if (passages.stream().allMatch(passage -> passage.lost().length == 0)) {
      return Optional.empty();
    }
    int[] crossed = new int[2];
    int inPart = 0;
    for (FlowPassage passage : passages) {
      inPart += passage.partial().size();
      passage.forEachCrossing(
          (near, far, isCertain) -> {
            crossed[0]++;
            crossed[1] = Math.max(crossed[1], ipBytes(passage.near(), near));
          });
    }
    List<Occurrence> large = new ArrayList<>();
    int others = 0;
    int least = Integer.MAX_VALUE;
    for (FlowPassage passage : passages) {
      for (int row : passage.lost()) {
        int bytes = ipBytes(passage.near(), row);
        if (bytes > Math.max(crossed[1], usualBytes(passage.near().isIpv6(row)))
            && passage.near().dontFragment(row)
            && !passage.isAllLost()) {
          large.add(FlowLegs.sent(passage, row, bytes + " bytes never reached " + leg.far()));
          least = Math.min(least, bytes);
        } else {
          others++;
        }
      }
    }
    if (large.size() >= LEAST_LOST
        && crossed[0] >= LEAST_CROSSED
        && others <= MOST_OTHERS_LOST * crossed[0]
        && inPart == 0) {
      boolean areRare = large.size() <= MOST_PROBES * crossed[0];
      Vanishing finding = new Vanishing(leg, areRare, large.size(), least, crossed[1]);
      return Optional.of(new Found(finding, passages, large));
    }
    return Optional.empty();
  }

  /** What every link on the way lets pass (RFC 791, section 3.2; RFC 8200, section 5). */
  private static int usualBytes(boolean isIpv6) {
    return isIpv6 ? IpFamily.IPV6.leastMtuBytes() : IPV4_USUAL_BYTES;
  }

  /** Length of a packet of UDP with its headers. */
  static int ipBytes(DatagramTable table, int row) {
    return table.contentBytes(row) + UDP_BYTES + IpFamily.of(table.isIpv6(row)).headerBytes();
  }
}
