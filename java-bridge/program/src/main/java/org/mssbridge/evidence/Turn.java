package org.mssbridge.evidence;

import java.util.EnumSet;
import java.util.Set;

/**
 * A request and its response as one point saw them, on that point's clock. All data that the client
 * sends before the server's next data is the request, and all that the server sends before the
 * client's next data is the response. One object is used for many turns.
 */
final class Turn {
  /** Raw number of the first byte of the request, and after the last one of it and its response. */
  int requestStart;

  int requestEnd;
  int responseEnd;

  /** First segment of the request; the one with which it is complete at this point. */
  int askedRow;

  int requestedRow;

  /** First segment of the response; the one that brings its first byte; its last one. */
  int answeringRow;

  int firstByteRow;
  int answeredRow;
  long askedNanos;
  long requestedNanos;
  long answeringNanos;
  long firstByteNanos;
  long answeredNanos;

  /** How long the sender was silent though all it had sent was acknowledged. */
  long requestIdleNanos;

  long responseIdleNanos;

  /** Segments sent again, of both. */
  int repeats;

  boolean isAnswered;

  /** Whether the server acknowledges all of the request at once, before it answers. */
  boolean isAcknowledged;

  /** Whether there is a pause in which nothing was outstanding. */
  boolean isRequestPaused;

  boolean isResponsePaused;

  /** What this point shows against it. */
  final Set<LeftOut> doubts = EnumSet.noneOf(LeftOut.class);

  /** Number before the first byte of the response. */
  int responseStart;

  void ask(int row, long nanos, int start, int end) {
    requestStart = start;
    requestEnd = end;
    responseEnd = 0;
    askedRow = row;
    requestedRow = row;
    askedNanos = nanos;
    requestedNanos = nanos;
    requestIdleNanos = 0;
    responseIdleNanos = 0;
    repeats = 0;
    isAnswered = false;
    isAcknowledged = false;
    isRequestPaused = false;
    isResponsePaused = false;
    doubts.clear();
  }

  void answer(int row, long nanos, int start, int end) {
    isAnswered = true;
    responseStart = start;
    responseEnd = end;
    answeringRow = row;
    firstByteRow = row;
    answeredRow = row;
    answeringNanos = nanos;
    firstByteNanos = nanos;
    answeredNanos = nanos;
  }

  /** From the end of the request to the first byte of the response. */
  long turnaroundNanos() {
    return firstByteNanos - requestedNanos;
  }
}
