package org.mssbridge.rule;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.evidence.Ending;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;

/**
 * Connections that end in the same way by a RST.
 *
 * @param from the direction in which the RST travels
 * @param point the point that saw it nearest the end that sends it
 * @param seenBy which points can show that it comes from there
 * @param reason what it answers
 * @param data whether data was not acknowledged, or perhaps not read
 * @param afterIdle whether there was silence of 60 s or more before
 * @param trouble what on the path made the sender of the RST give up
 * @param otherTtl whether its TTL is not that of the flow's first segment
 * @param earlierOtherTtl whether a RST had ended it before that comes from nearer or farther than
 *     its flow, by its TTL
 */
record EndedByReset(
    Direction from,
    CapturePoint point,
    SeenBy seenBy,
    Reason reason,
    Data data,
    boolean afterIdle,
    Trouble trouble,
    boolean otherTtl,
    boolean earlierOtherTtl)
    implements Finding {
  /** Who acknowledged a FIN this long ago can know that the other end has closed. */
  private static final long KNOWN_NANOS = 100_000_000;

  /**
   * Which points can show where it comes from.
   *
   * @param several whether several points saw the connection, the nearest to the sender among them
   * @param uncovered the point nearest the sender, whose capture does not cover the time of the RST
   */
  record SeenBy(boolean several, Optional<CapturePoint> uncovered) {}

  /** What the RST answers. */
  enum Reason {
    CLOSED("in answer to data that came after it had closed (its FIN is before the RST)"),
    CLOSED_KNOWN("in answer to data that came although its FIN had been acknowledged before"),
    FORGOTTEN("in answer to a segment of a connection that it no longer has"),
    HALF_OPEN("in answer to the SYN/ACK, without ever completing the handshake"),
    ANSWER("right after data of the other end"),
    KILLED("in answer to a segment that comes after another RST had ended the connection for it"),
    INSTEAD_OF_FIN("instead of a FIN after the other end had closed, with nothing outstanding"),
    ABORTED("of its own accord, as an application that aborts or closes with unread data does");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /**
     * What a RST answers.
     *
     * @param knownNanos how long before what it answers its sender's FIN was acknowledged; negative
     *     where it was not
     */
    static Reason of(Ending.Reset reset, long knownNanos) {
      if (reset.earlierRow() >= 0) {
        return KILLED;
      }
      if (reset.halfOpen()) {
        return HALF_OPEN;
      }
      if (reset.withoutConnection()) {
        return !reset.afterFin() ? FORGOTTEN : knownNanos >= KNOWN_NANOS ? CLOSED_KNOWN : CLOSED;
      }
      if (reset.afterOtherFin() && !reset.interrupts()) {
        return INSTEAD_OF_FIN;
      }
      return reset.provokingRow() >= 0 ? ANSWER : ABORTED;
    }
  }

  /** What became of data that was under way. */
  enum Data {
    DONE(""),
    OUTSTANDING(", with data outstanding"),
    /** A client may stop a download whenever it likes. */
    STOPPED(", with data of the server on its way"),
    UNREAD(", with data of the other end that it may not have read");

    private final String text;

    Data(String text) {
      this.text = text;
    }

    static Data of(Ending.Reset reset, Reason reason, long otherBytes) {
      boolean stops =
          reset.from() == Direction.C2S && (reason == Reason.ABORTED || reason == Reason.ANSWER);
      if (reset.ownOutstandingBytes() > 0 || (otherBytes > 0 && !stops)) {
        return OUTSTANDING;
      }
      return reset.unreadBytes() > 0 ? UNREAD : otherBytes > 0 ? STOPPED : DONE;
    }
  }

  /** What on the path can make an end give up. */
  enum Trouble {
    NONE,
    LOST_ACKNOWLEDGMENTS,
    LOST_FIN,
    BLACK_HOLE,
    UNTRANSLATED,
    INJECTED_RESET,
    PROBABLY_INJECTED_RESET
  }

  @Override
  public Kind kind() {
    return ConnectionReset.KIND;
  }

  @Override
  public Severity severity() {
    if (trouble != Trouble.NONE) {
      return kind().severity();
    }
    if (reason == Reason.HALF_OPEN || (reason == Reason.INSTEAD_OF_FIN && !otherTtl)) {
      return Severity.CHAT;
    }
    boolean breaks = data == Data.OUTSTANDING || data == Data.UNREAD;
    return breaks || isForeign() ? Severity.WARN : kind().severity();
  }

  /** Whether another device probably sends it, and breaks off what was not at its end. */
  private boolean isForeign() {
    return otherTtl && reason != Reason.HALF_OPEN && reason != Reason.INSTEAD_OF_FIN;
  }

  @Override
  public String message() {
    if (trouble != Trouble.NONE) {
      return "reset by the "
          + sender()
          + switch (trouble) {
            case BLACK_HOLE -> ", whose data is lost in a black hole on the path";
            case LOST_FIN ->
                ", which had closed it, in answer to a segment of the "
                    + Words.sender(from.reverse())
                    + ", which never received its FIN";
            case INJECTED_RESET -> ", to which a device on the path had sent a RST before";
            case PROBABLY_INJECTED_RESET -> ", to which a device had probably sent a RST before";
            case UNTRANSLATED ->
                ", which had received a RST in answer to packets that a NAT did not translate";
            default -> ", because acknowledgments sent to it were lost on the path";
          };
    }
    if (reason == Reason.HALF_OPEN) {
      return "handshakes are answered with RST by their client, which never completes them: scans,"
          + " forged source addresses, or clients that had given up";
    }
    if (reason == Reason.INSTEAD_OF_FIN && !otherTtl) {
      return "reset by the " + sender() + " " + reason.text + ": harmless";
    }
    return who()
        + (afterIdle ? ", after 60 s or more of silence" : "")
        + data.text
        + ": "
        + (reason == Reason.KILLED
            ? "it only follows from that one" + first()
            : "the reason is " + where());
  }

  private String first() {
    return earlierOtherTtl
        ? ", which a device probably sent (its TTL is not that of the "
            + Words.sender(from.reverse())
            + "'s other packets)"
        : "";
  }

  /** A device need not have the reasons of a host: no story is told of it. */
  private String who() {
    if (otherTtl) {
      return "probably reset by a device in the name of the "
          + sender()
          + (reason == Reason.FORGOTTEN ? " in answer to a segment" : "")
          + (reason == Reason.KILLED ? " " + reason.text : "")
          + " (the TTL of the RST is not the flow's)";
    }
    String by = seenBy.uncovered().isPresent() ? "probably reset by the " : "reset by the ";
    return by
        + sender()
        + " "
        + (isAsByIdleTimeout() ? "of its own accord, as an idle timeout does" : reason.text);
  }

  /** Whether a host that had nothing left to do resets after a silence. */
  private boolean isAsByIdleTimeout() {
    return afterIdle && reason == Reason.ABORTED && data == Data.DONE;
  }

  private String where() {
    return Words.behind(point, from)
        + seenBy
            .uncovered()
            .map(blind -> " (the capture at " + blind + " does not cover that time)")
            .orElse(seenBy.several() ? ", not between the capture points" : "");
  }

  @Override
  public List<Explanation> because() {
    return switch (trouble) {
      case BLACK_HOLE ->
          List.of(new Explanation(PmtudBlackhole.KIND, "large segments do not cross"));
      case INJECTED_RESET, PROBABLY_INJECTED_RESET ->
          List.of(new Explanation(RstInjected.KIND, "an injected RST had closed it at its sender"));
      case UNTRANSLATED ->
          List.of(
              new Explanation(
                  ConnectionUntranslated.KIND, "a RST that answers them had ended it for its end"));
      case LOST_ACKNOWLEDGMENTS ->
          List.of(new Explanation(PathLostControl.KIND, "acknowledgments are lost on the way"));
      case LOST_FIN -> List.of(new Explanation(PathLostControl.KIND, "the FIN is lost on the way"));
      case NONE -> List.of();
    };
  }

  private String sender() {
    return Words.sender(from);
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(from);
  }

  @Override
  public Facts facts() {
    return Facts.of("point", point.name())
        .and("reset_by", sender())
        .and("reason", reason.name().toLowerCase(Locale.ROOT))
        .and("fault", fault())
        .and("other_ttl_than_flow", otherTtl);
  }

  private String fault() {
    return trouble != Trouble.NONE && trouble != Trouble.PROBABLY_INJECTED_RESET
        ? "between"
        : reason == Reason.KILLED ? "unknown" : "behind " + point;
  }

  @Override
  public Optional<SecondCapture> secondCapture() {
    boolean open =
        trouble == Trouble.NONE
            && reason != Reason.KILLED
            && reason != Reason.HALF_OPEN
            && (otherTtl || reason != Reason.INSTEAD_OF_FIN);
    return open
        ? Optional.of(
            SecondCapture.near(
                from, "whether the " + sender() + " itself sends the RST, or a device before it"))
        : Optional.empty();
  }

  @Override
  public String nextStep() {
    if (trouble != Trouble.NONE) {
      return switch (trouble) {
        case BLACK_HOLE -> "see the black hole";
        case LOST_FIN -> "see the loss of the FIN";
        case INJECTED_RESET, PROBABLY_INJECTED_RESET -> "see the RST that a device sent";
        case UNTRANSLATED -> "see the untranslated packets";
        default -> "see the loss of the acknowledgments";
      };
    }
    if (reason == Reason.HALF_OPEN) {
      return "";
    }
    if (otherTtl) {
      return "look into the logs of the devices behind " + point + " at that time";
    }
    String other = Words.sender(from.reverse());
    return switch (reason) {
      case CLOSED ->
          "let the application on the "
              + sender()
              + " read to the end before it closes"
              + (from == Direction.S2C
                  ? "; if it closes connections that are idle, let the client close them sooner than"
                      + " the server, or send the request again"
                  : "");
      case CLOSED_KNOWN ->
          "let the application on the "
              + other
              + " use no connection on which it has received a FIN (a pool has to drop these), or"
              + " that on the "
              + sender()
              + " read to the end before it closes";
      case FORGOTTEN ->
          "check whether the "
              + sender()
              + " or its process was restarted, or a device behind "
              + point
              + " forgot the connection"
              + (afterIdle ? "; send keep-alives more often than its idle timeout" : "");
      case KILLED ->
          earlierOtherTtl
              ? "look into the logs of the devices "
                  + Words.behind(point, from.reverse())
                  + " at that time: one of them probably sent the first RST"
              : "find where the first RST comes from: the second only follows from it";
      case INSTEAD_OF_FIN, HALF_OPEN -> "";
      case ANSWER, ABORTED ->
          isAsByIdleTimeout()
              ? "compare the silence before it (-v) with the idle timeouts of the application on the "
                  + sender()
                  + " and of each load balancer, proxy and firewall "
                  + Words.behind(point, from)
              : "look into the log of the application on the " + sender() + " at that time";
    };
  }
}
