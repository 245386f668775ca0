package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FittingRefusal;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.PathTunnels;
import org.mssbridge.evidence.Quote;
import org.mssbridge.evidence.SeenTunnel;
import org.mssbridge.evidence.SizeFall;
import org.mssbridge.evidence.TooBigMessage;
import org.mssbridge.evidence.TranslatedTooBig;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TooBig;

/** A router's report that a segment is too big (RFC 1191, section 4; RFC 8201, section 4). */
final class PmtudTooBig implements Rule {
  static final Kind KIND =
      new Kind("pmtud.too-big", Severity.WARN, Group.RESPONSE, "ICMP says a segment was too big");

  private static final Explanation TRANSLATED_ON =
      new Explanation(
          PmtudTranslated.KIND, "what the translator makes of it does not help the sender");

  /**
   * Messages of one sender about one direction.
   *
   * @param works whether the receiver of the message sends smaller segments from then on, and they
   *     are acknowledged
   */
  record Reported(
      Direction inDirection,
      Optional<Leg> across,
      boolean ipv6,
      String sender,
      List<String> translatedSenders,
      int mtuBytes,
      int mssBytes,
      int ttl,
      CapturePoint first,
      List<String> points,
      Optional<CapturePoint> untranslatedAt,
      Optional<SeenTunnel.Explained> tunnel,
      List<Explanation> because,
      boolean works,
      List<Cause> causes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    /** What another finding explains says no more than that; what no host accepts is a fault. */
    @Override
    public Severity severity() {
      if (untranslatedAt.isPresent()) {
        return Severity.ERROR;
      }
      return isExplainedAway() ? Severity.NOTE : KIND.severity();
    }

    private boolean isExplainedAway() {
      return because.stream()
          .map(Explanation::by)
          .anyMatch(by -> by.equals(PmtudBogus.KIND) || by.equals(PmtudTranslated.KIND));
    }

    private String untranslated() {
      return untranslatedAt
          .map(
              point ->
                  "; its quote at "
                      + point
                      + " has a sequence number that the "
                      + Words.sender(inDirection)
                      + " did not send: the device that rewrites the ISN does not translate it"
                      + " back, so the "
                      + Words.sender(inDirection)
                      + " probably ignores the message")
          .orElse("");
    }

    @Override
    public boolean isWorking() {
      return works;
    }

    @Override
    public String headline() {
      return works
          ? String.format(
              "path MTU discovery works: %s reports an MTU of %d, and the %s sends smaller segments"
                  + " from then on",
              sender, mtuBytes, Words.sender(inDirection))
          : message();
    }

    @Override
    public String message() {
      return String.format(
          "%s from %s%s%s at %s: %s%s",
          ipv6 ? "ICMPv6 \"packet too big\"" : "ICMP \"fragmentation needed\"",
          sender,
          translatedSenders.isEmpty()
              ? ""
              : " (" + String.join(", ", translatedSenders) + ", translated)",
          Words.distance(ttl, first),
          String.join(" and ", points),
          mtuBytes > 0
              ? "MTU " + mtuBytes + ", so MSS " + mssBytes
              : "no MTU, as old routers do (RFC 1191, section 5)",
          untranslated());
    }

    /**
     * The leg that contains the link with the small MTU; empty where that link is beyond all
     * points.
     */
    @Override
    public Optional<Leg> leg() {
      return across;
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(inDirection);
    }

    @Override
    public Facts facts() {
      return across
          .map(Leg::facts)
          .orElse(Facts.NONE)
          .and("sender", sender)
          .and("mtu_bytes", mtuBytes)
          .and("mss_bytes", mssBytes)
          .and("initial_ttl", InitialTtl.of(ttl))
          .and("seen_at", points)
          .and("quote_untranslated", untranslatedAt.isPresent())
          .and(
              "tunnel_overhead_bytes",
              tunnel.map(seen -> OptionalInt.of(seen.overheadBytes())).orElse(OptionalInt.empty()));
    }

    @Override
    public String nextStep() {
      if (untranslatedAt.isPresent()) {
        return "let the device that rewrites the ISN translate the sequence numbers that ICMP quotes,"
            + " or turn off ISN randomisation there"
            + (mtuBytes > 0 ? "; until then clamp the MSS to " + mssBytes : "");
      }
      if (!because.isEmpty() && !isClampTooLarge(because) && !because.contains(TRANSLATED_ON)) {
        return "";
      }
      return "look at the link behind "
          + sender
          + ": "
          + tunnel.map(SeenTunnel.Explained::sum).orElse("a tunnel or another MTU")
          + (mtuBytes > 0 && because.isEmpty() ? "; until then clamp the MSS to " + mssBytes : "");
    }
  }

