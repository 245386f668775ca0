package org.mssbridge.rule;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;

/** A RST that passes all points and ends a connection. */
final class ConnectionReset implements Rule {
  static final Kind KIND =
      new Kind("connection.reset", Severity.NOTE, Group.SEQUENCE, "a RST ends a connection");

  /** Devices hardly forget a connection that was idle for less. */
  static final long IDLE_NANOS = 60_000_000_000L;

  /** A shorter silence is not worth a word. */
  static final long LEAST_SILENCE_NANOS = 1_000_000_000;

  /** What the RST answers. */
  enum Reason {
    CLOSED("in answer to data that came after it had closed (its FIN is before the RST)"),
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

    static Reason of(Ending.Reset reset) {
      if (reset.earlierRow() >= 0) {
        return KILLED;
      }
      if (reset.halfOpen()) {
        return HALF_OPEN;
      }
      if (reset.withoutConnection()) {
        return reset.afterFin() ? CLOSED : FORGOTTEN;
      }
      if (reset.afterOtherFin() && reset.outstandingBytes() + reset.unreadBytes() == 0) {
        return INSTEAD_OF_FIN;
      }
      return reset.provokingRow() >= 0 ? ANSWER : ABORTED;
    }
  }

  /** What became of data that was under way. */
  enum Data {
    DONE(""),
    OUTSTANDING(", with data outstanding"),
    UNREAD(", with data of the other end that it may not have read");

    private final String text;

    Data(String text) {
      this.text = text;
    }

    static Data of(Ending.Reset reset) {
      return reset.outstandingBytes() > 0 ? OUTSTANDING : reset.unreadBytes() > 0 ? UNREAD : DONE;
    }
  }

  /** What on the path can make an end give up. */
  enum Trouble {
    NONE,
    LOST_ACKNOWLEDGMENTS,
    BLACK_HOLE,
    INJECTED_RESET;

    static Trouble of(Evidence evidence, Life life, Direction from) {
      if (evidence.isControlLost(life.connection(), from.reverse())) {
        return LOST_ACKNOWLEDGMENTS;
      }
      boolean isBlackHole =
          evidence.isInBlackHole(life.connection(), Direction.C2S)
              || evidence.isInBlackHole(life.connection(), Direction.S2C);
      if (isBlackHole) {
        return BLACK_HOLE;
      }
      boolean isInjected =
          life.connection().pairs().stream()
              .anyMatch(pair -> !evidence.injected(pair, from.reverse()).found().isEmpty());
      return isInjected ? INJECTED_RESET : NONE;
    }
  }

  /**
   * Connections that end in the same way.
   *
   * @param from the direction in which the RST travels
   * @param point the point nearest the end that sends it
   * @param everywhere whether several points saw it
   * @param reason what it answers
   * @param data whether data was not acknowledged, or perhaps not read
   * @param afterIdle whether there was silence of 60 s or more before
   * @param trouble what on the path made the sender of the RST give up
   * @param otherTtl whether its TTL is not that of the flow's first segment
   */
  record Reset(
      Direction from,
      CapturePoint point,
      boolean everywhere,
      Reason reason,
      Data data,
      boolean afterIdle,
      Trouble trouble,
      boolean otherTtl)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public Severity severity() {
      if (trouble != Trouble.NONE) {
        return KIND.severity();
      }
      if (isForeign()) {
        return Severity.WARN;
      }
      return data != Data.DONE
          ? Severity.WARN
          : reason == Reason.INSTEAD_OF_FIN || reason == Reason.HALF_OPEN
              ? Severity.CHAT
              : KIND.severity();
    }

    /** Whether the only capture shows that the RST took another way than the other segments. */
    private boolean isForeign() {
      return otherTtl && !everywhere && reason != Reason.HALF_OPEN;
    }

