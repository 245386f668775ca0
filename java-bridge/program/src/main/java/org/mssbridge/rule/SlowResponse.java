package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.HandshakeGaps;
import org.mssbridge.evidence.NewBytes;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** A request that the server's TCP acknowledges, and its application answers much later. */
final class SlowResponse implements Rule {
  static final Kind KIND =
      new Kind(
          "response.slow",
          Severity.NOTE,
          Group.RESPONSE,
          "a server acknowledges a request at once and answers it late");

  /** A user notices a wait of a second. */
  private static final long LEAST_NANOS = 1_000_000_000L;

  /** Who waits longer is idle, and the data that comes at last is hardly an answer. */
  private static final long MOST_NANOS = 60_000_000_000L;

  /** No round trip takes so large a part of the wait. */
  private static final int MUCH_LONGER = 10;

  /** Answers that come late. */
  record Slow(CapturePoint point, int answers, long longestNanos, OptionalLong roundTripNanos)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "the server acknowledges %s at once and sends no data for %s: probably its application"
              + " is slow, not the network%s",
          answers == 1 ? "a request" : Words.count(answers, "request"),
          answers == 1 ? Words.seconds(longestNanos) : "up to " + Words.seconds(longestNanos),
          roundTripNanos.isPresent()
              ? " (round trip " + Words.time(roundTripNanos.getAsLong()) + ")"
              : "");
    }

    @Override
    public boolean qualifiesNoProblem() {
      return true;
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("answers", answers)
          .and("longest_wait_s", longestNanos / 1e9);
    }

    @Override
    public String nextStep() {
      return "look what the application on the server does in that time (its log, its database, the"
          + " servers that it asks itself); ignore it where the client waits for news (long poll)";
    }
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<CapturePoint, Tally> byPoint = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (evidence.comparison().isOnPath(traced)) {
        check(traced, byPoint);
      }
    }
    byPoint.values().forEach(tally -> tally.report(findings));
  }

  private static void check(TracedConnection traced, Map<CapturePoint, Tally> byPoint) {
    CapturePoint point = Evidence.nearestSender(traced, Direction.S2C);
    CapturePoint first = Evidence.nearestSender(traced, Direction.C2S);
    Connection seen = traced.at().at(point).orElseThrow();
    Walk walk = new Walk(seen);
    OptionalLong wholeNanos = roundTrip(traced.at().at(first).orElseThrow());
    if (walk.answers > 0 && wholeNanos.orElse(0) < walk.longestNanos / MUCH_LONGER) {
      byPoint
          .computeIfAbsent(point, Tally::new)
          .add(walk, wholeNanos, walk.occurrence(traced, seen, point));
    }
  }

  /** The late answers at a point. */
  private static final class Tally {
    private final CapturePoint point;
    private final List<Occurrence> occurrences = new ArrayList<>();
    private int answers;
    private long longestNanos;
    private OptionalLong roundTripNanos = OptionalLong.empty();

    Tally(CapturePoint point) {
      this.point = point;
    }

    void add(Walk walk, OptionalLong wholeNanos, Occurrence occurrence) {
      answers += walk.answers;
      longestNanos = Math.max(longestNanos, walk.longestNanos);
      if (wholeNanos.isPresent()) {
        roundTripNanos =
            OptionalLong.of(Math.max(roundTripNanos.orElse(0), wholeNanos.getAsLong()));
      }
      occurrences.add(occurrence);
    }

    void report(Findings findings) {
      findings.add(new Slow(point, answers, longestNanos, roundTripNanos), occurrences);
    }
  }

  private static OptionalLong roundTrip(Connection seen) {
    return HandshakeGaps.of(seen)
        .map(gaps -> OptionalLong.of(gaps.clientNanos() + gaps.serverNanos()))
        .orElse(OptionalLong.empty());
  }

  /** The late answers of a connection. */
  private static final class Walk {
    private final SegmentTable table;
    private final NewBytes asked = new NewBytes();
    private final NewBytes answered = new NewBytes();
    private int answers;
    private long longestNanos;
    private int requestRow = -1;
    private int answerRow = -1;

    Walk(Connection seen) {
      table = seen.clientToServer().table();
      if (!table.isTimed()
          || seen.clientToServer().dataSegments() == 0
          || seen.serverToClient().dataSegments() == 0) {
        return;
      }
      int client = seen.clientToServer().firstRow();
      int server = seen.serverToClient().firstRow();
      int request = -1;
      boolean isAcknowledged = false;
      boolean isClosed = false;
      while (server >= 0) {
        if (client >= 0 && client < server) {
          if (isEnd(client)) {
            return;
          }
          // One byte is a probe, and a request that is repeated after its answer is none.
          boolean isNew = asked.advance(table, client) > 0;
          if (table.payloadBytes(client) > 1 && (isNew || request >= 0)) {
            request = client;
            isAcknowledged = false;
            isClosed = false;
          }
          isClosed |= table.window(client) == 0;
          client = table.next(client);
          continue;
        }
        if (isEnd(server)) {
          return;
        }
        // An answer that is sent again is not late: what it answers was answered before.
        boolean isNew = answered.advance(table, server) > 0;
        if (table.payloadBytes(server) > 1 && isNew) {
          if (request >= 0 && isAcknowledged && !isClosed) {
            add(request, server);
          }
          request = -1;
        } else if (request >= 0 && isAcknowledging(server, request)) {
          isAcknowledged = true;
        }
        server = table.next(server);
      }
    }

    /** After a SYN, a FIN ends what one end says, and so does a RST. */
    private boolean isEnd(int row) {
      return (table.flags(row) & (TcpFlags.RST | TcpFlags.FIN)) != 0
          && table.payloadBytes(row) == 0;
    }

    /** Whether a segment acknowledges a request, in less than half of the least wait. */
    private boolean isAcknowledging(int row, int request) {
      int end = table.sequence(request) + table.payloadBytes(request);
      return (table.flags(row) & TcpFlags.ACK) != 0
          && table.acknowledgment(row) - end >= 0
          && table.timeNanos(row) - table.timeNanos(request) < LEAST_NANOS / 2;
    }

    private void add(int request, int answer) {
      long nanos = table.timeNanos(answer) - table.timeNanos(request);
      if (nanos >= LEAST_NANOS && nanos <= MOST_NANOS) {
        answers++;
        if (nanos > longestNanos) {
          longestNanos = nanos;
          requestRow = request;
          answerRow = answer;
        }
      }
    }

    Occurrence occurrence(TracedConnection traced, Connection seen, CapturePoint point) {
      return Occurrence.on(traced.id())
          .at(point, table.frame(requestRow))
          .at(point, table.frame(answerRow))
          .saying(
              String.format(
                  "%s to %s: frame %d answers frame %d after %s",
                  seen.client(),
                  seen.server(),
                  table.frame(answerRow),
                  table.frame(requestRow),
                  Words.seconds(longestNanos)))
          .with(Facts.of("answers", answers).and("longest_wait_s", longestNanos / 1e9));
    }
  }
}
