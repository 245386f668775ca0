package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
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

  /** By how much an IPv6 header is longer than an IPv4 header. */
  public static final int HEADER_DIFFERENCE_BYTES =
      IpFamily.IPV6.headerBytes() - IpFamily.IPV4.headerBytes();

  /** RFC 8200, section 4.5. */
  private static final int FRAGMENT_HEADER_BYTES = 8;

  /** The MTUs that a router without RFC 1191 may mean, from large to small (RFC 1191, 7.1). */
  private static final int[] PLATEAUS = {65_535, 32_000, 17_914, 8166, 4352, 2002, 1492};

  /** How the MTU near compares with the one that RFC 7915 asks for (sections 4.2 and 5.2). */
  public enum MtuCheck {
    /** It is that one. */
    EXACT,
    /**
     * It is smaller, as where a link next to the translator has that MTU: the RFC takes the least
     * of three.
     */
    SMALLER,
    /** It is larger: packets of this size are refused again. */
    TOO_LARGE,
    /** It is below the least MTU of IPv6, which the RFC forbids. */
    BELOW_LEAST,
    /** The IPv4 message reports no MTU, and the size of the packet in it is not known. */
    UNKNOWN
  }

  /** Whether the two messages are of different IP versions. */
  public boolean isBetweenFamilies() {
    return near.quotedSource().isIpv6() != far.quotedSource().isIpv6();
  }

  /**
   * The largest MTU that the message near may report (RFC 7915, sections 4.2 and 5.2), in bytes;
   * empty where it cannot be known. An IPv4 message without an MTU means the next plateau below the
   * size of the packet in its quote.
   */
  public OptionalInt expectedMtuBytes() {
    if (far.quotedSource().isIpv6()) {
      return OptionalInt.of(Math.max(0, far.mtuBytes() - HEADER_DIFFERENCE_BYTES));
    }
    OptionalInt mtuBytes = far.mtuBytes() > 0 ? OptionalInt.of(far.mtuBytes()) : plateauBytes();
    return mtuBytes.isEmpty()
        ? mtuBytes
        : OptionalInt.of(
            Math.max(IpFamily.IPV6.leastMtuBytes(), mtuBytes.getAsInt() + HEADER_DIFFERENCE_BYTES));
  }

  /** The plateau that the far message means; 0 where none is at least the least MTU of IPv6. */
  private OptionalInt plateauBytes() {
    if (far.quotedIpBytes().isEmpty()) {
      return OptionalInt.empty();
    }
    int packetBytes = far.quotedIpBytes().getAsInt();
    return OptionalInt.of(
        Arrays.stream(PLATEAUS).filter(plateau -> plateau < packetBytes).findFirst().orElse(0));
  }

  /** How the MTU near compares with the one that the RFC asks for. */
  public MtuCheck mtuCheck() {
    int mtuBytes = near.mtuBytes();
    if (near.quotedSource().isIpv6() && mtuBytes < IpFamily.IPV6.leastMtuBytes()) {
      return MtuCheck.BELOW_LEAST;
    }
    OptionalInt expected = expectedMtuBytes();
    if (expected.isEmpty()) {
      return MtuCheck.UNKNOWN;
    }
    // The RFC does not say whether the header's difference is added to a plateau.
    boolean plateauItself =
        far.mtuBytes() == 0 && mtuBytes == expected.getAsInt() - HEADER_DIFFERENCE_BYTES;
    if (mtuBytes == expected.getAsInt() || plateauItself) {
      return MtuCheck.EXACT;
    }
    return mtuBytes < expected.getAsInt() ? MtuCheck.SMALLER : MtuCheck.TOO_LARGE;
  }

  /**
   * Whether the packet in the quote near has the length that a translator makes of the one far: it
   * translates the quote like any packet (RFC 7915, sections 4.3 and 5.3), so the headers differ by
   * 20 bytes, or by 28 with a fragment header (section 4.1). Empty where a length is unknown.
   */
  public Optional<Boolean> isQuoteTranslated() {
    if (near.quotedIpBytes().isEmpty() || far.quotedIpBytes().isEmpty()) {
      return Optional.empty();
    }
    int moreBytes = near.quotedIpBytes().getAsInt() - far.quotedIpBytes().getAsInt();
    int grownBytes = near.quotedSource().isIpv6() ? moreBytes : -moreBytes;
    return Optional.of(
        grownBytes == HEADER_DIFFERENCE_BYTES
            || grownBytes == HEADER_DIFFERENCE_BYTES + FRAGMENT_HEADER_BYTES);
  }

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
    long typicalNanos = pair.delay(direction).typicalNanos();
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
