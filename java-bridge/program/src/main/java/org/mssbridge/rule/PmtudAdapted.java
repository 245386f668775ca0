package org.mssbridge.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LatestRanges;
import org.mssbridge.evidence.Legs;
import org.mssbridge.evidence.Passage;
import org.mssbridge.evidence.SizeFall;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** A sender that sends smaller segments after a loss, because of ICMP or a timeout. */
final class PmtudAdapted implements Rule {
  static final Kind KIND =
      new Kind(
          "pmtud.adapted",
          Severity.CHAT,
          Group.SEQUENCE,
          "after a loss the sender's segments become smaller");

  private static final int ETHERNET_MTU = 1500;

  /**
   * Segments that become smaller.
   *
   * @param afterIcmp whether the sender received a message that asks for it
   * @param lost whether larger ones are lost between the points
   * @param blind whether no capture holds such a message
   */
  record Adapted(
      Direction inDirection,
      Optional<Leg> across,
      int fromBytes,
      int toBytes,
      boolean afterIcmp,
      boolean lost,
      boolean blind)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String nextStep() {
      return blind
          ? "look for a link with a smaller MTU "
              + across.get().between()
              + " whose ICMP is lost; where the captures were made with a filter that leaves ICMP"
              + " out, such as \"tcp\", capture again with \"tcp or icmp or icmp6\""
          : "";
    }

    @Override
    public String message() {
      return String.format(
          "the sender goes from segments of %d to %d bytes after %s",
          fromBytes,
          toBytes,
          afterIcmp
              ? "an ICMP message"
              : blind
                  ? "a loss, and no capture holds ICMP that asks for it"
                  : lost ? "a loss" : "repeating them in vain");
    }

