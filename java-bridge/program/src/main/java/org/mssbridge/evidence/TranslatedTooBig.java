package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TooBig;

/**
 * A message that reaches the sender in another form: a translator between IPv4 and IPv6, or the end
 * of a tunnel, sends its own message about the same packet, with another sender or MTU.
 *
 * @param nearPoint the point nearer the sender of the quoted packet
 * @param near the message there
 * @param farPoint the point farther from that sender
 * @param far the message there, from which the other one was made
 */
public record TranslatedTooBig(
    CapturePoint nearPoint, TooBig near, CapturePoint farPoint, TooBig far) {
  /** Messages farther apart are different ones. */
  private static final long TOLERANCE_NANOS = 2_000_000_000;

  private static final long UNKNOWN_POSITION = -1;

  /** All translated messages about a pair's connection. */
  static List<TranslatedTooBig> of(Evidence evidence, PairedConnection pair) {
    List<TranslatedTooBig> found = new ArrayList<>();
    if (!evidence.tooBigs(pair.id()).isEmpty()) {
      for (Direction direction : Direction.values()) {
        found.addAll(of(evidence, pair, direction));
      }
    }
    return found;
  }

  private static List<TranslatedTooBig> of(
      Evidence evidence, PairedConnection pair, Direction direction) {
    CapturePoint nearPoint = pair.nearPoint(direction);
    CapturePoint farPoint = pair.farPoint(direction);
    Map<Long, Deque<TooBig>> nearOnly = new HashMap<>();
    for (TooBig near : only(evidence, pair, direction, nearPoint, farPoint)) {
      nearOnly
          .computeIfAbsent(position(near, pair, nearPoint, direction), key -> new ArrayDeque<>())
          .add(near);
    }
    List<TranslatedTooBig> found = new ArrayList<>();
    long typicalNanos = pair.alignment(direction).delay().typicalNanos();
    for (TooBig far : only(evidence, pair, direction, farPoint, nearPoint)) {
      Deque<TooBig> same =
          nearOnly.getOrDefault(position(far, pair, farPoint, direction), new ArrayDeque<>(0));
      long expectedNanos = far.timeNanos() - typicalNanos;
      while (!same.isEmpty() && same.peek().timeNanos() < expectedNanos - TOLERANCE_NANOS) {
        same.remove();
      }
      if (!same.isEmpty() && same.peek().timeNanos() <= expectedNanos + TOLERANCE_NANOS) {
        found.add(new TranslatedTooBig(nearPoint, same.remove(), farPoint, far));
      }
    }
    return found;
  }

  /** The messages about a direction that one of two points saw and the other did not. */
  private static List<TooBig> only(
      Evidence evidence,
      PairedConnection pair,
      Direction direction,
      CapturePoint point,
      CapturePoint other) {
    return evidence.tooBigs(pair.id()).stream()
        .filter(message -> message.direction() == direction)
        .filter(message -> message.seen().at(other).isEmpty())
        .flatMap(message -> message.seen().at(point).stream())
        .sorted(Comparator.comparingLong(TooBig::timeNanos))
        .toList();
  }

  /** The first quoted byte, counted alike at both points. */
  private static long position(
      TooBig message, PairedConnection pair, CapturePoint point, Direction direction) {
    return message.quotedSequence().isEmpty()
        ? UNKNOWN_POSITION
        : SequenceNumber.delta(pair.base(point, direction), message.quotedSequence().getAsInt());
  }
}