  private static boolean isClampTooLarge(List<Explanation> because) {
    return because.stream().anyMatch(each -> each.by().equals(PmtudClampInsufficient.KIND));
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    TooBigDatagrams.check(evidence, findings);
    Map<Integer, Life> lives = new HashMap<>();
    evidence.lives().forEach(life -> lives.put(life.connection().id(), life));
    for (TracedConnection traced : evidence.comparison().connections()) {
      List<TooBigMessage> messages = evidence.tooBigs(traced.id());
      if (!messages.isEmpty()) {
        Map<Direction, Integer> fitting = new EnumMap<>(Direction.class);
        for (Direction direction : Direction.values()) {
          fittingBytes(evidence, traced, direction, Optional.ofNullable(lives.get(traced.id())))
              .ifPresent(bytes -> fitting.put(direction, bytes));
        }
        for (TooBigMessage message : messages) {
          report(message, evidence, fitting, findings);
        }
      }
    }
  }

  /**
   * The data in a sender's largest segment since it made them smaller after a message, where they
   * are acknowledged; empty where it did not, or they are not.
   */
  private static OptionalInt fittingBytes(
      Evidence evidence, TracedConnection traced, Direction direction, Optional<Life> life) {
    boolean stalls =
        life.stream()
            .flatMap(one -> one.points().stream().map(one::ending))
            .anyMatch(
                ending ->
                    ending instanceof Ending.Stalled stalled && stalled.direction() == direction);
    Optional<SizeFall> fall = evidence.sizeFall(traced, direction).filter(SizeFall::afterIcmp);
    if (stalls || fall.isEmpty() || evidence.ignored(traced, direction).isPresent()) {
      return OptionalInt.empty();
    }
    Connection seen = traced.at().at(Evidence.nearestSender(traced, direction)).orElseThrow();
    int again = seen.flow(direction).table().sequence(fall.get().againRow());
    return seen.flow(direction.reverse()).hasAcknowledged(again + 1)
        ? OptionalInt.of(fall.get().toBytes())
        : OptionalInt.empty();
  }

  private static void report(
      TooBigMessage message,
      Evidence evidence,
      Map<Direction, Integer> fitting,
      Findings findings) {
    TooBig any = message.any();
    Optional<Quote.Packet> packet = message.quote().packet();
    Facts own = Facts.of("ttl", any.ttl()).and("quoted_ip_packet_bytes", any.quotedIpBytes());
    if (packet.isPresent()) {
      own = own.and("sent_packet_bytes", packet.get().ipBytes());
    }
    List<Explanation> because = because(message, evidence);
    findings.add(
        new Reported(
            message.direction(),
            evidence.legOf(message),
            any.quotedSource().isIpv6(),
            any.sender(),
            translatedSenders(message),
            any.mtuBytes(),
            any.mssBytes(),
            any.ttl(),
            message.firstPoint(),
            message.seen().points().stream().map(CapturePoint::name).toList(),
            message.isQuoteUntranslated() ? Optional.of(message.lastPoint()) : Optional.empty(),
            tunnel(message, evidence),
            because,
            because.isEmpty()
                && !message.isQuoteUntranslated()
                && fitting.getOrDefault(message.direction(), Integer.MAX_VALUE) <= any.mssBytes(),
            because.isEmpty() || isClampTooLarge(because) || because.contains(TRANSLATED_ON)
                ? causes(message, evidence)
                : List.of()),
        message.occurrence().saying(remark(message)).with(own));
  }

  /** The tunnel on the connection's path that leaves just this MTU of Ethernet's. */
  private static Optional<SeenTunnel.Explained> tunnel(TooBigMessage message, Evidence evidence) {
    int mtuBytes = message.any().mtuBytes();
    return message.connection().pairs().stream()
        .flatMap(pair -> evidence.seenTunnel(pair).stream())
        .flatMap(seen -> seen.explains(mtuBytes, mtuBytes + 1).stream())
        .findFirst();
  }

