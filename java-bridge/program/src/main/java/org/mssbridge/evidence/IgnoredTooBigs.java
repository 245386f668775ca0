package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.TooBig;

/**
 * "Too big" messages that reach a host which then goes on with packets as large.
 *
 * @param point the point beside the host
 * @param messages those that it could check, in order
 * @param mtuBytes the smallest MTU that they report
 * @param frames the packets above this MTU that it sends long after the first message
 * @param packetBytes the largest of them
 */
public record IgnoredTooBigs(
    CapturePoint point,
    List<TooBigMessage> messages,
    int mtuBytes,
    List<Integer> frames,
    int packetBytes) {
  /** Fewer messages may be lost behind the point. */
  private static final int MIN_MESSAGES = 3;

  /** What is sent within this may have been queued before. */
  private static final long REACTION_NANOS = 1_000_000_000;

  public IgnoredTooBigs {
    messages = List.copyOf(messages);
    frames = List.copyOf(frames);
  }

  static Optional<IgnoredTooBigs> of(Evidence evidence, TracedConnection traced, Direction side) {
    CapturePoint point = Evidence.nearestSender(traced, side);
    Connection connection = traced.at().at(point).orElseThrow();
    List<TooBigMessage> messages =
        evidence.tooBigs(traced.id()).stream()
            .filter(message -> message.direction() == side)
            .filter(message -> isCheckable(message, point))
            .sorted(Comparator.comparingLong(message -> nanos(message, point)))
            .toList();
    // Between a point elsewhere and the host, the messages may be lost.
    if (messages.size() < MIN_MESSAGES || !InitialTtl.is(connection.flow(side).firstTtl())) {
      return Optional.empty();
    }
    LongList told = new LongList();
    messages.forEach(message -> told.add(nanos(message, point)));
    if (SizeFall.of(connection, side, told).isPresent()) {
      return Optional.empty();
    }
    int mtuBytes =
        messages.stream().mapToInt(message -> message.any().mtuBytes()).min().orElseThrow();
    return after(connection, side, nanos(messages.get(0), point), point, messages, mtuBytes);
  }

  private static Optional<IgnoredTooBigs> after(
      Connection connection,
      Direction side,
      long firstNanos,
      CapturePoint point,
      List<TooBigMessage> messages,
      int mtuBytes) {
    SegmentTable table = connection.flow(side).table();
    WireSizes sizes = new WireSizes(connection, side);
    List<Integer> frames = new ArrayList<>();
    int largest = 0;
    for (int row = connection.flow(side).firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > 0
          && table.timeNanos(row) > firstNanos + REACTION_NANOS
          && sizes.packetBytes(row) > mtuBytes
          && (connection.isIpv6() || table.dontFragment(row))) {
        frames.add(table.frame(row));
        largest = Math.max(largest, sizes.packetBytes(row));
      }
    }
    return frames.size() < 2
        ? Optional.empty()
        : Optional.of(new IgnoredTooBigs(point, messages, mtuBytes, frames, largest));
  }

  /** Whether the host can find the quoted packet among those that it sent, and it is too large. */
  private static boolean isCheckable(TooBigMessage message, CapturePoint point) {
    int mtuBytes = message.any().mtuBytes();
    return message.seen().at(point).isPresent()
        && mtuBytes >= IpFamily.of(message.any().quotedSource().isIpv6()).leastMtuBytes()
        && !message.refusesJoined()
        && !message.quote().isUntrue()
        && message
            .quote()
            .packets()
            .at(point)
            .filter(packet -> packet.shift() == 0 && packet.ipBytes() > mtuBytes)
            .isPresent();
  }

  private static long nanos(TooBigMessage message, CapturePoint point) {
    return message.seen().at(point).map(TooBig::timeNanos).orElseThrow();
  }
}
