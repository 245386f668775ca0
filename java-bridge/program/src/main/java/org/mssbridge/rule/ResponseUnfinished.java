package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.LargeLost;
import org.mssbridge.evidence.UnseenData;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * Responses that stop before the point nearest to the server. The client gives up, and the number
 * of the server's next segment shows that it had sent more: this tells such a response from one
 * that is complete and a client that closes an idle connection.
 */
final class ResponseUnfinished implements Rule {
  static final Kind KIND =
      new Kind(
          "response.unfinished",
          Severity.WARN,
          Group.RESPONSE,
          "a response never arrives in full and the client gives up");

  /** A user notices a wait of a second, and data on its way arrives sooner. */
  private static final long LEAST_NANOS = 1_000_000_000L;

  /**
   * Responses that stop.
   *
   * @param leastBytes the fewest bytes that a response lacks
   * @param mostBytes the most
   */
  record Unfinished(
      CapturePoint point,
      int responses,
      int leastBytes,
      int mostBytes,
      long leastNanos,
      long mostNanos)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      boolean isOne = responses == 1;
      return String.format(
          "%s never %s in full, and the client gives up after a silence of %s: by its sequence"
              + " numbers the server sent %s more%s, and none of that passes %s, so it is lost %s",
          Words.count(responses, "response"),
          isOne ? "arrives" : "arrive",
          Words.times(leastNanos, mostNanos),
          leastBytes == mostBytes
              ? Words.count(mostBytes, "byte")
              : "up to " + Words.count(mostBytes, "byte"),
          isOne ? "" : " each",
          point,
          Words.behind(point, Direction.S2C));
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(Direction.S2C);
    }

    @Override
    public Facts facts() {
      return Facts.of("point", point.name())
          .and("fault", "behind " + point)
          .and("responses", responses)
          .and("longest_wait_s", mostNanos / 1e9);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          SecondCapture.near(
              Direction.S2C, "whether these bytes leave there, in what sizes, and how often"));
    }

    @Override
    public String nextStep() {
      return Words.probe("the server")
          + " to see whether large packets get lost; capture also on the server; look for drops on"
          + " the way from it";
    }
  }

  /** A response that stops, and how long the client waits for the rest. */
  private record Stop(
      CapturePoint point, UnseenData unseen, long waitedNanos, Occurrence occurrence) {}

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<CapturePoint, List<Stop>> byPoint = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (evidence.comparison().isOnPath(traced)) {
        CapturePoint point = Evidence.nearestSender(traced, Direction.S2C);
        stop(traced, point)
            .ifPresent(stop -> byPoint.computeIfAbsent(point, key -> new ArrayList<>()).add(stop));
      }
    }
    byPoint.forEach(
        (point, stops) ->
            findings.add(
                new Unfinished(
                    point,
                    stops.size(),
                    stops.stream().mapToInt(stop -> stop.unseen().bytes()).min().orElseThrow(),
                    stops.stream().mapToInt(stop -> stop.unseen().bytes()).max().orElseThrow(),
                    stops.stream().mapToLong(Stop::waitedNanos).min().orElseThrow(),
                    stops.stream().mapToLong(Stop::waitedNanos).max().orElseThrow()),
                stops.stream().map(Stop::occurrence).toList()));
  }

  private static Optional<Stop> stop(TracedConnection traced, CapturePoint point) {
    Connection seen = traced.at().at(point).orElseThrow();
    Flow client = seen.clientToServer();
    Flow server = seen.serverToClient();
    SegmentTable table = client.table();
    int closing = client.firstClosingRow();
    if (!table.isTimed()
        || closing < 0
        // A host that has closed answers data with a RST: then the capture may have missed it.
        || client.hasReset()
        || client.dataSegments() == 0
        || isBefore(server.firstClosingRow(), closing)) {
      return Optional.empty();
    }
    Optional<UnseenData> unseen = UnseenData.of(seen, Direction.S2C);
    if (unseen.isEmpty() || LargeLost.hole(seen, Direction.S2C).isPresent()) {
      return Optional.empty(); // A hole that the client asks for is reported as such.
    }
    long waitedNanos = table.timeNanos(closing) - table.timeNanos(lastBefore(seen, closing));
    if (waitedNanos < LEAST_NANOS) {
      return Optional.empty();
    }
    Occurrence occurrence = Occurrence.on(traced.id());
    if (server.lastDataRow() >= 0) {
      occurrence = occurrence.at(point, table.frame(server.lastDataRow()));
    }
    return Optional.of(
        new Stop(
            point,
            unseen.get(),
            waitedNanos,
            occurrence
                .at(point, table.frame(closing))
                .at(point, table.frame(unseen.get().row()))
                .saying(words(seen, unseen.get(), closing))
                .with(
                    Facts.of("missing_bytes", unseen.get().bytes())
                        .and("waited_s", waitedNanos / 1e9))));
  }

  private static String words(Connection seen, UnseenData unseen, int closing) {
    SegmentTable table = seen.clientToServer().table();
    int last = seen.serverToClient().lastDataRow();
    return String.format(
        "%s to %s: %s; the client closes in frame %d, and frame %d of the server has a number %s"
            + " further on",
        seen.client(),
        seen.server(),
        last < 0
            ? "no data of the server passes"
            : "the server's last data is in frame " + table.frame(last),
        table.frame(closing),
        table.frame(unseen.row()),
        Words.count(unseen.bytes(), "byte"));
  }

  private static boolean isBefore(int row, int other) {
    return row >= 0 && row < other;
  }

  /** The last segment of either end before another one that has data, or that opens it. */
  private static int lastBefore(Connection seen, int closing) {
    SegmentTable table = seen.clientToServer().table();
    int last = seen.clientToServer().firstRow();
    for (Direction direction : Direction.values()) {
      for (int row = seen.flow(direction).firstRow();
          isBefore(row, closing);
          row = table.next(row)) {
        boolean counts = table.payloadBytes(row) > 0 || (table.flags(row) & TcpFlags.SYN) != 0;
        last = counts ? Math.max(last, row) : last;
      }
    }
    return last;
  }
}
