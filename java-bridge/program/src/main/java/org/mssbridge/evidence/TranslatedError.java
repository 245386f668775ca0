package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IcmpCode;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.model.TooBig;
import org.mssbridge.model.Unreachable;

/**
 * An ICMP error about one packet on both sides of a translator between IPv4 and IPv6, with what the
 * translator has to make of it (RFC 7915, sections 4.2 and 5.2).
 *
 * @param nearPoint the point nearer the sender of the quoted packet
 * @param near the message there
 * @param farPoint the point farther from that sender
 * @param far the message there, from which the other one was made
 */
public record TranslatedError(
    CapturePoint nearPoint, IcmpError near, CapturePoint farPoint, IcmpError far) {
  /** Messages farther apart are different ones. */
  private static final long TOLERANCE_NANOS = 2_000_000_000;

  /** As many messages about one connection show what the translator does. */
  private static final int MOST_EXAMINED = 256;

  /**
   * An ICMP error at a point.
   *
   * @param frame its frame number
   * @param timeNanos nanoseconds since 1970 on the clock of the capture
   * @param sender its source address
   * @param icmp its type and code
   * @param text such as {@code ICMP host unreachable}
   * @param quotedSequence raw sequence number of the quoted segment
   */
  public record IcmpError(
      int frame,
      long timeNanos,
      String sender,
      IcmpCode icmp,
      String text,
      OptionalInt quotedSequence) {
    static IcmpError of(TooBig message) {
      IcmpCode icmp =
          message.quotedSource().isIpv6() ? IcmpCode.PACKET_TOO_BIG : IcmpCode.FRAGMENTATION_NEEDED;
      return new IcmpError(
          message.frame(),
          message.timeNanos(),
          message.sender(),
          icmp,
          icmp.ipv6() ? "ICMPv6 packet too big" : "ICMP fragmentation needed",
          message.quotedSequence());
    }

    static IcmpError of(Unreachable error) {
      return new IcmpError(
          error.frame(),
          error.timeNanos(),
          error.sender(),
          error.icmp(),
          error.text(),
          error.quotedSequence());
    }

    /** Such as {@code ICMP host unreachable (3/1)}. */
    public String withNumbers() {
      return text + " (" + icmp.type() + "/" + icmp.code() + ")";
    }
  }

  /** The type and code that the message must have near; empty where it must be dropped. */
  public Optional<IcmpCode> expected() {
    return far.icmp().translated();
  }

  /** Whether type and code are those that the RFC asks for. */
  public boolean follows() {
    return expected().filter(near.icmp()::equals).isPresent();
  }

  /** The section of RFC 7915 that says what becomes of it. */
  public String section() {
    return near.icmp().ipv6() ? "4.2" : "5.2";
  }

  /** How it compares with the RFC, in words. */
  public String judgement() {
    if (follows()) {
      return "as RFC 7915, section " + section() + ", asks";
    }
    return "but RFC 7915, section "
        + section()
        + ", asks "
        + expected().map(icmp -> "for " + icmp).orElse("a translator to drop it");
  }

  /** The translated errors about a direction of a connection, at the points of all its pairs. */
  public static List<TranslatedError> of(
      Evidence evidence, TracedConnection traced, Direction direction) {
    return traced.pairs().stream().flatMap(pair -> of(evidence, pair, direction).stream()).toList();
  }

  /** The translated errors about a direction of a pair's connection; nothing for nearly all. */
  public static List<TranslatedError> of(
      Evidence evidence, PairedConnection pair, Direction direction) {
    CapturePoint nearPoint = pair.nearPoint(direction);
    CapturePoint farPoint = pair.farPoint(direction);
    if (isIpv6(pair, nearPoint, direction) == isIpv6(pair, farPoint, direction)) {
      return List.of();
    }
    List<IcmpError> near = new ArrayList<>(errors(evidence, pair, nearPoint, direction));
    List<IcmpError> far = new ArrayList<>(errors(evidence, pair, farPoint, direction));
    List<TranslatedError> found = new ArrayList<>();
    // First those that the RFC makes of each other: several messages may quote one packet.
    for (boolean expected : new boolean[] {true, false}) {
      for (IcmpError original : List.copyOf(far)) {
        near.stream()
            .filter(message -> areOfOnePacket(pair, direction, message, original))
            .map(message -> new TranslatedError(nearPoint, message, farPoint, original))
            .filter(translated -> !expected || translated.follows())
            .findFirst()
            .ifPresent(
                translated -> {
                  near.remove(translated.near());
                  far.remove(original);
                  found.add(translated);
                });
      }
    }
    return found;
  }

  private static boolean areOfOnePacket(
      PairedConnection pair, Direction direction, IcmpError near, IcmpError far) {
    long expectedNanos = far.timeNanos() - pair.delay(direction).typicalNanos();
    return Math.abs(near.timeNanos() - expectedNanos) <= TOLERANCE_NANOS
        && position(near, pair, pair.nearPoint(direction), direction)
            == position(far, pair, pair.farPoint(direction), direction);
  }

  private static boolean isIpv6(PairedConnection pair, CapturePoint point, Direction direction) {
    return pair.at(point).flow(direction).sender().isIpv6();
  }

  private static List<IcmpError> errors(
      Evidence evidence, PairedConnection pair, CapturePoint point, Direction direction) {
    return Stream.concat(
            pair.at(point).flow(direction).unreachables().stream().map(IcmpError::of),
            evidence.tooBigs(pair.id()).stream()
                .filter(message -> message.direction() == direction)
                .flatMap(message -> message.seen().at(point).stream())
                .map(IcmpError::of))
        .sorted(Comparator.comparingInt(IcmpError::frame))
        .limit(MOST_EXAMINED)
        .toList();
  }

  /** The first quoted byte, counted alike at both points; -1 where the quote is too short. */
  private static long position(
      IcmpError message, PairedConnection pair, CapturePoint point, Direction direction) {
    return message.quotedSequence().isEmpty()
        ? -1
        : SequenceNumber.delta(pair.base(point, direction), message.quotedSequence().getAsInt());
  }
}