  /** The other addresses that it comes from at points behind a NAT, each with the point. */
  private static List<String> translatedSenders(TooBigMessage message) {
    List<String> others = new ArrayList<>();
    for (CapturePoint point : message.seen().points()) {
      String there = message.seen().at(point).orElseThrow().sender();
      if (!there.equals(message.any().sender())) {
        others.add(there + " at " + point);
      }
    }
    return others;
  }

  private static List<Explanation> because(TooBigMessage message, Evidence evidence) {
    TooBig any = message.any();
    if (PmtudBogus.isBogus(message)) {
      return List.of(new Explanation(PmtudBogus.KIND, "the message cannot be true"));
    }
    Optional<FittingRefusal> refusal = evidence.fittingRefusal(message);
    if (refusal.isPresent() && (!refusal.get().isSelective() || message.refusesItsMtu())) {
      return List.of(because(any.sender(), refusal.get()));
    }
    if (message.refusesJoined()) {
      return List.of(
          new Explanation(
              OffloadForwarded.KIND,
              any.sender() + " joined the packets that it refuses; each of them fits the MTU"));
    }
    CapturePoint point = message.seen().points().iterator().next();
    return evidence
        .translation(point, any)
        .filter(TranslatedTooBig::isBetweenFamilies)
        .flatMap(translated -> becauseOfTranslation(message, point, translated))
        .map(List::of)
        .orElseGet(() -> becauseOfClamp(message));
  }

  private static Optional<Explanation> becauseOfTranslation(
      TooBigMessage message, CapturePoint point, TranslatedTooBig translated) {
    if (translated.nearPoint().equals(point)) {
      return Optional.of(
          new Explanation(
              PmtudTranslated.KIND,
              String.format(
                  "it is the message of %s with MTU %d, translated",
                  translated.far().sender(), translated.far().mtuBytes())));
    }
    Leg across = new Leg(message.direction(), translated.nearPoint(), point);
    return PmtudTranslated.isFault(translated, across)
        ? Optional.of(TRANSLATED_ON)
        : Optional.empty();
  }

  private static Explanation because(String sender, FittingRefusal refusal) {
    if (refusal.isProbablyJoining()) {
      return new Explanation(
          OffloadForwarded.KIND,
          sender + " probably joined the packets that it refuses; each of them fits the MTU");
    }
    return new Explanation(
        PmtudUnderstated.KIND,
        refusal.isSelective()
            ? sender + " refuses some packets that fit this MTU and lets others pass"
            : sender + " refuses packets that fit this MTU as well");
  }

  private static List<Explanation> becauseOfClamp(TooBigMessage message) {
    int excessBytes = PmtudClampInsufficient.excessBytes(message);
    return excessBytes == 0
        ? List.of()
        : List.of(
            new Explanation(
                PmtudClampInsufficient.KIND,
                "the clamp lets segments pass that are "
                    + Words.count(excessBytes, "byte")
                    + " too large"));
  }

  /** What is odd about the quoted packet; empty where nothing is. */
  private static String remark(TooBigMessage message) {
    TooBig any = message.any();
    Optional<Quote.Packet> packet = message.quote().packet();
    if (packet.isEmpty() || message.refusesJoined()) {
      return "";
    }
    int sentBytes = packet.get().ipBytes();
    int quotedBytes = any.quotedIpBytes().orElse(sentBytes);
    if (any.mtuBytes() >= sentBytes && (quotedBytes == sentBytes || any.quotedIpId() > 0)) {
      return "the packet that it quotes has " + sentBytes + " bytes and fits this MTU";
    }
    if (quotedBytes == swapped(sentBytes) && quotedBytes != sentBytes) {
      return "the length in its quote is byte-swapped: "
          + quotedBytes
          + " for a packet of "
          + sentBytes
          + " bytes";
    }
    return quotedBytes == sentBytes || packet.get().isJoined()
        ? ""
        : "its quote says "
            + quotedBytes
            + " bytes, but the packet was sent with "
            + sentBytes
            + ": the router changed the header that it quotes";
  }

  private static int swapped(int bytes) {
    return ((bytes & 0xff) << 8) | (bytes >> 8);
  }

  private static List<Cause> causes(TooBigMessage message, Evidence evidence) {
    int mtuBytes = message.any().mtuBytes();
    return evidence
        .causes()
        .ofPathMtu(
            mtuBytes,
            IpFamily.of(message.any().quotedSource().isIpv6()),
            PathTunnels.of(evidence, message.connection(), mtuBytes));
  }
}
