package org.mssbridge.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.AcknowledgedSpan;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Reach;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * Requests that the server's TCP acknowledges and its application never answers with a byte. Where
 * a protocol answers nothing, the client sends for longer or closes at once, and the server closes
 * when the client does.
 *
 * @param point the last point, nearest to the server
 * @param severalPoints whether another point saw the connections too
 * @param end how the waiting ends
 */
record SilentApplication(CapturePoint point, boolean severalPoints, End end) implements Finding {
  /** A request is sent within this time. */
  private static final long REQUEST_NANOS = 1_000_000_000L;

  /** Whoever gives up without an answer has waited for this long at least. */
  private static final long WAIT_NANOS = 3_000_000_000L;

  /** A capture that ends has to show this much of the waiting. */
  private static final long UNENDED_WAIT_NANOS = 30_000_000_000L;

  /** An application that is alive closes so soon when the client has closed. */
  private static final long CLOSE_NANOS = 1_000_000_000L;

  /** How the waiting ends. */
  enum End {
    CLIENT_GIVES_UP("until the client gives up"),
    SERVER_CLOSES("until the server closes"),
    CAPTURE_ENDS("until the capture ends");

    private final String text;

    End(String text) {
      this.text = text;
    }
  }

  @Override
  public Kind kind() {
    return ConnectionUnanswered.KIND;
  }

  @Override
  public Severity severity() {
    return Severity.NOTE;
  }

  @Override
  public String message() {
    return String.format(
        "data %s %s, is acknowledged, and no byte comes back %s: if this protocol answers, the"
            + " fault is the application's %s%s",
        severalPoints ? "arrives at" : "passes",
        point,
        end.text,
        Words.behind(point, Direction.S2C),
        severalPoints ? ", not between the capture points" : "");
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(Direction.C2S);
  }

  @Override
  public Facts facts() {
    return Facts.of("point", point.name())
        .and("fault", "behind " + point)
        .and("ends", end.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  @Override
  public String nextStep() {
    return "look into the log of the application on the server at that time";
  }

  static void report(Evidence evidence, Findings findings) {
    Set<Integer> stalled = stalled(evidence);
    boolean alone = evidence.comparison().path().size() == 1;
    for (TracedConnection traced : evidence.comparison().connections()) {
      if ((alone || !traced.isOneSided())
          && !stalled.contains(traced.id())
          && isRequestOnly(traced)) {
        CapturePoint last = List.copyOf(traced.at().points()).get(traced.at().points().size() - 1);
        PointCapture capture = evidence.comparison().capture(last);
        report(traced, traced.at().at(last).orElseThrow(), capture, !alone, findings);
      }
    }
  }

  private static boolean isRequestOnly(TracedConnection traced) {
    for (CapturePoint point : traced.at().points()) {
      if (!isRequestOnly(traced.at().at(point).orElseThrow())) {
        return false;
      }
    }
    return true;
  }

  /** The connections whose data does not get through, or is not read: more is known of these. */
  private static Set<Integer> stalled(Evidence evidence) {
    Set<Integer> stalled = new HashSet<>();
    for (Life life : evidence.lives()) {
      for (CapturePoint point : life.points()) {
        Ending ending = life.ending(point);
        if (ending instanceof Ending.Stalled || ending instanceof Ending.WindowClosed) {
          stalled.add(life.connection().id());
        }
      }
    }
    return stalled;
  }

  /** Whether the client sends some data at once, all of it acknowledged, and the server none. */
  private static boolean isRequestOnly(Connection seen) {
    Flow client = seen.clientToServer();
    Flow server = seen.serverToClient();
    SegmentTable table = client.table();
    return client.dataSegments() > 0
        && server.dataSegments() == 0
        && seen.hasSyn()
        && server.firstHandshake().isPresent()
        && table.isTimed()
        && AcknowledgedSpan.reaches(server, end(client))
        && table.timeNanos(client.lastDataRow()) - table.timeNanos(client.firstDataRow())
            <= REQUEST_NANOS;
  }

  /** The number after its last data. */
  private static int end(Flow flow) {
    int last = flow.lastDataRow();
    return flow.table().sequence(last) + flow.table().payloadBytes(last);
  }

  private static void report(
      TracedConnection traced,
      Connection seen,
      PointCapture capture,
      boolean severalPoints,
      Findings findings) {
    Flow client = seen.clientToServer();
    SegmentTable table = client.table();
    int request = client.lastDataRow();
    int clients = client.firstClosingRow();
    int servers = seen.serverToClient().firstClosingRow();
    boolean serverCloses = servers >= 0 && (clients < 0 || servers < clients);
    int closing = serverCloses ? servers : clients;
    if (serverCloses && (table.flags(servers) & TcpFlags.RST) != 0) {
      return; // That is a reset.
    }
    long end = closing >= 0 ? table.timeNanos(closing) : Reach.endNanos(capture);
    long waited = end - table.timeNanos(request);
    long least = serverCloses ? 0 : closing >= 0 ? WAIT_NANOS : UNENDED_WAIT_NANOS;
    boolean alive = !serverCloses && servers >= 0 && table.timeNanos(servers) - end <= CLOSE_NANOS;
    if (waited < least || alive) {
      return; // It may be a protocol that answers nothing.
    }
    End how =
        serverCloses ? End.SERVER_CLOSES : closing >= 0 ? End.CLIENT_GIVES_UP : End.CAPTURE_ENDS;
    Occurrence occurrence = Occurrence.on(traced.id()).at(capture.point(), table.frame(request));
    if (closing >= 0) {
      occurrence = occurrence.at(capture.point(), table.frame(closing));
    }
    findings.add(
        new SilentApplication(capture.point(), severalPoints, how),
        occurrence
            .saying(
                String.format(
                    "%s to %s: after frame %d at %s no data comes back for %s, %s%s",
                    seen.client(),
                    seen.server(),
                    table.frame(request),
                    capture.point(),
                    Words.seconds(waited),
                    how.text,
                    closing >= 0 ? " (frame " + table.frame(closing) + ")" : ""))
            .with(Facts.of("requests", client.dataSegments()).and("waited_s", waited / 1e9)));
  }
}
