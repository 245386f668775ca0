package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.StallTrace.Place;
import org.mssbridge.evidence.TranslatedError;
import org.mssbridge.evidence.Undelivered;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * Connections that stall at the same place, for the same possible reasons.
 *
 * @param near the last point that the data certainly passed
 * @param far the next point; the same where there is none
 * @param repeated what is repeated
 * @param silence how long it was silent before
 * @param translated whether a NAT is on the leg
 * @param reason what explains it, which other findings report
 * @param alone whether no other of several captures holds the connection
 * @param othersCross whether other connections cross the leg meanwhile
 * @param icmp what answers it; empty where nothing does
 * @param large whether the segment is larger than all that crossed, and must not be fragmented
 * @param isReceiverSending whether nothing answers what arrives, and its receiver goes on sending
 * @param serverAnswersOthers whether the server is the receiver and sends segments on other
 *     connections meanwhile
 * @param blackHole whether size is the best explanation, though the far capture cannot show it
 * @param smaller the largest segment in bytes that crosses since then, where segments as large as
 *     the lost one crossed before and no longer do
 */
record Stall(
    Direction dataDirection,
    Place place,
    CapturePoint near,
    CapturePoint far,
    Ending.Repeated repeated,
    Silence silence,
    boolean translated,
    Reason reason,
    boolean alone,
    boolean othersCross,
    Optional<Icmp> icmp,
    boolean large,
    boolean isReceiverSending,
    boolean serverAnswersOthers,
    boolean blackHole,
    OptionalInt smaller)
    implements Finding {
  /** The silence before the data that stalls. */
  enum Silence {
    SHORT,
    /** Some seconds, and longer than any that the connection survived. */
    LONGEST,
    /** 60 s or more. */
    LONG
  }

  /** What explains a stall. */
  enum Reason {
    ACKS_LOST(", because acknowledgments are lost on the way"),
    RESETS_LOST(""),
    UNTRANSLATED("; earlier packets of this connection passed a NAT untranslated"),
    TOO_BIG("; ICMP reports that packets of this direction are too big"),
    TOO_BIG_LOST(
        "; ICMP reports that packets of this direction are too big, and is lost on its way back"),
    REFUSED(""),
    IGNORED(
        "; ICMP reports that packets of this direction are too big, and their sender ignores it"),
    FRAGMENTED(""),
    TIME_EXCEEDED(""),
    WRONG_CHECKSUM(""),
    RST_INJECTED("; a device on the way had sent the receiver a RST in the sender's name"),
    UNKNOWN("");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /**
   * An ICMP message that says why it cannot be delivered.
   *
   * @param message such as {@code ICMP host unreachable}
   * @param sender its source address
   * @param original the message of the other IP version that a translator made it of (RFC 7915, 4.2
   *     and 5.2), with the point that saw it; empty where there is none
   * @param judgement whether the translation is the one that the RFC asks for
   */
  record Icmp(String message, String sender, String original, String judgement) {
    static Icmp of(Evidence evidence, Life life, Direction direction, Undelivered icmp) {
      Optional<TranslatedError> translated =
          TranslatedError.of(evidence, life.connection(), direction).stream()
              .filter(one -> one.near().text().equals(icmp.first().text()))
              .filter(one -> icmp.frames().contains(one.near().frame()))
              .findFirst();
      return new Icmp(
          icmp.first().text(),
          icmp.first().sender(),
          translated
              .map(
                  one -> one.far().text() + " from " + one.far().sender() + " at " + one.farPoint())
              .orElse(""),
          translated.map(TranslatedError::judgement).orElse(""));
    }

    private String translated() {
      return original.isEmpty() ? "" : ", translated from " + original + ", " + judgement;
    }
  }

  @Override
  public Kind kind() {
    return ConnectionStalled.KIND;
  }

  @Override
  public Severity severity() {
    return reason == Reason.UNKNOWN ? ConnectionStalled.KIND.severity() : Severity.NOTE;
  }

  @Override
  public String message() {
    String what =
        switch (repeated) {
          case DATA -> "the last data sent %s is repeated and never acknowledged: it ";
          case FIN -> "the FIN sent %s is repeated and never acknowledged: it ";
          case KEEP_ALIVE -> "a keep-alive sent %s is repeated and never answered: it ";
        };
    return String.format(what, Words.way(dataDirection))
        + where()
        + reason.text
        + (isReceiverSending
            ? "; the "
                + Words.sender(dataDirection.reverse())
                + " goes on sending and acknowledges nothing: it runs, and does not get these segments"
            : "")
        + (blackHole
            ? "; probably an MTU black hole: smaller segments cross, and it has DF set"
            : "")
        + (smaller.isPresent()
            ? String.format(
                "; probably the path MTU fell then: segments of up to %d bytes go on crossing to the"
                    + " same %s, and only larger ones are lost",
                smaller.getAsInt(), Words.sender(dataDirection.reverse()))
            : "")
        + (isProbablyForgotten()
            ? "; probably a NAT or firewall there forgot the connection while it was silent: other"
                + " connections cross meanwhile"
            : "");
  }

  @Override
  public List<Explanation> because() {
    return switch (reason) {
      case ACKS_LOST ->
          List.of(new Explanation(PathLostControl.KIND, "acknowledgments are lost on the way"));
      case RESETS_LOST ->
          List.of(new Explanation(PathLostControl.KIND, "the RSTs are lost on the way"));
      case IGNORED ->
          List.of(new Explanation(PmtudIgnored.KIND, "the sender goes on with large packets"));
      case TOO_BIG_LOST ->
          List.of(
              new Explanation(PmtudLost.KIND, "the sender does not learn that they are too big"));
      case TOO_BIG, REFUSED ->
          List.of(
              new Explanation(
                  PmtudTooBig.KIND, "ICMP reports that packets of this direction are too big"));
      case FRAGMENTED ->
          List.of(new Explanation(PathFragmented.KIND, "only fragments of the last data arrive"));
      case TIME_EXCEEDED ->
          List.of(new Explanation(PathTimeExceeded.KIND, "ICMP reports that its time is over"));
      case WRONG_CHECKSUM ->
          List.of(
              new Explanation(
                  ChecksumWrong.KIND, "it arrives with a wrong checksum, so it is dropped"));
      case UNTRANSLATED ->
          List.of(
              new Explanation(
                  ConnectionUntranslated.KIND,
                  "earlier packets of this connection passed a NAT untranslated"));
      case RST_INJECTED ->
          List.of(
              new Explanation(
                  RstInjected.KIND, "a device on the way ended the connection at the receiver"));
      case UNKNOWN -> List.of();
    };
  }

  private String where() {
    if (icmp.isPresent()) {
      return String.format(
          "passes %s and is answered by %s from %s%s",
          near, icmp.get().message(), icmp.get().sender(), icmp.get().translated());
    }
    if (reason == Reason.REFUSED) {
      return "is refused as too big by a router " + between();
    }
    if (reason == Reason.WRONG_CHECKSUM) {
      return "arrives at " + far + " with a wrong checksum, so the receiver drops it";
    }
    return switch (place) {
      case UNANSWERED ->
          near.equals(far)
              ? "passes "
                  + far
                  + ", and no answer comes from behind it"
                  + (alone ? "; no other capture holds the connection" : "")
              : "arrives at "
                  + far
                  + " and no answer comes"
                  + (isTooBig() || reason == Reason.RST_INJECTED
                      ? ""
                      : ", so the fault is " + behindFar());
      case ARRIVED -> "arrives at " + far + ", and the capture there holds nothing later";
      case ANSWER_LOST ->
          "arrives at " + far + " and is answered there, but the answer does not reach " + near;
      case RESET_LOST ->
          "arrives at "
              + far
              + " and is answered there by a RST, which does not reach "
              + near
              + ": the "
              + Words.sender(dataDirection.reverse())
              + " no longer has the connection, and its RSTs are lost "
              + between();
      case LOST ->
          reason == Reason.FRAGMENTED
              ? "arrives at " + far + " only in part, so fragments are lost " + between()
              : "never arrives at " + far + ", so it is lost " + between();
      case FIRST_LOST ->
          "is lost "
              + between()
              + " at first; the capture at "
              + far
              + " holds no packet of the time of the last repetition, so what became of that one is"
              + " unknown";
      case UNKNOWN ->
          "leaves "
              + near
              + "; the capture at "
              + far
              + " holds no packet of that time and cannot show whether it arrives";
      case PROXY -> "leaves " + near + " towards a proxy " + between();
    };
  }

  /** Whether a device that forgets silent connections is the best explanation. */
  private boolean isProbablyForgotten() {
    return othersCross
        && silence != Silence.SHORT
        && reason == Reason.UNKNOWN
        && icmp.isEmpty()
        && !large
        && smaller.isEmpty()
        && (place == Place.LOST || place == Place.FIRST_LOST);
  }

  private String behindFar() {
    return Words.behind(far, dataDirection.reverse());
  }

  /** Whether ICMP says why nothing answers: then no end is at fault. */
  private boolean isTooBig() {
    return reason == Reason.TOO_BIG
        || reason == Reason.TOO_BIG_LOST
        || reason == Reason.IGNORED
        || reason == Reason.REFUSED;
  }

  private String between() {
    return new Leg(dataDirection, near, far).between();
  }

  @Override
  public Optional<Leg> leg() {
    return near.equals(far) ? Optional.empty() : Optional.of(new Leg(dataDirection, near, far));
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(dataDirection);
  }

  @Override
  public Facts facts() {
    return Facts.of("near_point", near.name())
        .and("far_point", far.name())
        .and("place", place.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .and("after_idle", silence == Silence.LONG)
        .and("others_cross", othersCross)
        .and("probably_forgotten", isProbablyForgotten())
        .and("receiver_goes_on_sending", isReceiverSending)
        .and("server_answers_others_meanwhile", serverAnswersOthers)
        .and("explained_by", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .and("answered_by_icmp", icmp.isPresent())
        .and("larger_than_all_that_crossed", large)
        .and("probably_black_hole", blackHole)
        .and("probably_mtu_fell", smaller.isPresent());
  }

  @Override
  public List<Cause> causes() {
    if (reason != Reason.UNKNOWN
        || icmp.isPresent()
        || place == Place.ANSWER_LOST
        || place == Place.RESET_LOST
        || place == Place.PROXY) {
      return List.of();
    }
    List<Cause> causes = new ArrayList<>();
    smaller.ifPresent(bytes -> causes.add(fallen(bytes)));
    if (place != Place.UNANSWERED || near.equals(far)) {
      addForgotten(causes);
      addTooLarge(causes);
    }
    return causes;
  }

  private void addForgotten(List<Cause> causes) {
    List<String> supporting = new ArrayList<>();
    List<String> contradicting = new ArrayList<>();
    if (silence != Silence.SHORT || repeated == Ending.Repeated.KEEP_ALIVE) {
      switch (silence) {
        case LONG -> supporting.add("there was silence of 60 s or more before");
        case LONGEST -> {
          supporting.add("the silence before is longer than any that the connection survived");
          contradicting.add("it is shorter than 60 s");
        }
        case SHORT -> contradicting.add("there was silence of less than 60 s before");
      }
      if (othersCross) {
        supporting.add("other connections cross meanwhile");
      } else {
        contradicting.add("no other connection shows that the path works meanwhile");
      }
      if (translated) {
        supporting.add("a NAT is " + between());
      }
      causes.add(
          new Cause(
              "a NAT or firewall that forgot the idle connection and drops its packets",
              supporting,
              contradicting,
              "RFC 5382, section 5"));
    }
  }

  private static Cause fallen(int bytes) {
    return new Cause(
        "another route or tunnel since then, with a smaller MTU, whose ICMP does not arrive (black"
            + " hole)",
        List.of(
            String.format(
                "segments of up to %d bytes cross since then, and only larger ones are lost",
                bytes)),
        List.of(),
        "RFC 2923, section 2.1");
  }

  private void addTooLarge(List<Cause> causes) {
    if (large) {
      causes.add(
          new Cause(
              "a link with a smaller MTU whose ICMP does not arrive (black hole)",
              List.of("the segment is larger than any that crossed, and has DF set"),
              notShown(),
              "RFC 2923, section 2.1"));
    }
  }

  private List<String> notShown() {
    return switch (place) {
      case UNKNOWN -> List.of("the capture at " + far + " cannot show that it is lost");
      case FIRST_LOST -> List.of("the capture at " + far + " cannot show that all copies are lost");
      default -> List.of();
    };
  }

  @Override
  public Optional<SecondCapture> secondCapture() {
    if (icmp.isPresent() || isTooBig()) { // ICMP says what refuses the packet.
      return Optional.empty();
    }
    Direction receiver = dataDirection.reverse();
    String settles = "whether the repeated segments arrive there, and what answers them";
    return switch (place) {
      case UNKNOWN, FIRST_LOST, ARRIVED ->
          near.equals(far)
              ? Optional.empty()
              : Optional.of(SecondCapture.again(far, receiver, settles));
      case UNANSWERED ->
          reason != Reason.UNKNOWN
              ? Optional.empty()
              : Optional.of(SecondCapture.near(receiver, settles));
      default -> Optional.empty();
    };
  }

  @Override
  public String nextStep() {
    String settle =
        place == Place.UNKNOWN || place == Place.FIRST_LOST || place == Place.ARRIVED
            ? "; to settle where it is lost, capture at " + far + " without a filter for longer"
            : "";
    if (isTooBig()) {
      return "see the findings on the path MTU";
    }
    if (reason == Reason.FRAGMENTED) {
      return "see the finding on fragments";
    }
    if (reason == Reason.WRONG_CHECKSUM) {
      return "see the finding on the checksums";
    }
    if (reason == Reason.TIME_EXCEEDED) {
      return "see the finding on the exceeded time";
    }
    if (reason == Reason.UNTRANSLATED) {
      return "see the untranslated packets";
    }
    if (reason == Reason.RST_INJECTED) {
      return "see the finding on the injected RST";
    }
    if (icmp.isPresent()) {
      return String.format(
          "look into the routes, neighbours and rules of the device that sends %s",
          icmp.get().original().isEmpty()
              ? icmp.get().message() + " from " + icmp.get().sender()
              : icmp.get().original());
    }
    if (place == Place.ANSWER_LOST) {
      return "look for drops of acknowledgments " + between();
    }
    if (place == Place.RESET_LOST) {
      return "look for a firewall that drops RSTs "
          + between()
          + ", and check whether the "
          + Words.sender(dataDirection.reverse())
          + " or its process was restarted";
    }
    if ((large && place != Place.UNANSWERED) || smaller.isPresent()) {
      return Words.PROBE + " " + between() + " to find the MTU" + settle;
    }
    if (isProbablyForgotten()) {
      return "compare the silence before it (-v) with the idle timeout of each NAT and firewall "
          + between()
          + ": raise that, or send keep-alives more often"
          + settle;
    }
    if (silence == Silence.LONG && (place != Place.UNANSWERED || near.equals(far))) {
      return "send keep-alives more often than the idle timeout of the NAT or firewall, or raise"
          + " that timeout"
          + settle;
    }
    if (alone) {
      return "capture at the other points at that time: cannot tell where it is lost";
    }
    return (place == Place.LOST || place == Place.FIRST_LOST
            ? othersCross
                ? "look for a firewall or NAT that drops this connection "
                    + between()
                    + ": other connections cross meanwhile"
                : "look for a firewall, a route or a link that failed " + between()
            : isReceiverSending
                ? "look for what drops these segments on the "
                    + Words.sender(dataDirection.reverse())
                    + " or in front of it: a host firewall (nft, iptables INPUT), a wrong checksum"
                    + " (nstat: TcpInCsumErrors)"
                : serverAnswersOthers
                    ? "the same server sends on other connections meanwhile, so it runs: look for a"
                        + " firewall, NAT or load balancer in front of it that no longer has this"
                        + " connection, and for a host firewall; capture on it to see whether packets"
                        + " reach it"
                    : "check that the "
                        + Words.sender(dataDirection.reverse())
                        + " still runs, and capture on it to see whether packets reach it")
        + settle;
  }
}
