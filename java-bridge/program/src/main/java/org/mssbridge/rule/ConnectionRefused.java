package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.ExpectedPoints;
import org.mssbridge.evidence.HeardHosts;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Reach;
import org.mssbridge.evidence.TranslatedError;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.finding.Spans;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Severity;
import org.mssbridge.model.Unreachable;
import org.mssbridge.rule.RefusedScans.Scans;

/** A SYN that is answered by a RST or an ICMP error, and where that answer arises. */
final class ConnectionRefused implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.refused", Severity.NOTE, Group.RESPONSE, "a SYN is answered by a refusal");

  /** What a server sends so soon after the refusal, it sends meanwhile. */
  private static final long MEANWHILE_NANOS = 1_000_000_000L;

  /**
   * Connections that are refused at the same place.
   *
   * @param how {@code a RST}, or what ICMP says and who sends it
   * @param meaning what ICMP says of the way to the server; empty for a RST
   * @param last the last point that saw the refusal
   * @param beyond the next point, which did not see the refusal though it should have seen the
   *     connection; empty where there is none
   * @param reached whether the SYN is at that point
   * @param alone whether no other point of several saw the connection, and none had to
   * @param uncovered a farther point whose capture does not cover the time of a SYN
   * @param blind of how many connections it does not, where it does of others; else 0
   * @param by who sends the refusal, as far as it shows
   * @param initialTtl the TTL of the refusal at the last point, where no router has changed it
   * @param scans the scans that these connections probably are
   * @param answersOthers whether ICMP says that the server is unreachable, and it sends on other
   *     connections meanwhile
   * @param behindNat the NAT before the next point that may have sent them elsewhere
   */
  record Refused(
      String how,
      Optional<Unreachable.Meaning> meaning,
      CapturePoint last,
      Optional<CapturePoint> beyond,
      boolean reached,
      boolean alone,
      Optional<CapturePoint> uncovered,
      int blind,
      RefusedBy by,
      OptionalInt initialTtl,
      Scans scans,
      boolean answersOthers,
      Optional<BehindNat> behindNat)
      implements Finding {
    /** The same, whether or not a farther capture covers the time. */
    Refused anywhere() {
      return with(Optional.empty(), 0);
    }

    Refused with(Optional<CapturePoint> notCovered, int ofHowMany) {
      return with(notCovered, ofHowMany, behindNat);
    }

    Refused with(Optional<CapturePoint> notCovered, int ofHowMany, Optional<BehindNat> behind) {
      return new Refused(
          how,
          meaning,
          last,
          beyond,
          reached,
          alone,
          notCovered,
          ofHowMany,
          by,
          initialTtl,
          scans,
          answersOthers,
          behind);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    /** To refuse strangers is what a host should do. */
    @Override
    public Severity severity() {
      return scans.isAny() ? Severity.CHAT : KIND.severity();
    }

    @Override
    public String message() {
      if (by == RefusedBy.CAPTURE_HOST) {
        return String.format(
            "connections are refused by %s of the host at %s itself%s%s",
            how, last, by.text(last, initialTtl), scans.text());
      }
      return String.format(
          "connections are refused by %s that arises %s%s%s", how, where(), next(), scans.text());
    }

    /** Whether the next point's capture covers the time of some of them. */
    private boolean isCovered() {
      return uncovered.isEmpty() || blind > 0;
    }

    private String where() {
      if (behindNat.isPresent()) {
        return behindNat.get().text(last, isCovered());
      }
      return beyond.isPresent() ? place() : Words.behind(last, Direction.S2C);
    }

    /** What follows from its TTL, or from the points that did not see it. */
    private String next() {
      String elsewhere =
          uncovered
              .map(
                  far ->
                      blind == 0
                          ? "; the capture at " + far + " does not cover that time"
                          : String.format(
                              "; no other capture has their SYNs (the one at %s does not cover the"
                                  + " time of %d of them)",
                              far, blind))
              .orElse(alone ? "; no other capture has their SYNs" : "");
      if (behindNat.isPresent()) {
        return uncovered.isPresent() ? elsewhere : "";
      }
      boolean isNear = by == RefusedBy.UNKNOWN || by == RefusedBy.DEVICE;
      return by.text(last, initialTtl) + (isNear && initialTtl.isPresent() ? "" : elsewhere);
    }

    private String place() {
      return beyond.map(far -> "between " + last + " and " + far).orElse("behind " + last);
    }

    @Override
    public Facts facts() {
      return Facts.of("refusal", how)
          .and("arises", place())
          .and("last_point", last.name())
          .and("by_capture_host", by == RefusedBy.CAPTURE_HOST)
          .and("refused_by", by.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .and("behind_nat", behindNat.isPresent())
          .and("not_covered", uncovered.isPresent() ? blind : 0)
          .and("initial_ttl", initialTtl.isPresent())
          .and("server_answers_others_meanwhile", answersOthers)
          .and("scans", scans.isAny());
    }

    @Override
    public List<Cause> causes() {
      return behindNat.map(nat -> nat.causes(last)).orElse(List.of());
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return meaning.isPresent()
              || behindNat.isPresent()
              || by == RefusedBy.CAPTURE_HOST
              || scans.isAny()
          ? Optional.empty()
          : Optional.of(
              SecondCapture.near(
                  Direction.S2C,
                  "whether the SYN arrives there, and whether the server refuses it"));
    }

    @Override
    public String nextStep() {
      if (scans.isAny()) {
        return "ignore it, unless one of these clients is known: then check that a service listens"
            + " on its port";
      }
      if (behindNat.isPresent()) {
        return behindNat.get().nextStep();
      }
      boolean noWay =
          meaning
              .filter(
                  says -> says == Unreachable.Meaning.HOST || says == Unreachable.Meaning.NETWORK)
              .isPresent();
      if (beyond.isPresent() && !noWay) {
        return "look into the rules of the firewall "
            + place()
            + (reached ? ": the server did not refuse" : ": the SYN does not reach the server");
      }
      if (by == RefusedBy.CAPTURE_HOST) {
        return "check that a service listens on this port of the host at "
            + last
            + "; if one does, look into its own firewall";
      }
      boolean ofHost =
          meaning
              .filter(
                  says ->
                      says == Unreachable.Meaning.PROTOCOL || says == Unreachable.Meaning.HEADER)
              .isPresent();
      if ((by == RefusedBy.SERVER_HERE || by == RefusedBy.SERVER) && !ofHost) {
        return "check that a service listens on this port of the server; if one does, look into the"
            + " server's own firewall";
      }
      if (by == RefusedBy.DEVICE) {
        return "look into the rules of the firewall "
            + place()
            + ": the server's own packets have another TTL";
      }
      if (meaning.isEmpty() && alone && (uncovered.isEmpty() || blind > 0)) {
        return "look for a firewall that rejects behind " + last + "; no other capture has the SYN";
      }
      if (answersOthers) {
        return "the same server sends on other connections meanwhile, so it runs: look into the rules"
            + " of the router that sends the ICMP message, and whether it can resolve the server's"
            + " address each time (ARP, neighbour discovery)";
      }
      return ConnectionRefused.nextStep(meaning.orElse(Unreachable.Meaning.PORT), "TCP");
    }
  }

  /** What to do about what ICMP says of the way to the server. */
  static String nextStep(Unreachable.Meaning meaning, String protocol) {
    return switch (meaning) {
      case PROTOCOL ->
          "check that the address is that of the server: the host that has it takes no " + protocol;
      case HEADER ->
          "look which option or extension header the sender of the ICMP message does"
              + " not accept";
      case PORT, OTHER, TRANSIT, REASSEMBLY ->
          "check that a service listens on this port of the server; if one does, look for a"
              + " firewall that rejects, at the server or in front of it";
      case HOST ->
          "check that the server is up and its address right, and that the router which sends"
              + " the ICMP message can resolve it (ARP, neighbour discovery)";
      case NETWORK -> "check the routes of the router that sends the ICMP message";
      case PROHIBITED -> "look into the rules of the device that sends the ICMP message";
    };
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    List<Refusal> refusals = new ArrayList<>();
    check(evidence, refusals);
    RefusedDatagrams.check(evidence, findings);
    Map<Refused, List<Refusal>> places = new LinkedHashMap<>();
    for (Refusal one : refusals) {
      places.computeIfAbsent(one.finding().anywhere(), key -> new ArrayList<>()).add(one);
    }
    places.values().forEach(some -> add(evidence, some, findings));
  }

  /**
   * A connection that is refused.
   *
   * @param nanos from its first SYN to the refusal
   */
  private record Refusal(Refused finding, Endpoint server, long nanos, Occurrence occurrence) {}

  /**
   * Adds what is refused at one place: what a capture does not cover is no other thing where the
   * same server refuses what it covers.
   */
  private static void add(Evidence evidence, List<Refusal> refusals, Findings findings) {
    Map<Endpoint, List<Refusal>> byServer = new LinkedHashMap<>();
    for (Refusal one : refusals) {
      byServer.computeIfAbsent(one.server(), key -> new ArrayList<>()).add(one);
    }
    for (List<Refusal> same : byServer.values()) {
      List<Refusal> blind =
          same.stream().filter(one -> one.finding().uncovered().isPresent()).toList();
      boolean isMixed = !blind.isEmpty() && blind.size() < same.size();
      long least = same.stream().mapToLong(Refusal::nanos).min().orElse(0);
      Refused any = same.get(0).finding();
      Optional<BehindNat> nat =
          any.behindNat()
              .map(it -> it.taking(least, evidence.comparison().capture(any.last()), evidence));
      for (Refusal one : same) {
        Refused finding = one.finding();
        findings.add(
            finding.with(
                isMixed ? blind.get(0).finding().uncovered() : finding.uncovered(),
                isMixed ? blind.size() : 0,
                nat),
            one.occurrence());
      }
    }
  }

  private static void check(Evidence evidence, List<Refusal> refusals) {
    SenderTtls ttls = new SenderTtls(evidence);
    RefusedScans scans = new RefusedScans(evidence);
    HeardHosts heard = evidence.heardHosts();
    for (Life life : evidence.lives()) {
      CapturePoint last = null;
      Optional<CapturePoint> beyond = Optional.empty();
      for (CapturePoint point : life.points()) {
        if (life.ending(point) instanceof Ending.Refused) {
          last = point;
          beyond = Optional.empty();
        } else if (last != null && beyond.isEmpty()) {
          beyond = Optional.of(point);
        }
      }
      if (last != null && life.ending(last) instanceof Ending.Refused refused) {
        // The server answers behind the point that did not see the refusal: not refused.
        boolean answered =
            beyond.map(far -> life.at(far).serverToClient().firstRow() >= 0).orElse(false);
        if (!answered) {
          boolean reached = beyond.isPresent();
          RefusedBy by =
              RefusedBy.of(ttls, evidence.comparison().capture(last), life.at(last), refused);
          Optional<BehindNat> nat =
              reached ? Optional.empty() : behindNat(evidence, life, last, by, refused);
          report(
              evidence,
              life,
              last,
              reached ? beyond : missing(evidence, life, last),
              reached,
              by,
              scans.of(life.at(last).client(), life.at(last).server()),
              isHeard(heard, life, last, refused),
              nat,
              refused,
              refusals);
        }
      }
    }
  }

  /** Whether ICMP says that a server is unreachable that sends on other connections about then. */
  private static boolean isHeard(
      HeardHosts heard, Life life, CapturePoint last, Ending.Refused refused) {
    return refused
        .unreachable()
        .filter(error -> error.meaning() == Unreachable.Meaning.HOST)
        .filter(
            error ->
                heard.sends(
                    life.at(last).server().address(),
                    new HeardHosts.Meanwhile(
                        last,
                        life.connection().id(),
                        life.at(last).firstTimeNanos(),
                        error.timeNanos() + MEANWHILE_NANOS)))
        .isPresent();
  }

  /**
   * The NAT that may have sent the connection to a host that the next point does not see; empty
   * where the refusal arises next to the last point.
   */
  private static Optional<BehindNat> behindNat(
      Evidence evidence, Life life, CapturePoint last, RefusedBy by, Ending.Refused refused) {
    Connection seen = life.at(last);
    int ttl = ttl(seen.clientToServer().table(), refused);
    boolean isNamed = refused.unreachable().isPresent(); // By its own address, unless the server's.
    if (by != RefusedBy.SERVER && (by == RefusedBy.CAPTURE_HOST || isNamed || InitialTtl.is(ttl))) {
      return Optional.empty();
    }
    ExpectedPoints expected = evidence.expectedPoints();
    return beyond(evidence, life, last).stream()
        .flatMap(
            far ->
                expected.translatedServer(last, seen, far).stream()
                    .map(captured -> BehindNat.of(far, seen.server(), captured, ttl, by)))
        .findFirst();
  }

  private static int ttl(SegmentTable table, Ending.Refused refused) {
    return refused.unreachable().map(Unreachable::ttl).orElseGet(() -> table.ttl(refused.row()));
  }

  /** The next point that the connection must have passed, had it not been refused before. */
  private static Optional<CapturePoint> missing(Evidence evidence, Life life, CapturePoint last) {
    return evidence.expectedPoints().missing(life.connection()).stream()
        .filter(beyond(evidence, life, last)::contains)
        .findFirst();
  }

  /** A farther point without the connection, whose capture does not cover the time of its SYN. */
  private static Optional<CapturePoint> uncovered(Evidence evidence, Life life, CapturePoint last) {
    return beyond(evidence, life, last).stream()
        .filter(point -> !life.points().contains(point))
        .map(evidence.comparison()::capture)
        .filter(far -> !Reach.coversSyn(evidence.comparison(), far, last, life.at(last)))
        .map(PointCapture::point)
        .findFirst();
  }

  /** The points of the path between a point and the server. */
  private static List<CapturePoint> beyond(Evidence evidence, Life life, CapturePoint last) {
    List<CapturePoint> points =
        life.fromClient(evidence.comparison().path().stream().map(PointCapture::point).toList());
    return points.subList(points.indexOf(last) + 1, points.size());
  }

  private static void report(
      Evidence evidence,
      Life life,
      CapturePoint last,
      Optional<CapturePoint> beyond,
      boolean reached,
      RefusedBy by,
      Scans scans,
      boolean answersOthers,
      Optional<BehindNat> behindNat,
      Ending.Refused refused,
      List<Refusal> refusals) {
    SegmentTable table = life.at(last).clientToServer().table();
    Optional<Unreachable> icmp = refused.unreachable();
    int ttl = ttl(table, refused);
    long answerNanos = icmp.map(Unreachable::timeNanos).orElseGet(() -> nanos(table, refused));
    int frame = icmp.map(Unreachable::frame).orElseGet(() -> table.frame(refused.row()));
    long syn = life.at(last).firstTimeNanos();
    String how = icmp.map(error -> error.text() + " from " + error.sender()).orElse("a RST");
    Optional<TranslatedError> translated =
        icmp.flatMap(
            error ->
                IcmpTranslations.of(
                    evidence, life.connection(), Direction.C2S, last, error.frame()));
    boolean alone = life.points().size() == 1 && evidence.comparison().path().size() > 1;
    String elsewhere =
        beyond
            .map(
                far ->
                    reached
                        ? "; the SYN is at " + far + " too, and no refusal is there"
                        : "; the SYN is not at " + far)
            .orElse("");
    Occurrence occurrence =
        Occurrence.on(life.connection().id()).at(last, life.at(last).firstFrame()).at(last, frame);
    if (translated.isPresent()) {
      occurrence = occurrence.at(translated.get().nearPoint(), translated.get().near().frame());
    }
    Refused finding =
        new Refused(
            how,
            icmp.map(Unreachable::meaning),
            last,
            beyond,
            reached,
            alone && beyond.isEmpty(),
            uncovered(evidence, life, last),
            /* blind= */ 0,
            beyond.isEmpty() || by == RefusedBy.DEVICE ? by : RefusedBy.UNKNOWN,
            InitialTtl.is(ttl) ? OptionalInt.of(ttl) : OptionalInt.empty(),
            scans,
            answersOthers,
            behindNat);
    refusals.add(
        new Refusal(
            finding,
            life.at(last).server(),
            answerNanos - syn,
            occurrence
                .saying(
                    String.format(
                        "%s: %s with TTL %d refuses it %s after the first SYN at %s%s%s",
                        life.name(last),
                        how,
                        ttl,
                        Spans.text(answerNanos - syn),
                        last,
                        elsewhere,
                        translated.map(IcmpTranslations::text).orElse("")))
                .with(
                    IcmpTranslations.facts(
                        Facts.of("ttl", ttl).and("answered_after_ms", (answerNanos - syn) / 1e6),
                        translated))));
  }

  private static long nanos(SegmentTable table, Ending.Refused refused) {
    return table.timeNanos(refused.row());
  }
}