    @Override
    public Optional<Leg> leg() {
      return across;
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public List<Explanation> because() {
      return afterIcmp
          ? List.of(new Explanation(PmtudTooBig.KIND, "the sender received the message"))
          : List.of();
    }

    @Override
    public Facts facts() {
      return across
          .map(Leg::facts)
          .orElse(Facts.NONE)
          .and("from_bytes", fromBytes)
          .and("to_bytes", toBytes)
          .and("told_by_icmp", afterIcmp);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(Change.of("largest segment", fromBytes, toBytes));
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Set<Integer> found = new HashSet<>();
    for (Passage passage : evidence.passages()) {
      if (passage.alignment().lost().size() > 0
          && new Search(passage.pair(), passage.direction(), evidence).run(findings)) {
        found.add(number(passage.pair().id(), passage.direction()));
      }
    }
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        if (!found.contains(number(traced.id(), direction))) {
          evidence
              .sizeFall(traced, direction)
              .ifPresent(fall -> report(traced, direction, fall, findings));
        }
      }
    }
  }

  private static int number(int connection, Direction direction) {
    return 2 * connection + (direction == Direction.C2S ? 0 : 1);
  }

  /** Reports a fall that the sender's own capture shows, whatever is lost between the points. */
  private static void report(
      TracedConnection traced, Direction direction, SizeFall fall, Findings findings) {
    CapturePoint point = Evidence.nearestSender(traced, direction);
    SegmentTable table = traced.at().at(point).orElseThrow().flow(direction).table();
    long nanos = table.timeNanos(fall.againRow()) - table.timeNanos(fall.firstRow());
    findings.add(
        new Adapted(
            direction,
            Optional.empty(),
            fall.fromBytes(),
            fall.toBytes(),
            fall.afterIcmp(),
            /* lost= */ false,
            /* blind= */ false),
        Occurrence.on(traced.id())
            .at(point, table.frame(fall.firstRow()))
            .at(point, table.frame(fall.againRow()))
            .saying(
                String.format(
                    "segments fall from %d to %d bytes, %s after %s",
                    fall.fromBytes(),
                    fall.toBytes(),
                    Spans.text(nanos),
                    fall.transmissions() == 1
                        ? "the first one was sent"
                        : "the first of " + fall.transmissions() + " transmissions"))
            .with(
                Facts.NONE
                    .and("after_ms", Math.round(nanos / 1e3) / 1000.0)
                    .and("transmissions", fall.transmissions())));
  }

  private static final class Search {
    private final PairedConnection pair;
    private final Direction direction;
    private final LongList tooBigNanos;
    private final SegmentTable table;
    private final Alignment.Sightings near;
    private final boolean hasTooBig;
    private int searchFrom;

    Search(PairedConnection pair, Direction direction, Evidence evidence) {
      this.pair = pair;
      this.direction = direction;
      hasTooBig = !evidence.tooBigs(pair.id()).isEmpty();
      tooBigNanos = tooBigNanos(pair, direction, evidence);
      table = pair.nearFlow(direction).table();
      near = pair.alignment(direction).near();
    }

    /** The times of the ICMP messages about this direction at the near point, ascending. */
    private static LongList tooBigNanos(
        PairedConnection pair, Direction direction, Evidence evidence) {
      LongList nanos = new LongList();
      evidence.tooBigs(pair.id()).stream()
          .filter(message -> message.direction() == direction)
          .flatMap(message -> message.seen().at(pair.nearPoint(direction)).stream())
          .mapToLong(TooBig::timeNanos)
          .sorted()
          .forEach(nanos::add);
      return nanos;
    }

    /** Whether there is any. */
    boolean run(Findings findings) {
      boolean found = false;
      Alignment.Ranges lost = pair.alignment(direction).lost();
      int[] next = nextTransmissions(lost);
      for (int i = 0; i < lost.size(); i++) {
        int index = lost.index()[i];
        if (index < searchFrom) {
          continue;
        }
        int from = wireBytes(index, (int) (lost.end()[i] - lost.start()[i]));
        int again = next[i];
        if (again < 0 || near.peers()[again] == 0) {
          continue;
        }
        int to = wireBytes(again, table.payloadBytes(near.row()[again]));
        if (to < from) {
          report(index, again, from, to, findings);
          searchFrom = again;
          found = true;
        }
      }
      return found;
    }

    /** The size on the wire of a segment or of its lost part: offload cuts at the MSS limit. */
    private int wireBytes(int index, int bytes) {
      int row = near.row()[index];
      var limit = pair.near(direction).mssLimit(direction);
      if (limit.isEmpty()) {
        return bytes;
      }
      int options = table.optionBytes(row);
      int headerBytes = IpFamily.of(pair.near(direction).isIpv6()).tcpIpBytes() + options;
      int payloadBytes = table.payloadBytes(row);
      int largestPeerBytes = near.largestPeerBytes()[index];
      boolean cut = near.peers()[index] > 0 && largestPeerBytes < payloadBytes;
      boolean supersegment =
          (cut && payloadBytes > limit.getAsInt()) || payloadBytes + headerBytes > ETHERNET_MTU;
      return supersegment ? Math.min(bytes, limit.getAsInt() - options) : bytes;
    }

    /**
     * For each range, the next transmission that carries its first byte, -1 where there is none.
     */
    private int[] nextTransmissions(Alignment.Ranges lost) {
      int[] next = new int[lost.size()];
      LatestRanges later = new LatestRanges();
      int i = lost.size() - 1;
      for (int index = near.size() - 1; index >= 0 && i >= 0; index--) {
        for (; i >= 0 && lost.index()[i] == index; i--) {
          next[i] = later.at(lost.start()[i]);
        }
        long start = near.start()[index];
        later.put(start, start + table.payloadBytes(near.row()[index]), index);
      }
      return next;
    }

    private void report(int index, int again, int from, int to, Findings findings) {
      long lostNanos = table.timeNanos(near.row()[index]);
      long againNanos = table.timeNanos(near.row()[again]);
      boolean afterIcmp =
          tooBigNanos.countBelow(againNanos + 1) > tooBigNanos.countBelow(lostNanos);
      double afterMs = (againNanos - lostNanos) / 1e6;
      SegmentTable farTable = pair.farFlow(direction).table();
      findings.add(
          new Adapted(
              direction,
              Optional.of(Legs.of(pair, direction)),
              from,
              to,
              afterIcmp,
              /* lost= */ true,
              /* blind= */ !afterIcmp && !hasTooBig),
          Occurrence.on(pair.id())
              .at(pair.nearPoint(direction), table.frame(near.row()[index]))
              .at(pair.nearPoint(direction), table.frame(near.row()[again]))
              .at(pair.farPoint(direction), farTable.frame(near.peerRow()[again]))
              .saying(
                  String.format(
                      "segments fall from %d to %d bytes, %s after the loss",
                      from, to, Spans.text(againNanos - lostNanos)))
              .with(Facts.NONE.and("after_ms", Math.round(afterMs * 1000) / 1000.0)));
    }
  }
}
