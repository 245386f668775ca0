package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.model.Numbers;
import org.mssbridge.model.Severity;

/** Packets of other protocols than TCP that passed the near point and did not arrive at the far. */
final class LostDatagrams {
  private static final double WARN_PERCENT = 1.0;

  /** Fewer in a row may be lost by chance. */
  private static final int LEAST_AT_END = 3;

  private LostDatagrams() {}

  /**
   * The losses of a protocol on a leg. Nothing in these protocols shows whether a packet passed a
   * capture that does not hold it.
   *
   * @param tooLarge how many of them are of sizes of which none arrives
   * @param refused how many are larger than the MTU of which ICMP told their sender
   * @param unknown packets of which the captures cannot show whether they arrived
   * @param lacking packets of the other direction that the far capture lacks too
   * @param stops flows of which nothing arrives from some packet on
   * @param atEnd how many of the packets are the last ones of these
   * @param silent flows of which nothing of this direction arrives
   * @param ofSilent how many of the packets are of these
   * @param dropped packets that the far capture dropped itself, if its statistics say
   * @param isAtNoneBeyond whether their flows go on to a further point, which does not hold them
   *     either
   */
  record Lost(
      FlowLegs.Key across,
      int packets,
      int tooLarge,
      int refused,
      long arrived,
      long unknown,
      long lacking,
      int stops,
      int atEnd,
      int silent,
      int ofSilent,
      OptionalLong dropped,
      boolean isAtNoneBeyond)
      implements Finding {
    @Override
    public List<Explanation> because() {
      if (isRefused()) {
        return List.of(
            new Explanation(
                PmtudTooBig.KIND,
                packets == 1
                    ? "it is larger than the MTU that ICMP reports"
                    : "all of them are larger than the MTU that ICMP reports"));
      }
      return tooLarge < packets
          ? List.of()
          : List.of(
              new Explanation(
                  PmtudProbablyBlackhole.KIND, "all of them are larger than what arrives"));
    }

    @Override
    public Kind kind() {
      return PathLost.KIND;
    }

    private boolean isRefused() {
      return refused == packets;
    }

    private long judged() {
      return packets + arrived;
    }

    @Override
    public Severity severity() {
      return !isRefused()
              && 100.0 * packets / judged() >= WARN_PERCENT
              && dropped.orElse(0) < packets
              && lacking < packets
          ? Severity.WARN
          : Severity.NOTE;
    }

    @Override
    public String message() {
      return String.format(
          "%s sent %s %s lost %s%s%s%s%s%s",
          Words.part(packets, judged(), across.packet()),
          Words.way(across.leg()),
          packets == 1 ? "was" : "were",
          across.leg().between(),
          Words.percent(packets, judged()),
          missed(),
          stopped(),
          silenced(),
          unknown == 0
              ? ""
              : "; the capture at "
                  + across.leg().far()
                  + " cannot show whether "
                  + Numbers.grouped(unknown)
                  + " more arrived");
    }

    private String stopped() {
      return stops == 0
          ? ""
          : String.format(
              "; %s the last of %s, of which nothing arrives any more",
              share(atEnd), Words.count(stops, "flow"));
    }

    private String silenced() {
      return silent == 0
          ? ""
          : String.format(
              "; %s all that %s %s in this direction",
              share(ofSilent), Words.count(silent, "flow"), silent == 1 ? "sends" : "send");
    }

    private String share(int part) {
      return part == packets ? "these are" : Numbers.grouped(part) + " of these are";
    }

    private boolean isWithoutDrops() {
      return dropped.isPresent() && dropped.getAsLong() == 0;
    }

    /**
     * Without acknowledgments, the capture's own statistics speak against this, or a later point.
     */
    private String missed() {
      return isRefused() || (lacking == 0 && (isAtNoneBeyond || isWithoutDrops()))
          ? ""
          : ", or missed by the capture at "
              + across.leg().far()
              + (lacking == 0
                  ? ""
                  : ", which also lacks " + Words.count(lacking, "packet") + " sent the other way");
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across.leg());
    }

