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
    tallies.forEach((key, tally) -> findings.add(finding(key, tally, evidence), tally.occurrences));
  }

  private static Finding finding(Key key, Tally tally, Evidence evidence) {
    OneSidedSight sight =
        new OneSidedSight(
            key.point(),
            key.missing(),
            key.answer(),
            tally.occurrences.size(),
            tally.answerFrames,
            key.portIsAtBoth());
    if (key.isApart()) {
      return new SameEndsApart.Apart(sight);
    }
    OneSidedConnections connections =
        new OneSidedConnections(
            sight,
            key.translated(),
            key.isRefusalReported(),
            Encrypted.of(evidence.comparison().capture(key.missing())),
            key.answer() == Answer.NONE ? DroppedSyns.on(key.leg(), evidence) : Optional.empty());
    return key.isScan()
        ? new PortScans.Scan(connections, tally.scanners, tally.scannedPorts)
        : connections;
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
