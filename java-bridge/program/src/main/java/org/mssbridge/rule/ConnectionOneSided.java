package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mssbridge.alignment.Comparison;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;

/** A connection whose SYN was seen at one point and not at another that was also capturing. */
final class ConnectionOneSided implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.one-sided",
          Severity.WARN,
          Group.SEQUENCE,
          "a connection is seen at one point only");

  /** What the point that saw a connection saw of an answer. */
  private enum Answer {
    NONE("no answer"),
    ACCEPTED("answered"),
    REFUSED("refused");

    private final String text;

    Answer(String text) {
      this.text = text;
    }
  }

  record OneSided(
      CapturePoint point,
      CapturePoint missing,
      Answer answer,
      int connections,
      List<Integer> answerFrames,
      boolean portIsAtBoth)
      implements Finding {
    private static final int MAX_FRAMES = 5;

    OneSided {
      answerFrames = List.copyOf(answerFrames);
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    @Override
    public String message() {
      return String.format(
          "%d connection%s seen at %s (%s) %s not in the capture at %s, which covers that time and"
              + " holds other connections to the same server",
          connections,
          connections == 1 ? "" : "s",
          point,
          answer.text,
          connections == 1 ? "is" : "are",
          missing);
    }

    @Override
    public Facts facts() {
      return Facts.of("seen_at", point.name())
          .and("not_seen_at", missing.name())
          .and("answer", answer.text)
          .and("answer_frames", answerFrames)
          .and("port_is_at_both", portIsAtBoth);
    }

    private String answers() {
      return (answer == Answer.REFUSED ? "RSTs at " : "answers at ")
          + point
          + ": "
          + (answerFrames.size() == 1 ? "frame " : "frames ")
          + answerFrames.stream()
              .limit(MAX_FRAMES)
              .map(String::valueOf)
              .collect(Collectors.joining(", "))
          + (answerFrames.size() > MAX_FRAMES
              ? " (+" + (answerFrames.size() - MAX_FRAMES) + " more)"
              : "");
    }

    @Override
    public List<Cause> causes() {
      String source = "by deduction from what both captures hold";
      List<Cause> causes = new ArrayList<>();
      if (answer == Answer.NONE) {
        causes.add(
            new Cause(
                "the SYN was dropped between the points",
                List.of("no answer to it is at " + point),
                List.of(),
                source));
      } else if (answer == Answer.REFUSED) {
        causes.add(
            new Cause(
                "a device between the points refuses the connection",
                List.of(answers()),
                List.of(),
                source));
      }
      List<String> elsewhere = new ArrayList<>();
      List<String> here = new ArrayList<>();
      if (answer == Answer.ACCEPTED) {
        elsewhere.add(answers());
      }
      (portIsAtBoth ? here : elsewhere)
          .add(
              portIsAtBoth
                  ? "other connections to the same server and port are at both points"
                  : "no connection to that port is at both points: a capture filter may leave it"
                      + " out");
      causes.add(
          new Cause(
              "the connection takes another path or was not captured", elsewhere, here, source));
      return causes;
    }

    @Override
    public String nextStep() {
      return switch (answer) {
        case NONE, REFUSED ->
            "check the firewalls and routes between the points, and the capture filter at "
                + missing;
        case ACCEPTED ->
            "check the routes, the capture filter at "
                + missing
                + ", and whether that capture dropped packets";
      };
    }
  }

  /** One-sided connections that make one finding. */
  private record Key(
      CapturePoint point, CapturePoint missing, Answer answer, boolean portIsAtBoth) {}

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    final List<Integer> answerFrames = new ArrayList<>();
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Comparison comparison = evidence.comparison();
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    if (comparison.connections().stream().allMatch(traced -> isEverywhere(traced, path))) {
      return;
    }
    SharedServers shared = new SharedServers(comparison, path);
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : comparison.connections()) {
      if (!isEverywhere(traced, path)) {
        for (PointCapture other : comparison.path()) {
          if (traced.at().at(other.point()).isEmpty()) {
            check(comparison, shared, traced, other, tallies);
          }
        }
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new OneSided(
                    key.point(),
                    key.missing(),
                    key.answer(),
                    tally.occurrences.size(),
                    tally.answerFrames,
                    key.portIsAtBoth()),
                tally.occurrences));
  }

  private static void check(
      Comparison comparison,
      SharedServers shared,
      TracedConnection traced,
      PointCapture other,
      Map<Key, Tally> tallies) {
    CapturePoint point = nearest(comparison, traced, other);
    Connection connection = traced.at().at(point).orElseThrow();
    // An ambiguous connection is in the other capture too; it is only unclear which one it is.
    if (!connection.hasSyn()
        || endsBefore(comparison, point, connection, other)
        || comparison.isAmbiguous(point, connection.stream())
        || !covers(comparison, point, connection, other)) {
      return;
    }
    int answerRow = firstAnswer(connection);
    Answer answer = answer(connection, answerRow);
    if (!shared.mustPass(point, connection, other.point(), answer == Answer.ACCEPTED)) {
      return;
    }
    Key key =
        new Key(point, other.point(), answer, shared.hasPort(point, connection, other.point()));
    Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
    Occurrence occurrence = Occurrence.on(traced.id()).at(point, connection.firstFrame());
    String ends = connection.client() + " to " + connection.server() + ": " + answer.text;
    if (answerRow >= 0) {
      int frame = connection.serverToClient().table().frame(answerRow);
      tally.answerFrames.add(frame);
      occurrence = occurrence.at(point, frame);
      ends += " in frame " + frame;
    }
    tally.occurrences.add(occurrence.saying(ends));
  }

  private static boolean isEverywhere(TracedConnection traced, List<CapturePoint> path) {
    return traced.at().points().size() == path.size();
  }

  private static int firstAnswer(Connection connection) {
    return connection.serverToClient().firstRow();
  }

  private static Answer answer(Connection connection, int row) {
    if (row < 0) {
      return Answer.NONE;
    }
    boolean reset = (connection.serverToClient().table().flags(row) & TcpFlags.RST) != 0;
    return reset ? Answer.REFUSED : Answer.ACCEPTED;
  }

  /**
   * The hosts whose connections cross from one point to another: what else goes to the same server,
   * must take the same way.
   */
  private static final class SharedServers {
    private final Set<Crossing> servers = new HashSet<>();
    private final Set<Crossing> ports = new HashSet<>();

    /** Servers behind an address that is translated: a load balancer may have several. */
    private final Set<Crossing> translated = new HashSet<>();

    /**
     * A way from one point to another.
     *
     * @param client the client's address, where the way leads towards it; empty where it leads
     *     towards the server
     */
    private record Crossing(
        CapturePoint point, CapturePoint other, String client, String server, int port)
        implements Comparable<Crossing> {
      private static final Comparator<Crossing> ORDER =
          Comparator.comparing((Crossing crossing) -> crossing.point().name())
              .thenComparing(crossing -> crossing.other().name())
              .thenComparing(Crossing::client)
              .thenComparing(Crossing::server)
              .thenComparingInt(Crossing::port);

      @Override
      public int compareTo(Crossing that) {
        return ORDER.compare(this, that);
      }
    }

    private final List<CapturePoint> path;

    SharedServers(Comparison comparison, List<CapturePoint> path) {
      this.path = path;
      for (TracedConnection traced : comparison.connections()) {
        for (CapturePoint point : traced.at().points()) {
          for (CapturePoint other : traced.at().points()) {
            if (!other.equals(point)) {
              add(traced, point, other);
            }
          }
        }
      }
    }

    private void add(TracedConnection traced, CapturePoint point, CapturePoint other) {
      Connection here = traced.at().at(point).orElseThrow();
      Connection there = traced.at().at(other).orElseThrow();
      servers.add(crossing(point, here, other, false));
      ports.add(crossing(point, here, other, true));
      boolean towardsServer = path.indexOf(other) > path.indexOf(point);
      if (towardsServer
          ? !here.server().address().equals(there.server().address())
          : !here.client().address().equals(there.client().address())) {
        translated.add(crossing(point, here, other, false));
      }
    }

    private Crossing crossing(
        CapturePoint point, Connection connection, CapturePoint other, boolean withPort) {
      boolean towardsServer = path.indexOf(other) > path.indexOf(point);
      return new Crossing(
          point,
          other,
          towardsServer ? "" : connection.client().address(),
          connection.server().address(),
          withPort ? connection.server().port() : 0);
    }

    /**
     * Whether a connection must have passed the other point. An address that is translated may be
     * that of several hosts; one that answers need not be the one behind the other point.
     */
    boolean mustPass(
        CapturePoint point, Connection connection, CapturePoint other, boolean answered) {
      Crossing crossing = crossing(point, connection, other, false);
      boolean towardsServer = crossing.client().isEmpty();
      boolean hidden = translated.contains(crossing) && (answered || !towardsServer);
      return servers.contains(crossing) && !hidden;
    }

    boolean hasPort(CapturePoint point, Connection connection, CapturePoint other) {
      return ports.contains(crossing(point, connection, other, true));
    }
  }

  /**
   * Whether the path ends before the other point: an initial TTL shows that the host is at this
   * point.
   */
  private static boolean endsBefore(
      Comparison comparison, CapturePoint point, Connection connection, PointCapture other) {
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    boolean upstream = path.indexOf(other.point()) < path.indexOf(point);
    return InitialTtl.is(connection.flow(upstream ? Direction.C2S : Direction.S2C).firstTtl());
  }

  /** The point that saw the connection and is nearest on the path to a point that did not. */
  private static CapturePoint nearest(
      Comparison comparison, TracedConnection traced, PointCapture other) {
    List<CapturePoint> path = comparison.path().stream().map(PointCapture::point).toList();
    int otherPosition = path.indexOf(other.point());
    return traced.at().points().stream()
        .min(Comparator.comparingInt(point -> Math.abs(path.indexOf(point) - otherPosition)))
        .orElseThrow();
  }

  private static boolean covers(
      Comparison comparison, CapturePoint point, Connection connection, PointCapture other) {
    long first = connection.firstTimeNanos();
    Clock clock = comparison.clocks().at(point).orElse(Clock.identity());
    Clock otherClock = comparison.clocks().at(other.point()).orElse(Clock.identity());
    long expectedNanos = first - clock.offsetNanos(first) + otherClock.offsetNanos(first);
    return other.coverage().contains(expectedNanos);
  }
}
