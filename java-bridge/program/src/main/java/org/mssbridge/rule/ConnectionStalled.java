package org.mssbridge.rule;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HeardHosts;
import org.mssbridge.evidence.LastArrival;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.SilenceBefore;
import org.mssbridge.evidence.SizeLimit;
import org.mssbridge.evidence.SmallerSince;
import org.mssbridge.evidence.StallTrace;
import org.mssbridge.evidence.StallTrace.Place;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.Undelivered;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** The last data of a direction, repeated and never acknowledged, and how far it got. */
final class ConnectionStalled implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.stalled",
          Severity.WARN,
          Group.SEQUENCE,
          "the last data is repeated and never acknowledged");

  /** Fewer losses of one segment may be chance (RFC 8899, section 5.1.2: MAX_PROBES). */
  private static final int LEAST_REPEATED = 3;

  /** Delays vary by more than less. */
  private static final long LEAST_SHOWN_NANOS = 1_000_000;

  /** No NAT or firewall in use forgets a connection sooner; RFC 5382 asks for two hours. */
  private static final long LEAST_FORGOTTEN_NANOS = 5_000_000_000L;

  /** What was on its way when the stall began has arrived by then. */
  private static final long LEAST_SENDING_NANOS = 1_000_000_000L;

  /** So many segments of the receiver show that it runs. */
  private static final int LEAST_SENDING = 2;

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    LatestCrossings crossings = new LatestCrossings(evidence);
    SmallerSince sizes = new SmallerSince(evidence);
    for (Life life : evidence.lives()) {
      for (Direction direction : Direction.values()) {
        CapturePoint nearest = ConnectionReset.nearest(life, direction);
        if (life.ending(nearest) instanceof Ending.Stalled stalled
            && stalled.direction() == direction
            && !evidence.isInBlackHole(life.connection(), direction) // It says more itself.
            && PmtudProbablyBlackhole.repeated(evidence, life, nearest).isEmpty() // So does this.
            && !isLostFin(evidence, life, stalled)) {
          report(evidence, life, nearest, stalled, crossings, sizes, findings);
        }
        CapturePoint receivers = ConnectionReset.nearest(life, direction.reverse());
        if (life.ending(receivers) instanceof Ending.WindowClosed closed
            && closed.direction() == direction) {
          ClosedWindow.report(life, receivers, closed, findings);
        }
      }
    }
  }

  /** Whether only a FIN is repeated, and lost segments without data are reported by themselves. */
  private static boolean isLostFin(Evidence evidence, Life life, Ending.Stalled stalled) {
    return stalled.repeated() == Ending.Repeated.FIN
        && (evidence.isControlLost(life.connection(), Direction.C2S)
            || evidence.isControlLost(life.connection(), Direction.S2C));
  }

  /** Whether a RST from a device on the way went to the receiver before the last repetition. */
  private static boolean isReceiverReset(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled) {
    Direction direction = stalled.direction();
    long lastNanos = life.at(point).flow(direction).table().timeNanos(stalled.lastRow());
    return life.connection().pairs().stream()
        .anyMatch(
            pair ->
                evidence
                    .injected(pair, direction)
                    .firstToEnd()
                    .filter(one -> !one.fin())
                    .map(one -> pair.farFlow(direction).table().timeNanos(one.row()))
                    .filter(
                        nanos ->
                            evidence.comparison().timeAt(point, pair.farPoint(direction), nanos)
                                < lastNanos)
                    .isPresent());
  }

  private static Stall.Reason reason(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    Direction direction = stalled.direction();
    if (trace.place() == Place.ANSWER_LOST) {
      return evidence.isControlLost(life.connection(), direction.reverse())
          ? Stall.Reason.ACKS_LOST
          : Stall.Reason.UNKNOWN;
    }
    if (trace.place() == Place.RESET_LOST) {
      return evidence.isResetLost(life.connection(), direction.reverse())
          ? Stall.Reason.RESETS_LOST
          : Stall.Reason.UNKNOWN;
    }
    if (trace.isSpoilt()) {
      return Stall.Reason.WRONG_CHECKSUM;
    }
    if (isUntranslatedBefore(evidence, life, point, stalled)) {
      return Stall.Reason.UNTRANSLATED;
    }
    if (isReceiverReset(evidence, life, point, stalled)) {
      return Stall.Reason.RST_INJECTED;
    }
    if (evidence.ignored(life.connection(), direction).isPresent()) {
      return Stall.Reason.IGNORED;
    }
    List<TooBigMessage> messages =
        evidence.tooBigs(life.connection().id()).stream()
            .filter(message -> message.direction() == direction && !PmtudBogus.isBogus(message))
            .toList();
    if (messages.isEmpty()) {
      return isInPart(evidence, life, stalled, trace)
          ? Stall.Reason.FRAGMENTED
          : Stall.Reason.UNKNOWN;
    }
    if (messages.stream().anyMatch(message -> refuses(evidence, message, life, stalled, trace))) {
      return Stall.Reason.REFUSED;
    }
    boolean lost =
        life.connection().pairs().stream()
            .anyMatch(
                pair ->
                    messages.stream()
                        .anyMatch(message -> PmtudLost.isLost(evidence, pair, message)));
    return lost ? Stall.Reason.TOO_BIG_LOST : Stall.Reason.TOO_BIG;
  }

  /** Whether a message from between the two points quotes the last copy of what is repeated. */
  private static boolean refuses(
      Evidence evidence,
      TooBigMessage message,
      Life life,
      Ending.Stalled stalled,
      StallTrace trace) {
    CapturePoint near = trace.near();
    boolean between =
        evidence
            .legOf(message)
            .filter(leg -> leg.near().equals(near) && leg.far().equals(trace.far()))
            .isPresent();
    if (!between || !near.equals(ConnectionReset.nearest(life, stalled.direction()))) {
      return false;
    }
    SegmentTable table = life.at(near).flow(stalled.direction()).table();
    return message
        .quote()
        .packets()
        .at(near)
        .filter(packet -> packet.frames().contains(table.frame(stalled.lastRow())))
        .isPresent();
  }

  /** Whether only fragments of what is repeated arrive at the next point. */
  private static boolean isInPart(
      Evidence evidence, Life life, Ending.Stalled stalled, StallTrace trace) {
    Direction direction = stalled.direction();
    boolean isFirstLeg = trace.near().equals(ConnectionReset.nearest(life, direction));
    return (trace.place() == Place.LOST || trace.place() == Place.FIRST_LOST)
        && life.connection().pairs().stream()
            .filter(pair -> isBetween(pair, trace))
            .map(pair -> evidence.fragmentation(pair, direction))
            .anyMatch(
                found ->
                    isFirstLeg // The rows of other points are others.
                        ? found.isInPart(stalled.firstRow(), stalled.lastRow())
                        : found.isInPart(0, Integer.MAX_VALUE));
  }

  /** Whether a NAT let packets of the connection pass as they are before it stalls. */
  private static boolean isUntranslatedBefore(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled) {
    long stalledNanos =
        life.at(point).flow(stalled.direction()).table().timeNanos(stalled.firstRow());
    return evidence.comparison().untranslated().stream()
        .filter(one -> life.endings().at(one.point()).isPresent())
        .filter(one -> life.at(one.point()).stream() == one.stream())
        .anyMatch(
            one ->
                nanos(life.at(one.point()).flow(one.direction()), one.frames().get(0))
                    < evidence.comparison().timeAt(one.point(), point, stalledNanos));
  }

  private static long nanos(Flow flow, int frame) {
    int row = flow.rowOf(frame);
    return row < 0 ? Long.MAX_VALUE : flow.table().timeNanos(row);
  }

  private static void report(
      Evidence evidence,
      Life life,
      CapturePoint point,
      Ending.Stalled stalled,
      LatestCrossings crossings,
      SmallerSince sizes,
      Findings findings) {
    StallTrace trace = StallTrace.of(evidence, life, point, stalled);
    boolean large =
        trace.dontFragment()
            && SizeLimit.canBeTooBig(
                life.at(point), stalled.segmentBytes(), trace.largestCrossedBytes())
            && !trace.near().equals(trace.far())
            && trace.place() != StallTrace.Place.UNANSWERED // What arrives is not too large.
            && stalled.segmentBytes() > trace.largestCrossedBytes();
    boolean isLost =
        trace.place() == StallTrace.Place.LOST || trace.place() == StallTrace.Place.FIRST_LOST;
    Optional<Undelivered> icmp = undelivered(life, point, stalled, trace);
    Stall.Reason reason = reason(evidence, life, point, stalled, trace);
    if (reason == Stall.Reason.UNKNOWN
        && icmp.filter(one -> !one.first().isRefusal()).isPresent()) {
      reason = Stall.Reason.TIME_EXCEEDED;
    }
    findings.add(
        new Stall(
            stalled.direction(),
            trace.place(),
            trace.near(),
            trace.far(),
            stalled.repeated(),
            silence(life.at(point), stalled),
            isTranslated(evidence, life, trace),
            reason,
            life.points().size() == 1 && evidence.comparison().path().size() > 1,
            isLost
                && crossings.areOthersMeanwhile(
                    life.connection(), trace, stalled, nanos(life.at(point), stalled)),
            icmp.map(found -> Stall.Icmp.of(evidence, life, stalled.direction(), found)),
            large,
            trace.place() == Place.UNANSWERED
                && reason == Stall.Reason.UNKNOWN
                && isReceiverSending(life.at(point), stalled),
            isServerHeard(evidence, life, point, stalled, trace),
            large
                && icmp.isEmpty()
                && reason == Stall.Reason.UNKNOWN
                && isProbablyTooLarge(evidence, life, stalled, trace),
            !large && icmp.isEmpty() && reason == Stall.Reason.UNKNOWN
                ? smallerSince(sizes, life, point, stalled, trace)
                : OptionalInt.empty()),
        occurrence(
            life,
            point,
            stalled,
            trace,
            reason,
            icmp,
            trace.place() == Place.LOST
                ? sinceWhen(evidence, life, trace, stalled.direction())
                : Optional.empty()));
  }

  /**
   * Whether the receiver sends data of its own again and again while it acknowledges nothing: it
   * runs. A single segment may have been on its way already.
   */
  private static boolean isReceiverSending(Connection seen, Ending.Stalled stalled) {
    Flow receiver = seen.flow(stalled.direction().reverse());
    SegmentTable table = receiver.table();
    long since = table.timeNanos(stalled.firstRow()) + LEAST_SENDING_NANOS;
    int sent = 0;
    for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
      boolean hasData = table.payloadBytes(row) > 0 || (table.flags(row) & TcpFlags.FIN) != 0;
      sent += row > stalled.firstRow() && hasData && table.timeNanos(row) >= since ? 1 : 0;
    }
    return sent >= LEAST_SENDING;
  }

  /** Whether the server, which what is repeated is for, sends on other connections meanwhile. */
  private static boolean isServerHeard(
      Evidence evidence, Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    // Behind a NAT, the address of a client is that of others too.
    if (stalled.direction() != Direction.C2S) {
      return false;
    }
    SegmentTable table = life.at(point).clientToServer().table();
    long from = table.timeNanos(stalled.firstRow()) + LEAST_SENDING_NANOS;
    long to = table.timeNanos(stalled.lastRow()) + LEAST_SENDING_NANOS;
    return Stream.of(trace.near(), trace.far())
        .filter(life.points()::contains)
        .anyMatch(
            one ->
                evidence
                    .heardHosts()
                    .sends(
                        life.at(one).server().address(),
                        new HeardHosts.Meanwhile(
                            one,
                            life.connection().id(),
                            evidence.comparison().timeAt(one, point, from),
                            evidence.comparison().timeAt(one, point, to))));
  }

  /** From the first transmission of what is repeated to the last. */
  private static long nanos(Connection seen, Ending.Stalled stalled) {
    SegmentTable table = seen.flow(stalled.direction()).table();
    return table.timeNanos(stalled.lastRow()) - table.timeNanos(stalled.firstRow());
  }

  private static Stall.Silence silence(Connection seen, Ending.Stalled stalled) {
    if (stalled.idleNanos() >= ConnectionReset.IDLE_NANOS) {
      return Stall.Silence.LONG;
    }
    return stalled.idleNanos() >= LEAST_FORGOTTEN_NANOS
            && SilenceBefore.of(seen, stalled.firstRow()).isLongest()
        ? Stall.Silence.LONGEST
        : Stall.Silence.SHORT;
  }

  /**
   * Whether size probably decides where the far capture cannot show what arrives: repeated often
   * enough, smaller data crossed, and nothing as large did on any connection to the same receiver.
   */
  private static boolean isProbablyTooLarge(
      Evidence evidence, Life life, Ending.Stalled stalled, StallTrace trace) {
    return (trace.place() == Place.UNKNOWN || trace.place() == Place.FIRST_LOST)
        && stalled.repeated() == Ending.Repeated.DATA
        && stalled.transmissions() >= LEAST_REPEATED
        && trace.largestCrossedBytes() > 0
        && life.connection().pairs().stream()
            .filter(pair -> isBetween(pair, trace))
            .allMatch(
                pair ->
                    evidence.largestCrossedBytes(pair, stalled.direction())
                        < stalled.segmentBytes());
  }

  /** The largest that crosses since a segment is repeated that is too large for a link by then. */
  private static OptionalInt smallerSince(
      SmallerSince sizes, Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    boolean canBe =
        trace.place() == Place.LOST
            && trace.near().equals(point)
            && trace.dontFragment()
            && stalled.repeated() == Ending.Repeated.DATA
            && SizeLimit.canBeTooBig(
                life.at(point), stalled.segmentBytes(), trace.largestCrossedBytes());
    return life.connection().pairs().stream()
        .filter(pair -> canBe && isBetween(pair, trace))
        .flatMapToInt(
            pair -> sizes.largestBytes(pair, stalled.direction(), stalled.firstRow()).stream())
        .findFirst();
  }

  /** ICMP is an answer where no point shows that the data, or an answer to it, got farther. */
  private static Optional<Undelivered> undelivered(
      Life life, CapturePoint point, Ending.Stalled stalled, StallTrace trace) {
    return switch (trace.place()) {
      case LOST, FIRST_LOST, UNKNOWN, UNANSWERED ->
          Undelivered.of(life.at(point).flow(stalled.direction()), stalled.firstRow());
      case ARRIVED, ANSWER_LOST, RESET_LOST, PROXY -> Optional.empty();
    };
  }

  private static boolean isTranslated(Evidence evidence, Life life, StallTrace trace) {
    return life.connection().pairs().stream()
        .filter(pair -> isBetween(pair, trace))
        .anyMatch(pair -> evidence.middlebox(pair).functions().contains(PathFunction.NAT));
  }

  /**
   * From when on nothing of the direction crosses the leg.
   *
   * @param frame the first segment at the near point that does not arrive
   */
  private record Since(LastArrival last, CapturePoint near, CapturePoint far, int frame) {
    String words() {
      return String.format(
          "; from frame %d at %s on nothing of this direction arrives at %s%s",
          frame,
          near,
          far,
          last.back() == 0
              ? ""
              : ", while "
                  + Words.count(last.back(), "segment")
                  + " of the other direction "
                  + (last.back() == 1 ? "does" : "do"));
    }
  }

  private static Optional<Since> sinceWhen(
      Evidence evidence, Life life, StallTrace trace, Direction direction) {
    for (PairedConnection pair : life.connection().pairs()) {
      if (isBetween(pair, trace)) {
        SegmentTable table = pair.nearFlow(direction).table();
        return evidence
            .lastArrival(pair, direction)
            .map(last -> new Since(last, trace.near(), trace.far(), table.frame(last.row())));
      }
    }
    return Optional.empty();
  }

  static boolean isBetween(PairedConnection pair, StallTrace trace) {
    return List.of(pair.nearPoint(Direction.C2S), pair.farPoint(Direction.C2S))
        .containsAll(List.of(trace.near(), trace.far()));
  }

  private static Occurrence occurrence(
      Life life,
      CapturePoint point,
      Ending.Stalled stalled,
      StallTrace trace,
      Stall.Reason reason,
      Optional<Undelivered> icmp,
      Optional<Since> since) {
    SegmentTable table = life.at(point).flow(stalled.direction()).table();
    long nanos = nanos(life.at(point), stalled);
    Occurrence occurrence =
        Occurrence.on(life.connection().id())
            .at(point, table.frame(stalled.firstRow()))
            .at(point, table.frame(stalled.lastRow()));
    if (stalled.resetRow() >= 0) {
      occurrence = occurrence.at(point, table.frame(stalled.resetRow()));
    }
    if (icmp.isPresent()) {
      occurrence = occurrence.at(point, icmp.get().frames());
    }
    String sender = Words.sender(stalled.direction());
    String idle =
        stalled.idleNanos() < ConnectionReset.LEAST_SILENCE_NANOS
            ? ""
            : "after " + Words.seconds(stalled.idleNanos()) + " of silence ";
    String what =
        switch (stalled.repeated()) {
          case DATA ->
              String.format(
                  "%s of the %s %s never acknowledged; the %s sends the first segment (%s) %s in %s",
                  Words.count(stalled.outstandingBytes(), "byte"),
                  sender,
                  stalled.outstandingBytes() > 1 ? "are" : "is",
                  sender,
                  Words.count(stalled.segmentBytes(), "byte"),
                  Words.count(stalled.transmissions(), "time"),
                  Words.seconds(nanos));
          case FIN ->
              String.format(
                  "the FIN of the %s is never acknowledged; the %s sends it %s in %s",
                  sender,
                  sender,
                  Words.count(stalled.transmissions(), "time"),
                  Words.seconds(nanos));
          case KEEP_ALIVE ->
              String.format(
                  "%s of the %s in %s get no answer",
                  Words.count(stalled.transmissions(), "keep-alive"), sender, Words.seconds(nanos));
        };
    return occurrence
        .waiting(nanos)
        .saying(
            life.name(point)
                + ": "
                + idle
                + what
                + (reason == Stall.Reason.REFUSED
                    ? ""
                    : shown(trace, stalled.repeated() == Ending.Repeated.DATA))
                + since.map(Since::words).orElse("")
                + icmp.map(ConnectionStalled::quotes).orElse("")
                + (stalled.resetRow() >= 0
                    ? "; then the "
                        + sender
                        + " gives up and resets the connection (frame "
                        + table.frame(stalled.resetRow())
                        + ")"
                    : ""))
        .with(
            Facts.of("outstanding_bytes", stalled.outstandingBytes())
                .and("idle_ms", stalled.idleNanos() / 1e6)
                .and("segment_bytes", stalled.segmentBytes())
                .and("transmissions", stalled.transmissions())
                .and("arrived", trace.arrived())
                .and("stalled_s", nanos / 1e9)
                .and("largest_crossed_segment_bytes", trace.largestCrossedBytes()));
  }

  private static String quotes(Undelivered icmp) {
    int frames = icmp.frames().size();
    return String.format(
        "; %s quotes it in frame %d%s",
        icmp.text(), icmp.frames().get(0), frames > 1 ? " and " + (frames - 1) + " more" : "");
  }

  /** What the far capture shows of it. */
  private static String shown(StallTrace trace, boolean isData) {
    String sizes =
        isData && trace.largestCrossedBytes() > 0
            ? "; the largest segment that crossed has "
                + Words.count(trace.largestCrossedBytes(), "byte")
            : "";
    return switch (trace.place()) {
      case UNKNOWN ->
          (-trace.farLastNanos() < LEAST_SHOWN_NANOS
                  ? ""
                  : String.format(
                      "; the last packet of the capture at %s is %s earlier than the first of them"
                          + " should arrive",
                      trace.far(), Spans.text(-trace.farLastNanos())))
              + sizes;
      case FIRST_LOST ->
          "; the first is not at "
              + trace.far()
              + (trace.farLastNanos() < LEAST_SHOWN_NANOS
                  ? ""
                  : ", where the last packet of the capture is "
                      + Spans.text(trace.farLastNanos())
                      + " later than it should arrive")
              + sizes;
      case LOST ->
          String.format(
              "; none of them arrives%s at %s, whose capture goes on for %s%s",
              isData ? " whole" : "", trace.far(), Words.seconds(trace.farLastNanos()), sizes);
      case UNANSWERED, ARRIVED, ANSWER_LOST, RESET_LOST ->
          trace.near().equals(trace.far())
              ? ""
              : "; " + trace.arrived() + " of them" + " reached " + trace.far();
      case PROXY -> "";
    };
  }
}
