package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Opening;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.Wording;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * A connection of which a point saw SYNs and SYN/ACKs, and nothing after these.
 *
 * @param synAcks how often the server sent its SYN/ACK there
 * @param firstNanos when it did for the first time
 * @param waitedNanos from the first to the last
 * @param asksAgain whether the client repeats its SYN after one
 */
record HalfOpen(
    Connection seen, int synAcks, long firstNanos, long waitedNanos, boolean asksAgain) {
  /** An answer takes a round trip between a point and the client; hardly any takes as long. */
  private static final long WAIT_NANOS = 3_000_000_000L;

  /** Whether a connection is one: the client sends no more than its SYN, and is sent SYN/ACKs. */
  static boolean is(Connection seen) {
    Flow client = seen.clientToServer();
    Flow server = seen.serverToClient();
    return client.segments() == client.handshakes()
        && seen.hasSyn()
        && server.firstHandshakeRow() >= 0
        && server.firstRow() == server.firstHandshakeRow()
        && server.unreachables().isEmpty()
        && client.table().isTimed();
  }

  /** Looks at a connection that {@link #is is one}. */
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

  /** Whether the capture goes on for so long that an answer would be in it. */
  boolean isUnanswered(PointCapture capture) {
    return Reach.endNanos(capture) - firstNanos >= WAIT_NANOS;
  }

  boolean isOnce() {
    return synAcks == 1;
  }

  /**
   * A server that repeats its SYN/ACK got no answer; one without a repetition tells less.
   *
   * @param once whether the SYN/ACK was not repeated
   */
  static Severity severity(boolean once) {
    return once ? Severity.NOTE : ConnectionUnanswered.KIND.severity();
  }

  Occurrence occurrence(TracedConnection traced, CapturePoint point) {
    List<Integer> frames =
        seen.serverToClient().handshake().stream()
            .filter(sent -> TcpFlags.isSynAck(sent.flags()))
            .map(Segment::frame)
            .toList();
    return Occurrence.on(traced.id())
        .at(point, frames)
        .waiting(waitedNanos)
        .saying(new Said(this, point));
  }

  /** The words of an occurrence, of which a flood has a million. */
  private record Said(HalfOpen half, CapturePoint point) implements Wording {
    @Override
    public String message() {
      return String.format(
          "%s to %s: %s at %s%s, and no answer",
          half.seen().client(),
          half.seen().server(),
          Words.count(half.synAcks(), "SYN/ACK"),
          point,
          half.isOnce() ? "" : " in " + Words.seconds(half.waitedNanos()));
    }

    @Override
    public Facts facts() {
      return Facts.of("unanswered_syn_acks", half.synAcks())
          .and("waited_s", half.waitedNanos() / 1e9);
    }
  }
}
