package org.mssbridge.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.mssbridge.datagram.Datagrams;
import org.mssbridge.datagram.FlowPassage;
import org.mssbridge.datagram.TracedFlow;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.DatagramError;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Severity;

/** ICMP says that a packet of UDP is too big (RFC 1191, section 4; RFC 8899, section 4.6). */
final class TooBigDatagrams {
  /** Who probes for a larger MTU sends few. */
  private static final int MOST_PROBES = 2;

  /** A host may take that long to heed a message: what it had queued before goes on. */
  private static final long HEEDED_NANOS = 1_000_000_000L;

  private static final String UDP = "UDP";

  private TooBigDatagrams() {}

  /**
   * Messages of one sender about one direction.
   *
   * @param points the points that saw them, in path order
   * @param isIgnored whether the sender of the packets got them and goes on with packets as large
   */
  record Reported(
      Direction inDirection,
      boolean ipv6,
      String sender,
      int mtuBytes,
      List<String> points,
      boolean isIgnored)
      implements Finding {
    Reported {
      points = List.copyOf(points);
    }

    @Override
    public Kind kind() {
      return PmtudTooBig.KIND;
    }

    @Override
    public Severity severity() {
      return isIgnored ? Severity.WARN : Severity.NOTE;
    }

    @Override
    public String message() {
      return String.format(
          "%s from %s at %s: %s for UDP packets sent %s%s",
          ipv6 ? "ICMPv6 \"packet too big\"" : "ICMP \"fragmentation needed\"",
          sender,
          String.join(" and ", points),
          mtuBytes > 0 ? "MTU " + mtuBytes : "no MTU",
          inDirection.words(),
          isIgnored ? ", whose sender goes on with larger ones" : "");
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return Facts.of("protocol", UDP)
          .and("sender", sender)
          .and("mtu_bytes", mtuBytes)
          .and("seen_at", points)
          .and("ignored", isIgnored);
    }

    @Override
    public String nextStep() {
      return isIgnored
          ? "let the "
              + Words.sender(inDirection)
              + " send smaller packets, or without the DF flag; until then look at the link behind "
              + sender
          : "";
    }
  }

  /** Messages that a point nearer the sender of the packets does not see. */
  record Lost(Leg across, String sender, int mtuBytes) implements Finding {
    @Override
    public Kind kind() {
      return PmtudLost.KIND;
    }

    @Override
    public String message() {
      return String.format(
          "ICMP from %s with %s about UDP packets is seen at %s and never reaches %s, where its"
              + " receiver is",
          sender, mtuBytes > 0 ? "MTU " + mtuBytes : "no MTU", across.far(), across.near());
    }

    @Override
    public Optional<Leg> leg() {
      return Optional.of(across);
    }

    @Override
    public Facts facts() {
      return across.facts().and("protocol", UDP).and("sender", sender).and("mtu_bytes", mtuBytes);
    }

    @Override
    public String nextStep() {
      return "let ICMP pass " + across.between();
    }
  }

  static void check(Evidence evidence, Findings findings) {
    for (TracedFlow flow : evidence.datagrams().flows()) {
      for (Direction direction : Direction.values()) {
        check(evidence, flow, direction, findings);
      }
    }
  }

  private static void check(
      Evidence evidence, TracedFlow flow, Direction direction, Findings findings) {
    Datagrams datagrams = evidence.datagrams();
    List<PerPoint<DatagramError>> messages = tooBigs(datagrams, flow, direction);
    if (messages.isEmpty()) {
      return;
    }
    boolean isIgnored =
        datagrams
            .nearestSender(flow, direction)
            .filter(
                point ->
                    messages.stream()
                        .flatMap(each -> each.at(point).stream())
                        .anyMatch(each -> isIgnored(datagrams, flow, direction, point, each)))
            .isPresent();
    for (PerPoint<DatagramError> message : messages) {
      CapturePoint first = message.points().iterator().next();
      DatagramError error = message.at(first).orElseThrow();
      String name = flow.name(first, direction);
      Occurrence occurrence =
          Occurrence.anywhere().saying(name + ": a packet is too big").with(Facts.of("flow", name));
      for (CapturePoint point : message.points()) {
        occurrence = occurrence.at(point, message.at(point).orElseThrow().frame());
      }
      findings.add(
          new Reported(
              direction,
              error.icmp().ipv6(),
              error.sender(),
              error.mtuBytes(),
              message.points().stream().map(CapturePoint::name).toList(),
              isIgnored),
          occurrence);
      for (FlowPassage passage : datagrams.passages(flow)) {
        if (passage.direction() == direction) {
          checkLost(evidence, passage, message, findings);
        }
      }
    }
  }

  /** The "too big" messages about what a flow sends in a direction. */
  private static List<PerPoint<DatagramError>> tooBigs(
      Datagrams datagrams, TracedFlow flow, Direction direction) {
    return datagrams.errors(flow, direction).stream()
        .filter(each -> each.at(each.points().iterator().next()).orElseThrow().icmp().isTooBig())
        .toList();
  }

  /** The least MTU of which messages at the near point tell the sender; empty without any. */
  static OptionalInt toldMtu(Datagrams datagrams, FlowPassage passage) {
    return tooBigs(datagrams, passage.flow(), passage.direction()).stream()
        .flatMap(each -> each.at(passage.nearPoint()).stream())
        .mapToInt(DatagramError::mtuBytes)
        .filter(mtu -> mtu > 0)
        .min();
  }

  /** How many of the packets that are lost on a leg are larger than that MTU. */
  static int refused(Datagrams datagrams, FlowPassage passage) {
    int[] lost = passage.lost();
    OptionalInt mtu = lost.length == 0 ? OptionalInt.empty() : toldMtu(datagrams, passage);
    return mtu.isEmpty()
        ? 0
        : (int)
            Arrays.stream(lost)
                .filter(row -> LargeDatagrams.ipBytes(passage.near(), row) > mtu.getAsInt())
                .count();
  }

  private static boolean isIgnored(
      Datagrams datagrams,
      TracedFlow flow,
      Direction direction,
      CapturePoint point,
      DatagramError error) {
    DatagramTable table = datagrams.tables().get(point);
    int larger = 0;
    for (DatagramFlow each : flow.parts(point)) {
      for (int row : table.rows(each, flow.at(point, direction))) {
        if (table.timeNanos(row) > error.timeNanos() + HEEDED_NANOS
            && table.dontFragment(row)
            && LargeDatagrams.ipBytes(table, row) > error.mtuBytes()) {
          larger++;
        }
      }
    }
    return error.mtuBytes() > 0 && larger > MOST_PROBES;
  }

  private static void checkLost(
      Evidence evidence, FlowPassage passage, PerPoint<DatagramError> message, Findings findings) {
    CapturePoint near = passage.nearPoint();
    CapturePoint far = passage.farPoint();
    Optional<DatagramError> there = message.at(far);
    if (there.isEmpty() || message.at(near).isPresent()) {
      return;
    }
    OptionalLong nanos = evidence.datagrams().timeAt(near, far, there.get().timeNanos());
    if (nanos.isPresent()
        && evidence.comparison().capture(near).coverage().contains(nanos.getAsLong())) {
      String name = passage.name();
      findings.add(
          new Lost(
              new Leg(passage.direction(), near, far),
              there.get().sender(),
              there.get().mtuBytes()),
          Occurrence.anywhere()
              .at(far, there.get().frame())
              .saying(name + ": its sender does not learn of it")
              .with(Facts.of("flow", name)));
    }
  }
}
