package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.AcknowledgedSpan;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.Life;
import org.mssbridge.evidence.Reach;
import org.mssbridge.evidence.Requests;
import org.mssbridge.evidence.UnseenData;
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
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/**
 * Requests that the server's TCP acknowledges and its application never answers with a byte.
 *
 * <p>Where the server answers other requests of this kind, the client need not wait for long. Where
 * it answers none, the protocol may be one without answers: then the client sends for longer or
 * closes at once, and the server closes when the client does. Clients that always give up after the
 * same time waited for something, and so does one that asks by HTTP or TLS.
 *
 * @param point the point nearest to the server
 * @param severalPoints whether another point saw the connections too
 * @param end how the waiting ends
 * @param patienceNanos how long each client waits, where that is as long on several connections;
 *     else 0
 * @param share which of the server's requests these are; empty where it answers none
 */
record SilentApplication(
    CapturePoint point, boolean severalPoints, End end, long patienceNanos, Optional<Share> share)
    implements Finding {
  /** A request is sent within this time. */
  private static final long REQUEST_NANOS = 1_000_000_000L;

  /**
   * A user notices a wait of a second; where others are answered, so long a silence is no answer.
   */
  private static final long NOTICED_NANOS = 1_000_000_000L;

  /** Whoever gives up without an answer has waited for this long at least. */
  private static final long WAIT_NANOS = 3_000_000_000L;

  /** A capture that ends has to show this much of the waiting. */
  private static final long UNENDED_WAIT_NANOS = 30_000_000_000L;

  /** So many connections do not end after the same time by chance. */
  private static final int LEAST_TIMEOUTS = 3;

  /** Waits that differ by less than their part in so many are as long. */
  private static final int ALIKE_PARTS = 50;

  /** An application that is alive closes so soon when the client has closed. */
  private static final long CLOSE_NANOS = 1_000_000_000L;

  /** How the waiting ends. */
  enum End {
    CLIENT_GIVES_UP("until the client gives up", "the client gives up"),
    SERVER_CLOSES("until the server closes", "closes"),
    CAPTURE_ENDS("until the capture ends", "the capture ends");

    private final String text;
    private final String happens;

    End(String text, String happens) {
      this.text = text;
      this.happens = happens;
    }
  }

  /**
   * Requests among those of their kind to the same servers.
   *
   * @param silent without an answer
   * @param requests all
   */
  record Share(int silent, int requests, long leastNanos, long mostNanos) {}

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
    String behind = Words.behind(point, Direction.S2C);
    String notBetween = severalPoints ? ", not between the capture points" : "";
    if (share.isEmpty()) {
      return String.format(
          "data %s %s, is acknowledged, and no byte comes back %s%s: if this protocol answers, the"
              + " fault is the application's %s%s",
          severalPoints ? "arrives at" : "passes",
          point,
          end.text,
          patienceNanos == 0
              ? ""
              : ", each time after " + Words.seconds(patienceNanos) + ", as by a timeout",
          behind,
          notBetween);
    }
    Share some = share.get();
    return String.format(
        "%s %s never answered: the server acknowledges %s and %s after %s; the fault is probably the"
            + " application's %s%s",
        Words.part(some.silent(), some.requests(), "request"),
        some.silent() == 1 ? "is" : "are",
        some.silent() == 1 ? "it" : "them",
        end.happens,
        Words.times(some.leastNanos(), some.mostNanos()),
        behind,
        notBetween);
  }

  @Override
  public Optional<Direction> direction() {
    return Optional.of(Direction.C2S);
  }

  @Override
  public Facts facts() {
    Facts facts =
        Facts.of("point", point.name())
            .and("fault", "behind " + point)
            .and("ends", end.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (patienceNanos > 0) {
      facts = facts.and("client_timeout_s", patienceNanos / 1e9);
    }
    Facts known = facts;
    return share
        .map(
            some ->
                known
                    .and("unanswered_requests", some.silent())
                    .and("requests_to_server", some.requests())
                    .and("shortest_wait_s", some.leastNanos() / 1e9)
                    .and("longest_wait_s", some.mostNanos() / 1e9))
        .orElse(known);
  }

  @Override
  public String nextStep() {
    return "look into the log of the application on the server at that time"
        + (share.isPresent() || patienceNanos > 0
            ? ", and into those of the servers that it asks itself; ignore it where the client"
                + " waits for news (long poll)"
            : "");
  }

  static void report(Evidence evidence, Findings findings) {
    Map<Group, List<Silent>> groups = new LinkedHashMap<>();
    Set<Integer> stalled = stalled(evidence);
    Map<Asked, Integer> unanswered = new HashMap<>();
    List<Silent> all = new ArrayList<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (evidence.comparison().isOnPath(traced)
          && !stalled.contains(traced.id())
          && endsWithRequest(traced)) {
        CapturePoint point = Evidence.nearestSender(traced, Direction.S2C);
        Silent.of(traced, evidence.comparison().capture(point)).ifPresent(all::add);
      }
    }
    if (all.isEmpty()) {
      return;
    }
    all.forEach(silent -> unanswered.merge(silent.asked(), 0, Integer::sum));
    Map<Asked, Counts> counts = counts(evidence, unanswered.keySet());
    Map<Asked, Long> timeouts = timeouts(all);
    for (Silent silent : all) {
      boolean answersOthers = counts.get(silent.asked()).answered > 0;
      long patience =
          answersOthers ? 0 : silent.isGivenUp() ? timeouts.getOrDefault(silent.asked(), 0L) : 0;
      if (silent.isReported(answersOthers, patience > 0)) {
        groups
            .computeIfAbsent(silent.group(answersOthers, patience), key -> new ArrayList<>())
            .add(silent);
      }
    }
    groups.forEach(
        (group, some) ->
            findings.add(
                new SilentApplication(
                    group.point(),
                    group.severalPoints(),
                    group.end(),
                    group.patienceNanos(),
                    share(group, some, counts)),
                some.stream().map(Silent::occurrence).toList()));
  }

  /** After which time clients give up, for the requests of which all wait as long. */
  private static Map<Asked, Long> timeouts(List<Silent> all) {
    Map<Asked, LongSummaryStatistics> waits = new HashMap<>();
    for (Silent silent : all) {
      if (silent.isGivenUp()) {
        waits
            .computeIfAbsent(silent.asked(), asked -> new LongSummaryStatistics())
            .accept(silent.waitedNanos());
      }
    }
    Map<Asked, Long> timeouts = new HashMap<>();
    waits.forEach(
        (asked, some) -> {
          if (some.getCount() >= LEAST_TIMEOUTS
              && some.getMax() - some.getMin() <= some.getMin() / ALIKE_PARTS) {
            timeouts.put(asked, some.getMin());
          }
        });
    return timeouts;
  }

  /** Requests of one kind that a server gets, as a point sees it. */
  private record Asked(CapturePoint point, Endpoint server, boolean isHttp, boolean isTls) {
    static Asked of(CapturePoint point, Connection seen) {
      Flow client = seen.clientToServer();
      return new Asked(point, seen.server(), client.isHttp(), client.tlsRandom() != 0);
    }
  }

  /** How many requests a server gets, and how many it answers. */
  private static final class Counts {
    private int requests;
    private int answered;
  }

  /** What makes one finding. */
  private record Group(
      CapturePoint point,
      boolean severalPoints,
      End end,
      boolean answersOthers,
      long patienceNanos) {}

  private static Map<Asked, Counts> counts(Evidence evidence, Set<Asked> wanted) {
    Map<Asked, Counts> counts = new HashMap<>();
    wanted.forEach(asked -> counts.put(asked, new Counts()));
    for (TracedConnection traced : evidence.comparison().connections()) {
      if (evidence.comparison().isOnPath(traced)) {
        CapturePoint point = Evidence.nearestSender(traced, Direction.S2C);
        Connection seen = traced.at().at(point).orElseThrow();
        Counts some = counts.get(Asked.of(point, seen));
        if (some != null && seen.clientToServer().dataSegments() > 0) {
          Requests requests = Requests.of(seen);
          // Only of HTTP it is known that each of them is a request.
          some.requests += seen.clientToServer().isHttp() ? requests.count() : 1;
          some.answered +=
              seen.clientToServer().isHttp()
                  ? requests.answered()
                  : Math.min(1, requests.answered());
        }
      }
    }
    return counts;
  }

  private static Optional<Share> share(Group group, List<Silent> some, Map<Asked, Counts> counts) {
    if (!group.answersOthers()) {
      return Optional.empty();
    }
    Set<Asked> asked = new HashSet<>();
    some.forEach(silent -> asked.add(silent.asked()));
    int requests = asked.stream().mapToInt(each -> counts.get(each).requests).sum();
    return Optional.of(
        new Share(
            some.size(),
            requests,
            some.stream().mapToLong(Silent::waitedNanos).min().orElseThrow(),
            some.stream().mapToLong(Silent::waitedNanos).max().orElseThrow()));
  }

  /** Whether all points saw a request as the last data. */
  private static boolean endsWithRequest(TracedConnection traced) {
    for (CapturePoint point : traced.at().points()) {
      if (!endsWithRequest(traced.at().at(point).orElseThrow())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the client sent the last data, all of it acknowledged. After data of the server, only
   * of HTTP it is known that this is another request.
   */
  private static boolean endsWithRequest(Connection seen) {
    Flow client = seen.clientToServer();
    Flow server = seen.serverToClient();
    return Requests.endsWithClient(seen)
        && (server.dataSegments() == 0 || client.isHttp())
        && seen.hasSyn()
        && server.hasHandshake()
        && client.table().isTimed()
        && AcknowledgedSpan.reaches(server, end(client))
        && UnseenData.of(seen, Direction.S2C).isEmpty();
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

  /** The number after its last data. */
  private static int end(Flow flow) {
    int last = flow.lastDataRow();
    return flow.table().sequence(last) + flow.table().payloadBytes(last);
  }

  /**
   * A connection whose last request gets no byte of an answer.
   *
   * @param isFirst whether it is the only request
   * @param isAlive whether the server closes as soon as the client does, or nobody can know
   * @param closingRow what ends the waiting, -1 for the end of the capture
   */
  private record Silent(
      TracedConnection traced,
      Connection seen,
      CapturePoint point,
      End end,
      boolean isFirst,
      boolean isAlive,
      int closingRow,
      long waitedNanos) {

    static Optional<Silent> of(TracedConnection traced, PointCapture capture) {
      Connection seen = traced.at().at(capture.point()).orElseThrow();
      Requests requests = Requests.of(seen);
      SegmentTable table = seen.clientToServer().table();
      long sentNanos = table.timeNanos(requests.lastRow()) - table.timeNanos(requests.firstRow());
      boolean isFirst = requests.count() == 1;
      // Two requests of a client are of similar size; other messages after an answer are short.
      boolean isRequest = isFirst || requests.lastBytes() >= requests.firstBytes() / 2;
      if (requests.isLastAnswered() || !isRequest || sentNanos > REQUEST_NANOS) {
        return Optional.empty();
      }
      int clients = seen.clientToServer().firstClosingRow();
      int servers = seen.serverToClient().firstClosingRow();
      boolean serverCloses = servers >= 0 && (clients < 0 || servers < clients);
      int closing = serverCloses ? servers : clients;
      if (serverCloses && (table.flags(servers) & TcpFlags.RST) != 0) {
        return Optional.empty(); // That is a reset.
      }
      long endNanos = closing >= 0 ? table.timeNanos(closing) : Reach.endNanos(capture);
      End end =
          serverCloses ? End.SERVER_CLOSES : closing >= 0 ? End.CLIENT_GIVES_UP : End.CAPTURE_ENDS;
      boolean isAlive =
          end == End.CLIENT_GIVES_UP
              && (servers >= 0
                  ? table.timeNanos(servers) - endNanos <= CLOSE_NANOS
                  : Reach.endNanos(capture) - endNanos < CLOSE_NANOS);
      return Optional.of(
          new Silent(
              traced,
              seen,
              capture.point(),
              end,
              isFirst,
              isAlive,
              closing,
              endNanos - table.timeNanos(seen.clientToServer().lastDataRow())));
    }

    Asked asked() {
      return Asked.of(point, seen);
    }

    Group group(boolean answersOthers, long patienceNanos) {
      return new Group(point, traced.at().points().size() > 1, end, answersOthers, patienceNanos);
    }

    /** Whether the client waits for an answer to its only request, and then closes. */
    boolean isGivenUp() {
      return end == End.CLIENT_GIVES_UP && isFirst && waitedNanos >= WAIT_NANOS;
    }

    /** Whether the protocol is one in which a server answers. */
    private boolean isAsking() {
      return asked().isHttp() || asked().isTls();
    }

    /**
     * Whether it is surely a request, and the wait no ordinary one.
     *
     * @param isTimeout whether several clients wait as long
     */
    boolean isReported(boolean answersOthers, boolean isTimeout) {
      return switch (end) {
        case SERVER_CLOSES -> isFirst;
        case CLIENT_GIVES_UP ->
            answersOthers
                ? waitedNanos >= NOTICED_NANOS
                : waitedNanos >= WAIT_NANOS && (!isAlive || isTimeout || isAsking());
        case CAPTURE_ENDS -> isFirst && waitedNanos >= UNENDED_WAIT_NANOS;
      };
    }

    Occurrence occurrence() {
      SegmentTable table = seen.clientToServer().table();
      int request = table.frame(seen.clientToServer().lastDataRow());
      Occurrence occurrence = Occurrence.on(traced.id()).at(point, request);
      if (closingRow >= 0) {
        occurrence = occurrence.at(point, table.frame(closingRow));
      }
      return occurrence
          .saying(
              String.format(
                  "%s to %s: after frame %d at %s no data comes back for %s, %s%s",
                  seen.client(),
                  seen.server(),
                  request,
                  point,
                  Words.seconds(waitedNanos),
                  end.text,
                  closingRow >= 0 ? " (frame " + table.frame(closingRow) + ")" : ""))
          .with(
              Facts.of("requests", seen.clientToServer().dataSegments())
                  .and("waited_s", waitedNanos / 1e9));
    }
  }
}
