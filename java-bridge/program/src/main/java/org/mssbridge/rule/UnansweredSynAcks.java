package org.mssbridge.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.PlainSegments;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

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
  @Override
  public Kind kind() {
    return ConnectionUnanswered.KIND;
  }

  @Override
  public Severity severity() {
    return HalfOpen.severity(once);
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
        if (half.isUnanswered(capture) && (!half.isOnce() || !clients.isEmpty())) {
          findings.add(
              new UnansweredSynAcks(
                  UnansweredSegments.of(evidence, traced, last, Direction.S2C),
                  half.isOnce(),
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
      if (!HalfOpen.is(traced.at().at(point).orElseThrow())) {
        return false;
      }
    }
    return true;
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
}