    @Override
    public Facts facts() {
      return across
          .facts()
          .and("lost_packets", packets)
          .and("arrived_packets", arrived)
          .and("judged_packets", judged())
          .and("unknown_packets", unknown)
          .and("lacking_packets", lacking)
          .and("at_none_beyond", isAtNoneBeyond)
          .and("stopped_flows", stops)
          .and("stopped_packets", atEnd)
          .and("silent_flows", silent)
          .and("silent_packets", ofSilent)
          .and("lost_percent_of_judged_packets", Math.round(1e5 * packets / judged()) / 1e3);
    }

    @Override
    public String nextStep() {
      if (isRefused() || tooLarge == packets) {
        return "";
      }
      if (2 * ofSilent > packets && dropped.orElse(0) == 0) {
        return "look for what drops this direction of the flow "
            + across.leg().between()
            + ": a firewall, a rule; compare the routes: it may take another path, not past "
            + across.leg().far();
      }
      if (2 * atEnd > packets && dropped.orElse(0) == 0) {
        return "look for what changed "
            + across.leg().between()
            + " when the flow stops arriving: a firewall or NAT that forgot it, a rule, a route; compare"
            + " the routes: it may take another path since, not past "
            + across.leg().far();
      }
      return dropped.orElse(0) > 0
          ? "capture again without drops at "
              + across.leg().far()
              + ": its capture dropped "
              + Words.count(dropped.getAsLong(), "packet")
              + " itself, and these may be among them"
          : lacking >= packets
              ? "capture again without drops at "
                  + across.leg().far()
                  + ", and look whether some packets take another path, not past it"
              : "look for drops "
                  + across.leg().between()
                  + ": queues, policers, a bad link"
                  + (dropped.isPresent() || (isAtNoneBeyond && lacking == 0)
                      ? ""
                      : "; check the drop counter of the capture at " + across.leg().far());
    }
  }

  static void check(Evidence evidence, Findings findings) {
    FlowLegs.of(evidence).forEach((key, passages) -> check(evidence, key, passages, findings));
  }

  private static void check(
      Evidence evidence, FlowLegs.Key key, List<FlowPassage> passages, Findings findings) {
    List<Occurrence> occurrences = new ArrayList<>();
    long arrived = 0;
    long unknown = 0;
    int stops = 0;
    int atEnd = 0;
    int silent = 0;
    int ofSilent = 0;
    for (FlowPassage passage : passages) {
      arrived += passage.arrived();
      unknown += passage.unknown();
      if (passage.lostAtEnd() >= LEAST_AT_END) {
        stops++;
        atEnd += passage.lostAtEnd();
      }
      if (passage.isAllLost() && passage.lost().length >= LEAST_AT_END) {
        silent++;
        ofSilent += passage.lost().length;
      }
      for (int row : passage.lost()) {
        String what =
            Words.count(passage.near().contentBytes(row), "byte")
                + " never reached "
                + passage.farPoint();
        occurrences.add(FlowLegs.sent(passage, row, what));
      }
    }
    if (!occurrences.isEmpty()) {
      OptionalLong dropped =
          evidence.comparison().capture(key.leg().far()).coverage().droppedPackets();
      findings.add(
          new Lost(
              key,
              occurrences.size(),
              LargeDatagrams.lost(key, passages),
              passages.stream()
                  .mapToInt(passage -> TooBigDatagrams.refused(evidence.datagrams(), passage))
                  .sum(),
              arrived,
              unknown,
              lacking(evidence, key),
              stops,
              atEnd,
              silent,
              ofSilent,
              dropped,
              passages.stream()
                  .filter(passage -> passage.lost().length > 0)
                  .allMatch(passage -> goesOn(evidence, passage))),
          occurrences);
    }
  }

  /** Whether packets of a passage reach a further point: one that is lost is not there either. */
  private static boolean goesOn(Evidence evidence, FlowPassage passage) {
    return evidence.datagrams().passages(passage.flow()).stream()
        .filter(next -> next.nearPoint().equals(passage.farPoint()))
        .anyMatch(next -> next.direction() == passage.direction() && next.arrived() > 0);
  }

  /** What a point passed on, and its capture lacks: the next one holds it. */
  private static long lacking(Evidence evidence, FlowLegs.Key key) {
    return evidence.datagrams().passages().stream()
        .filter(each -> each.nearPoint().equals(key.leg().far()))
        .filter(each -> each.farPoint().equals(key.leg().near()))
        .mapToLong(each -> each.lackedByNear().length)
        .sum();
  }
}