    @Override
    public String message() {
      if (isForeign() && trouble == Trouble.NONE) {
        return String.format(
            "a RST in the name of the %s ends the connection%s%s, but its TTL is not that of the"
                + " other segments: probably a device %s sends it",
            sender(),
            afterIdle ? " after 60 s or more of silence" : "",
            data.text,
            Words.behind(point, from));
      }
      if (trouble != Trouble.NONE) {
        return "reset by the "
            + sender()
            + switch (trouble) {
              case BLACK_HOLE -> ", whose data is lost in a black hole on the path";
              case INJECTED_RESET -> ", to which a device on the path had sent a RST before";
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
      return String.format(
          "reset by %s %s%s%s: the reason is %s%s",
          otherTtl ? "a device in the name of the " + sender() : "the " + sender(),
          reason.text,
          afterIdle ? ", after 60 s or more of silence" : "",
          data.text,
          Words.behind(point, from),
          everywhere ? ", not between the capture points" : "");
    }

    @Override
    public List<Explanation> because() {
      return switch (trouble) {
        case BLACK_HOLE ->
            List.of(new Explanation(PmtudBlackhole.KIND, "large segments do not cross"));
        case INJECTED_RESET ->
            List.of(new Explanation(RstInjected.KIND, "a RST had ended it for its sender"));
        case LOST_ACKNOWLEDGMENTS ->
            List.of(new Explanation(PathLostControl.KIND, "acknowledgments are lost on the way"));
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
          .and("fault", trouble == Trouble.NONE ? "behind " + point : "between")
          .and("other_ttl_than_flow", otherTtl);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return trouble != Trouble.NONE
              || (!otherTtl && (reason == Reason.INSTEAD_OF_FIN || reason == Reason.HALF_OPEN))
          ? Optional.empty()
          : Optional.of(
              SecondCapture.near(
                  from,
                  "whether the " + sender() + " itself sends the RST, or a device before it"));
    }

    @Override
    public String nextStep() {
      if (trouble != Trouble.NONE) {
        return switch (trouble) {
          case BLACK_HOLE -> "see the black hole";
          case INJECTED_RESET -> "see the RST that a device sent";
          default -> "see the loss of the acknowledgments";
        };
      }
      if (reason == Reason.HALF_OPEN) {
        return "";
      }
      if (otherTtl) {
        return "look into the logs of the devices behind " + point + " at that time";
      }
      return switch (reason) {
        case CLOSED ->
            "let the application on the " + sender() + " read to the end before it closes";
        case FORGOTTEN ->
            "check whether the "
                + sender()
                + " or its process was restarted, or a device behind "
                + point
                + " forgot the connection"
                + (afterIdle ? "; send keep-alives more often than its idle timeout" : "");
        case KILLED -> "find where the first RST comes from: the second only follows from it";
        case INSTEAD_OF_FIN, HALF_OPEN -> "";
        case ANSWER, ABORTED ->
            "look into the log of the application on the " + sender() + " at that time";
      };
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    SenderTtls ttls = new SenderTtls(evidence);
    for (Life life : evidence.lives()) {
      StaleConnection.report(life, findings);
      for (Direction from : Direction.values()) {
        CapturePoint nearest = nearest(life, from);
        if (life.ending(nearest) instanceof Ending.Reset reset
            && reset.from() == from
            && !answersUntranslated(evidence, life, nearest, reset)
            && isEverywhere(evidence, life, nearest, reset)) {
          report(evidence, life, nearest, reset, ttls, findings);
        }
      }
    }
  }

  /** Whether it answers a packet that a NAT let pass as it is: that finding tells of it. */
  private static boolean answersUntranslated(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    int frame = life.at(point).clientToServer().table().frame(reset.row());
    return evidence.comparison().answersWrongAddress(point, frame);
  }

  /** The point nearest the sender of a direction. */
  static CapturePoint nearest(Life life, Direction from) {
    List<CapturePoint> points = life.points();
    return from == Direction.C2S ? points.get(0) : points.get(points.size() - 1);
  }

  /** Whether every other point saw it too, or its capture ends before. */
  private static boolean isEverywhere(
      Evidence evidence, Life life, CapturePoint nearest, Ending.Reset reset) {
    long nanos = life.at(nearest).clientToServer().table().timeNanos(reset.row());
    return evidence.comparison().path().stream()
        .filter(capture -> life.endings().at(capture.point()).isPresent())
        .allMatch(
            capture ->
                (life.ending(capture.point()) instanceof Ending.Reset other
                        && other.from() == reset.from()
                        && !isInjected(evidence, life, capture.point(), other))
                    || !Reach.covers(
                        capture, evidence.comparison().timeAt(capture.point(), nearest, nanos)));
  }

  /** Whether the RST at a point was made on the way there. */
  private static boolean isInjected(
      Evidence evidence, Life life, CapturePoint point, Ending.Reset reset) {
    return life.connection().pairs().stream()
        .filter(pair -> pair.farPoint(reset.from()).equals(point))
        .anyMatch(pair -> evidence.injected(pair, reset.from()).contains(reset.row()));
  }

  private static void report(
      Evidence evidence,
      Life life,
      CapturePoint point,
      Ending.Reset reset,
      SenderTtls ttls,
      Findings findings) {
    SegmentTable table = life.at(point).clientToServer().table();
    int flowTtl = ttls.expected(point, life.at(point).flow(reset.from()), reset.row());
    int ttl = table.ttl(reset.row());
    boolean provoked = reset.provokingRow() >= 0;
    Occurrence occurrence = Occurrence.on(life.connection().id());
    if (provoked) {
      occurrence = occurrence.at(point, table.frame(reset.provokingRow()));
    }
    for (CapturePoint seen : life.points()) {
      if (life.ending(seen) instanceof Ending.Reset other) {
        occurrence = occurrence.at(seen, life.at(seen).clientToServer().table().frame(other.row()));
      }
    }
    findings.add(
        new Reset(
            reset.from(),
            point,
            life.points().size() > 1,
            Reason.of(reset),
            Data.of(reset),
            reset.idleNanos() >= IDLE_NANOS,
            Trouble.of(evidence, life, reset.from()),
            ttl != flowTtl),
        occurrence
            .saying(
                String.format(
                    "%s: RST of the %s in frame %d at %s%s%s, with %s outstanding%s%s",
                    life.name(point),
                    Words.sender(reset.from()),
                    table.frame(reset.row()),
                    point,
                    provoked
                        ? (reset.withoutConnection() ? ", in answer to" : ", right after")
                            + " frame "
                            + table.frame(reset.provokingRow())
                        : "",
                    reset.idleNanos() < LEAST_SILENCE_NANOS
                        ? ""
                        : ", after " + Words.seconds(reset.idleNanos()) + " of silence",
                    Words.count(reset.outstandingBytes(), "byte"),
                    reset.unreadBytes() == 0
                        ? ""
                        : "; only the RST acknowledges the last "
                            + Words.count(reset.unreadBytes(), "byte")
                            + " of the other end, which the application may never have read",
                    ttl == flowTtl
                        ? ""
                        : String.format("; its TTL is %d, the flow's %d", ttl, flowTtl)))
            .with(
                Facts.of("outstanding_bytes", reset.outstandingBytes())
                    .and("unread_bytes", reset.unreadBytes())
                    .and("idle_ms", reset.idleNanos() / 1e6)
                    .and("ttl", ttl)
                    .and("flow_ttl", flowTtl)));
  }
}
