package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Ending;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.ExpectedPoints;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Explanation;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Leg;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.Unreachable;
import org.mssbridge.pairing.AmbiguousConnection;

/** A connection whose SYN was seen at one point and not at another that was also capturing. */
final class ConnectionOneSided implements Rule {
  static final Kind KIND =
      new Kind(
          "connection.one-sided",
          Severity.WARN,
          Group.SEQUENCE,
          "a connection is seen at one point only");

  /** What the point that saw a connection saw of an answer. */
  enum Answer {
    NONE("no answer"),
    ACCEPTED("answered"),
    REFUSED("refused");

    final String text;

    Answer(String text) {
      this.text = text;
    }
  }

  /**
   * Connections that one point does not have.
   *
   * @param translated the addresses of the server, where a NAT changes it before that point
   * @param isApart whether that point has one with the same ends, but other numbers and data
   * @param scanners the clients that scan ports with them; empty where they are no scan
   * @param scannedPorts for how many ports the busiest of these asks
   * @param isRefusalReported whether {@code connection.refused} has them
   * @param droppedSyns a device that drops SYNs for what they have, where there is no answer
   */
  record OneSided(
      CapturePoint point,
      CapturePoint missing,
      Answer answer,
      int connections,
      List<Integer> answerFrames,
      boolean portIsAtBoth,
      boolean isApart,
      Set<String> scanners,
      int scannedPorts,
      Optional<String> translated,
      boolean isRefusalReported,
      Optional<Encrypted> encrypted,
      Optional<DroppedSyns> droppedSyns)
      implements Finding {
    private static final int MAX_FRAMES = 5;

    OneSided {
      answerFrames = List.copyOf(answerFrames);
      scanners = Set.copyOf(scanners);
    }

    private boolean isScan() {
      return !scanners.isEmpty();
    }

    private String scannerNames() {
      return scanners.size() == 1 ? scanners.iterator().next() : scanners.size() + " clients";
    }

    @Override
    public Kind kind() {
      return KIND;
    }

    /** A refusal is reported by itself; a proxy or a scan is no fault of the path. */
    @Override
    public Severity severity() {
      return answer == Answer.REFUSED || isApart || isScan() ? Severity.NOTE : KIND.severity();
    }

    @Override
    public String message() {
      if (isApart) {
        return String.format(
            "%s seen at %s %s the addresses and ports of %s at %s at the same time, but other"
                + " sequence numbers and other data: probably a proxy between them ends one and"
                + " opens another (as TLS inspection does)",
            Words.count(connections, "connection"),
            point,
            connections == 1 ? "has" : "have",
            connections == 1 ? "another" : "others",
            missing);
      }
      return String.format(
          "%s seen at %s (%s) %s not in the capture at %s, which covers that time and"
              + " holds other connections to the same server%s",
          Words.count(connections, "connection"),
          point,
          answer.text,
          connections == 1 ? "is" : "are",
          missing,
          isScan()
              ? String.format(
                  "; %s %s %d ports and %s no data: probably a port scan",
                  scannerNames(),
                  scanners.size() == 1 ? "asks for" : "ask for up to",
                  scannedPorts,
                  scanners.size() == 1 ? "sends" : "send")
              : "");
    }

    @Override
    public boolean saysUnmatched() {
      return true;
    }

    @Override
    public Facts facts() {
      Facts facts =
          Facts.of("seen_at", point.name())
              .and("not_seen_at", missing.name())
              .and("answer", answer.text)
              .and("answer_frames", answerFrames)
              .and("port_is_at_both", portIsAtBoth)
              .and("same_ends_at_both", isApart);
      return DroppedSyns.addTo(
          isScan()
              ? facts
                  .and("scanners", scanners.stream().sorted().toList())
                  .and("scanned_ports", scannedPorts)
              : facts,
          droppedSyns);
    }

    @Override
    public List<Explanation> because() {
      return isRefusalReported
          ? List.of(
              new Explanation(ConnectionRefused.KIND, "their SYNs are refused before that point"))
          : List.of();
    }

    private String answers() {
      return (answer == Answer.REFUSED ? "refusals at " : "answers at ")
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
      if (isApart) {
        causes.add(
            new Cause(
                "a transparent proxy between " + point + " and " + missing,
                List.of(
                    "connections between the same addresses and ports begin within 5 s at both"
                        + " points, with other ISNs and other first data"),
                List.of(),
                source));
        return causes;
      }
      if (answer == Answer.NONE) {
        causes.add(
            new Cause(
                "the SYN was dropped between the points",
                List.of("no answer to it is at " + point),
                encrypted.map(one -> one.words() + ", in which the SYN may be").stream().toList(),
                source));
      } else if (answer == Answer.REFUSED) {
        causes.add(
            new Cause(
                "a device between the points refuses the connection",
                List.of(answers()),
                List.of(),
                source));
      }
      droppedSyns.ifPresent(
          dropped -> causes.add(dropped.isLikely() ? 0 : causes.size(), dropped.cause()));
      translated.ifPresent(
          addresses ->
              causes.add(
                  new Cause(
                      "the NAT or load balancer sends it to another backend",
                      List.of(addresses),
                      List.of(),
                      source)));
      encrypted.ifPresent(
          one ->
              causes.add(
                  new Cause(
                      "the connection is inside the encrypted tunnel at " + missing,
                      List.of(one.words()),
                      portIsAtBoth
                          ? List.of(
                              "other connections to the same server and port are outside it there")
                          : List.of(),
                      source)));
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
      if (isApart) {
        return String.format(
            "look for a proxy, TLS inspection or WAN accelerator between %s and %s; each of its"
                + " sides is a path of its own: capture on the proxy, and compare each side by"
                + " itself",
            point, missing);
      }
      if (isScan()) {
        return String.format(
            "find out whether %s %s of yours; a firewall that drops such SYNs is no fault of the"
                + " path",
            scannerNames(), scanners.size() == 1 ? "is a scanner" : "are scanners");
      }
      if (droppedSyns.filter(DroppedSyns::isLikely).isPresent()) {
        return droppedSyns.get().nextStep();
      }
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
      CapturePoint point,
      CapturePoint missing,
      Answer answer,
      boolean portIsAtBoth,
      boolean isApart,
      boolean isScan,
      Optional<String> translated,
      boolean isRefusalReported) {
    Leg leg() {
      return new Leg(Direction.C2S, point, missing);
    }
  }

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    final List<Integer> answerFrames = new ArrayList<>();
    final Set<String> scanners = new TreeSet<>();
    int scannedPorts;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    OneSidedFlows.check(evidence, findings);
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    Set<Integer> refused = refused(evidence);
    SameEndsApart apart = new SameEndsApart(evidence.comparison());
    PortScans scans = new PortScans(evidence.comparison());
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (CapturePoint missing : evidence.expectedPoints().missing(traced)) {
        check(evidence.expectedPoints(), apart, scans, traced, missing, refused, tallies);
      }
    }
    for (AmbiguousConnection ambiguous : evidence.comparison().ambiguousConnections()) {
      if (isTowardsServer(evidence, ambiguous) && apart.has(ambiguous)) {
        TracedConnection traced =
            evidence
                .comparison()
                .byStream(ambiguous.point(), ambiguous.connection().stream())
                .orElseThrow();
        check(evidence.expectedPoints(), apart, scans, traced, ambiguous.other(), refused, tallies);
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
                    key.portIsAtBoth(),
                    key.isApart(),
                    tally.scanners,
                    tally.scannedPorts,
                    key.translated(),
                    key.isRefusalReported(),
                    Encrypted.of(evidence.comparison().capture(key.missing())),
                    key.answer() == Answer.NONE
                        ? DroppedSyns.on(key.leg(), evidence)
                        : Optional.empty()),
                tally.occurrences));
  }

  private static boolean isTowardsServer(Evidence evidence, AmbiguousConnection ambiguous) {
    List<CapturePoint> path =
        evidence.comparison().path().stream().map(PointCapture::point).toList();
    return path.indexOf(ambiguous.point()) < path.indexOf(ambiguous.other());
  }

  /** The connections that another finding reports as refused: not those of strangers. */
  private static Set<Integer> refused(Evidence evidence) {
    return evidence.lives().stream()
        .filter(
            life ->
                life.points().stream()
                    .anyMatch(point -> life.ending(point) instanceof Ending.Refused))
        .map(life -> life.connection().id())
        .collect(Collectors.toSet());
  }

  private static void check(
      ExpectedPoints expected,
      SameEndsApart sameEnds,
      PortScans scans,
      TracedConnection traced,
      CapturePoint missing,
      Set<Integer> refused,
      Map<Key, Tally> tallies) {
    CapturePoint point = expected.nearest(traced, missing);
    Connection connection = traced.at().at(point).orElseThrow();
    if (connection.serverToClient().firstRow() < 0
        && connection.clientToServer().hasTimeExceeded()) {
      return; // ICMP says what becomes of its packets: that finding, or traceroute, explains it.
    }
    Answer answer = answer(connection);
    Optional<String> translated =
        expected
            .translatedServer(point, connection, missing)
            .map(
                server ->
                    String.format(
                        "%s at %s is %s at %s for other connections",
                        connection.server().address(), point, server.address(), missing));
    Optional<Connection> apart = sameEnds.at(missing, point, connection);
    int scannedPorts = scans.ports(connection);
    Key key =
        new Key(
            point,
            missing,
            answer,
            expected.hasPort(point, connection, missing),
            apart.isPresent(),
            scannedPorts > 0,
            translated,
            answer == Answer.REFUSED && refused.contains(traced.id()));
    Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
    if (scannedPorts > 0) {
      tally.scanners.add(connection.client().address());
    }
    tally.scannedPorts = Math.max(tally.scannedPorts, scannedPorts);
    Occurrence occurrence = Occurrence.on(traced.id()).at(point, connection.firstFrame());
    if (apart.isPresent()) {
      occurrence = occurrence.at(missing, apart.get().firstFrame());
    }
    String ends = connection.client() + " to " + connection.server() + ": ";
    OptionalInt frame = answerFrame(connection);
    if (frame.isPresent()) {
      tally.answerFrames.add(frame.getAsInt());
      occurrence = occurrence.at(point, frame.getAsInt());
      ends += answer.text + " in frame " + frame.getAsInt();
    } else {
      ends += answer.text + " to " + attempts(connection);
    }
    tally.occurrences.add(occurrence.saying(ends));
  }

  /** Such as {@code 8 SYNs in 11.1 s}. */
  private static String attempts(Connection connection) {
    List<Segment> syns = connection.clientToServer().handshake();
    long nanos = syns.get(syns.size() - 1).timeNanos() - syns.get(0).timeNanos();
    return Words.count(syns.size(), "SYN") + (syns.size() > 1 ? " in " + Words.seconds(nanos) : "");
  }

  /** The first answer of the server, or the first ICMP error that answers for it. */
  private static OptionalInt answerFrame(Connection connection) {
    int row = connection.serverToClient().firstRow();
    if (row >= 0) {
      return OptionalInt.of(connection.serverToClient().table().frame(row));
    }
    Optional<Unreachable> error = connection.clientToServer().firstRefusal();
    return error.isEmpty() ? OptionalInt.empty() : OptionalInt.of(error.get().frame());
  }

  private static Answer answer(Connection connection) {
    int row = connection.serverToClient().firstRow();
    if (row < 0) {
      return connection.clientToServer().firstRefusal().isEmpty() ? Answer.NONE : Answer.REFUSED;
    }
    boolean reset = (connection.serverToClient().table().flags(row) & TcpFlags.RST) != 0;
    return reset ? Answer.REFUSED : Answer.ACCEPTED;
  }
}
