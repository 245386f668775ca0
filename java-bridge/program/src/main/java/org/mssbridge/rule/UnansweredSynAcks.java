package org.mssbridge.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Opening;
import org.mssbridge.evidence.PlainSegments;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.finding.Wording;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * SYN/ACKs that pass the last point on their way to the client, and that nothing answers there: the
 * handshake stays half open.
 *
 * @param synAcks where they are seen: the last point is that nearest to the client
 * @param once whether the server sent one and did not repeat it
 * @param asksAgain whether the client repeats its SYN after them: it does not get them
 * @param clientAnswersOthers whether that capture holds segments of this client without SYN, FIN
 *     and RST
 */
record UnansweredSynAcks(
    UnansweredSegments synAcks, boolean once, boolean asksAgain, boolean clientAnswersOthers)
    implements Finding {
  /** An answer takes a round trip between that point and the client; hardly any takes as long. */
  static final long WAIT_NANOS = 3_000_000_000L;

  @Override
  public Kind kind() {
    return ConnectionUnanswered.KIND;
  }

  /** A server that repeats its SYN/ACK got no answer; one without a repetition tells less. */
  @Override
  public Severity severity() {
    return once ? Severity.NOTE : kind().severity();
  }

  @Override
  public List<Explanation> because() {
    return synAcks.because();
  }

  @Override
  public String message() {
    return synAcks.message(
        "are never answered",
        asksAgain ? " (the client repeats its SYN, so it does not get them)" : "",
        /* elsewhere= */ "");
  }

  @Override
  public Facts facts() {
    return synAcks
        .facts(/* answeredInTheEnd= */ false)
        .and("client_repeats_syn", asksAgain)
        .and("client_answers_others", clientAnswersOthers);
  }

  @Override
  public Optional<SecondCapture> secondCapture() {
    return Optional.of(
        SecondCapture.near(
            Direction.C2S, "whether the SYN/ACKs arrive there, and whether the client answers"));
  }

  @Override
  public String nextStep() {
    if (synAcks.wrongChecksum()) {
      return "";
    }
    String drops = "look for what drops SYN/ACKs behind " + synAcks.last();
    if (asksAgain || clientAnswersOthers) {
      return drops
          + ": a firewall or NAT that has no state for them, because the SYN took another way, or"
          + " a filter for this server";
    }
    return "see whether these clients exist: forged addresses (a SYN flood; SYN cookies help) and"
        + " clients that are gone look like this; if they do, "
        + drops
        + ", such as a route that leads elsewhere";
  }

  static void check(Evidence evidence, Findings findings) {
    Map<CapturePoint, Set<String>> answering = new HashMap<>();
    boolean single = evidence.comparison().path().size() == 1;
    for (TracedConnection traced : evidence.comparison().connections()) {
      if ((single || !traced.isOneSided()) && isHalfOpen(traced)) {
        CapturePoint last = Evidence.nearestSender(traced, Direction.C2S);
        PointCapture capture = evidence.comparison().capture(last);
        HalfOpen half = HalfOpen.of(traced.at().at(last).orElseThrow());
        Set<String> clients = answering.computeIfAbsent(last, point -> answering(capture));
        if (Reach.endNanos(capture) - half.firstNanos() >= WAIT_NANOS
            && (half.synAcks() > 1 || !clients.isEmpty())) {
          findings.add(
              new UnansweredSynAcks(
                  UnansweredSegments.of(evidence, traced, last, Direction.S2C),
                  half.synAcks() == 1,
                  half.asksAgain(),
                  clients.contains(half.seen().client().address())),
              half.occurrence(traced, last));
        }
      }
    }
  }

  /** Whether no point has more of the client than its SYN, and each has a SYN/ACK after it. */
  private static boolean isHalfOpen(TracedConnection traced) {
    for (CapturePoint point : traced.at().points()) {
      if (!isHalfOpen(traced.at().at(point).orElseThrow())) {
        return false;
      }
    }
    return true;
  }

  /** The same at one point. */
  static boolean isHalfOpen(Connection seen) {
    Flow client = seen.clientToServer();
    Flow server = seen.serverToClient();
    return client.segments() == client.handshakes()
        && seen.hasSyn()
        && server.firstHandshakeRow() >= 0
        && server.firstRow() == server.firstHandshakeRow()
        && server.unreachables().isEmpty()
        && client.table().isTimed();
  }

  /**
   * The clients of which a capture holds plain segments; where there is none, a capture filter may
   * keep those out.
   */
  private static Set<String> answering(PointCapture capture) {
    Set<String> clients = new HashSet<>();
    for (Connection seen : capture.connections()) {
      if (PlainSegments.areIn(seen.clientToServer())) {
        clients.add(seen.client().address());
      }
    }
    return clients;
  }

  /**
   * A half-open connection as the last point saw it.
   *
   * @param synAcks how often the server sent its SYN/ACK there
   * @param firstNanos when it did for the first time
   * @param waitedNanos from the first to the last
   * @param asksAgain whether the client repeats its SYN after one
   */
  record HalfOpen(
      Connection seen, int synAcks, long firstNanos, long waitedNanos, boolean asksAgain) {
    static HalfOpen of(Connection seen) {
      int synAcks = 0;
      long firstNanos = 0;
      long lastNanos = 0;
      for (Segment sent : seen.serverToClient().handshake()) {
        long nanos = sent.timeNanos();
        if (TcpFlags.isSynAck(sent.flags())
            && (synAcks == 0 || nanos - lastNanos >= Opening.LEAST_PAUSE_NANOS)) {
          firstNanos = synAcks == 0 ? nanos : firstNanos;
          lastNanos = nanos;
          synAcks++;
        }
      }
      Flow client = seen.clientToServer();
      boolean asksAgain =
          client.table().timeNanos(client.lastRow()) - firstNanos >= Opening.LEAST_PAUSE_NANOS;
      return new HalfOpen(seen, synAcks, firstNanos, lastNanos - firstNanos, asksAgain);
    }

    Occurrence occurrence(TracedConnection traced, CapturePoint last) {
      List<Integer> frames =
          seen.serverToClient().handshake().stream()
              .filter(sent -> TcpFlags.isSynAck(sent.flags()))
              .map(Segment::frame)
              .toList();
      return Occurrence.on(traced.id())
          .at(last, frames)
          .waiting(waitedNanos)
          .saying(new Said(this, last));
    }
  }

  /** The words of an occurrence, of which a flood has a million. */
  private record Said(HalfOpen half, CapturePoint last) implements Wording {
    @Override
    public String message() {
      return String.format(
          "%s to %s: %s at %s%s, and no answer",
          half.seen().client(),
          half.seen().server(),
          Words.count(half.synAcks(), "SYN/ACK"),
          last,
          half.synAcks() == 1 ? "" : " in " + Words.seconds(half.waitedNanos()));
    }

    @Override
    public Facts facts() {
      return Facts.of("unanswered_syn_acks", half.synAcks())
          .and("waited_s", half.waitedNanos() / 1e9);
    }
  }
}
