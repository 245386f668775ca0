package org.mssbridge.evidence;

import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/**
 * The SYNs of a connection that nothing answered at a point.
 *
 * @param attempts all transmissions of the SYN
 * @param unanswered those that were repeated, or were the last, before anything answered
 * @param firstFrame the first of them
 * @param lastFrame the last unanswered one
 * @param firstNanos the time of the first SYN
 * @param lastNanos the time of the last unanswered one
 * @param answerRow the first segment of the server, -1 where there is none
 * @param waitedNanos from the first SYN to the answer, or to the last SYN where nothing answered
 */
public record Opening(
    int attempts,
    int unanswered,
    int firstFrame,
    int lastFrame,
    long firstNanos,
    long lastNanos,
    int answerRow,
    long waitedNanos) {
  /** All was answered, or no SYN was seen. */
  static final Opening ANSWERED = new Opening(0, 0, 0, 0, 0, 0, -1, 0);

  /** Copies that come sooner are no repetition of the sender (RFC 6298, section 2.1: 1 s). */
  private static final long LEAST_PAUSE_NANOS = 500_000_000;

  /**
   * The opening of a connection.
   *
   * @param captureEndNanos until when the capture shows that an answer is missing
   */
  static Opening of(Connection connection, long captureEndNanos) {
    Flow server = connection.serverToClient();
    SegmentTable table = server.table();
    int answer = server.firstRow();
    int answerFrame = answer < 0 ? Integer.MAX_VALUE : table.frame(answer);
    int attempts = 0;
    int unanswered = 0;
    Segment first = null;
    Segment previous = null;
    Segment lastUnanswered = null;
    for (Segment syn : connection.clientToServer().handshake()) {
      if (!TcpFlags.isSyn(syn.flags())
          || (first != null && syn.sequence() != first.sequence())
          || (previous != null && syn.timeNanos() - previous.timeNanos() < LEAST_PAUSE_NANOS)) {
        continue;
      }
      attempts++;
      first = first == null ? syn : first;
      if (previous != null && syn.frame() < answerFrame) {
        unanswered++;
        lastUnanswered = previous;
      }
      previous = syn;
    }
    if (attempts > 1 && answer < 0 && captureEndNanos - previous.timeNanos() >= LEAST_PAUSE_NANOS) {
      unanswered++;
      lastUnanswered = previous;
    }
    if (unanswered == 0) {
      return ANSWERED;
    }
    long end = answer < 0 ? previous.timeNanos() : table.timeNanos(answer);
    return new Opening(
        attempts,
        unanswered,
        first.frame(),
        lastUnanswered.frame(),
        first.timeNanos(),
        lastUnanswered.timeNanos(),
        answer,
        end - first.timeNanos());
  }
}
