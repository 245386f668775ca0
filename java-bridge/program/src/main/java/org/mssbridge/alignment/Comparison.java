package org.mssbridge.alignment;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mssbridge.clock.Clock;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Given;
import org.mssbridge.model.PerPoint;
import org.mssbridge.pairing.AmbiguousConnection;
import org.mssbridge.pairing.ConnectionMatcher;
import org.mssbridge.pairing.PathOrder;
import org.mssbridge.timing.Stage;
import org.mssbridge.timing.Stopwatch;

/** Captures of one path, with their connections paired and aligned. All rules work on this. */
public final class Comparison {
  private final List<PointCapture> captures;
  private final List<PointCapture> path;
  private final List<TracedConnection> connections;
  private final List<PairedConnection> pairs;
  private final PerPoint<Clock> clocks;
  private final PerPoint<CaptureDuplicates> duplicates;
  private final List<AmbiguousConnection> ambiguous;
  private final List<Untranslated> untranslated;
  private final List<Rebinding> rebindings;
  private final GivenUse given;

  // tshark numbers the streams of each capture separately, from 0.
  private final PerPoint<TracedConnection[]> byStream;
  private final PerPoint<BitSet> ambiguousStreams;

  private Comparison(
      List<PointCapture> captures,
      List<PointCapture> path,
      List<TracedConnection> connections,
      PerPoint<CaptureDuplicates> duplicates,
      List<AmbiguousConnection> ambiguous,
      List<Untranslated> untranslated,
      List<Rebinding> rebindings,
      GivenUse given) {
    this.captures = List.copyOf(captures);
    this.path = List.copyOf(path);
    this.connections = List.copyOf(connections);
    this.pairs = connections.stream().flatMap(c -> c.pairs().stream()).toList();
    this.clocks = new PathClocks(path, pairs, given.given()).against(captures.get(0).point());
    this.duplicates = duplicates;
    this.ambiguous = List.copyOf(ambiguous);
    this.untranslated = List.copyOf(untranslated);
    this.rebindings = List.copyOf(rebindings);
    this.given = given;
    byStream = perPoint(captures, capture -> new TracedConnection[capture.streams()]);
    ambiguousStreams = perPoint(captures, capture -> new BitSet());
    ambiguous.forEach(
        a -> ambiguousStreams.at(a.point()).orElseThrow().set(a.connection().stream()));
    for (TracedConnection traced : connections) {
      for (CapturePoint point : traced.at().points()) {
        int stream = traced.at().at(point).orElseThrow().stream();
        byStream.at(point).orElseThrow()[stream] = traced;
      }
    }
  }

  private static <T> PerPoint<T> perPoint(
      List<PointCapture> captures, Function<PointCapture, T> value) {
    Map<CapturePoint, T> values = new LinkedHashMap<>();
    captures.forEach(capture -> values.put(capture.point(), value.apply(capture)));
    return PerPoint.of(values);
  }

  /**
   * Pairs and aligns the connections.
   *
   * @param captures one or more, in the order in which they were given
   */
  public static Comparison of(List<PointCapture> captures) {
    return of(captures, Given.NOTHING, Stopwatch.none());
  }

  /**
   * Pairs and aligns the connections.
   *
   * @param captures one or more, in the order in which they were given
   * @param given what the user knows
   * @param stopwatch measures pairing, alignment and clocks
   */
  public static Comparison of(List<PointCapture> captures, Given given, Stopwatch stopwatch) {
    stopwatch.enter(Stage.PAIRING);
    Untranslated.Joined joined = Untranslated.join(captures);
    Rebinding.Joined whole = Rebinding.join(joined.captures());
    return of(whole.captures(), joined.found(), whole.found(), given, stopwatch);
  }

  private static Comparison of(
      List<PointCapture> captures,
      List<Untranslated> untranslated,
      List<Rebinding> rebindings,
      Given given,
      Stopwatch stopwatch) {
    PathMatches matches = PathMatches.of(captures, given);
    stopwatch.enter(Stage.ALIGNMENT);
    List<PointCapture> path = matches.path();
    PerPoint<CaptureDuplicates> duplicates = duplicates(captures);
    ConnectionTracer tracer = new ConnectionTracer(path, duplicates);
    for (int i = 0; i < matches.legs().size(); i++) {
      tracer.join(i, i + 1, matches.legs().get(i));
    }
    joinAcross(path, tracer, given);
    List<PointCapture> covering = tracer.withHoles();
    List<TracedConnection> connections = tracer.with(covering).trace();
    stopwatch.enter(Stage.CLOCKS);
    return new Comparison(
        captures.stream().map(capture -> at(covering, capture.point())).toList(),
        covering,
        connections,
        duplicates,
        matches.ambiguous(),
        untranslated,
        rebindings,
        new GivenUse(given, matches.given(), matches.contradicted()));
  }

  /** Joins the parts of connections that bypass one or more points of the path. */
  private static void joinAcross(List<PointCapture> path, ConnectionTracer tracer, Given given) {
    for (int gap = 2; gap < path.size(); gap++) {
      for (int from = 0; from + gap < path.size(); from++) {
        List<Connection> ending = tracer.ending(from);
        List<Connection> beginning = tracer.beginning(from + gap);
        if (!ending.isEmpty() && !beginning.isEmpty()) {
          tracer.join(
              from,
              from + gap,
              PathOrder.of(new ConnectionMatcher(ending, beginning, given).match().matches()));
        }
      }
    }
  }

  private static PerPoint<CaptureDuplicates> duplicates(List<PointCapture> captures) {
    List<CaptureDuplicates> found = captures.parallelStream().map(CaptureDuplicates::of).toList();
    Map<CapturePoint, CaptureDuplicates> duplicates = new LinkedHashMap<>();
    for (int i = 0; i < captures.size(); i++) {
      duplicates.put(captures.get(i).point(), found.get(i));
    }
    return PerPoint.of(duplicates);
  }

  /** The captures in the order in which they were given. */
  public List<PointCapture> captures() {
    return captures;
  }

  /**
   * The captures in the order of the path, starting at the client's side, as the evidence shows it.
   */
  public List<PointCapture> path() {
    return path;
  }

  /** The capture of a point. */
  public PointCapture capture(CapturePoint point) {
    return at(captures, point);
  }

  private static PointCapture at(List<PointCapture> captures, CapturePoint point) {
    return captures.stream()
        .filter(capture -> capture.point().equals(point))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the captures were given in the wrong order. */
  public boolean isSwapped() {
    return !captures.stream()
        .map(PointCapture::point)
        .toList()
        .equals(path.stream().map(PointCapture::point).toList());
  }

  /** All connections of all captures, those of the path's first point first. */
  public List<TracedConnection> connections() {
    return connections;
  }

  /**
   * Whether a connection is on the path that is compared: at two points or more. Where no
   * connection is, because there is one capture or each shows others, each capture is judged by
   * itself.
   */
  public boolean isOnPath(TracedConnection traced) {
    return !traced.isOneSided() || pairs.isEmpty();
  }

  /** The number of connections that at least two points saw. */
  public long matched() {
    return connections.stream().filter(connection -> !connection.isOneSided()).count();
  }

  /** All pairs of sightings at neighbouring points. */
  public List<PairedConnection> pairs() {
    return pairs;
  }

  /** The clock of each capture against that of the capture that was given first. */
  public PerPoint<Clock> clocks() {
    return clocks;
  }

  /**
   * A time on the clock of a target, from that of a source; the same where the clocks are not
   * known.
   */
  public long timeAt(CapturePoint target, CapturePoint source, long nanos) {
    long here = clocks.at(source).map(clock -> clock.offsetNanos(nanos)).orElse(0L);
    long there = clocks.at(target).map(clock -> clock.offsetNanos(nanos)).orElse(0L);
    return nanos - here + there;
  }

  /** What the user gave, and how it was used. */
  public GivenUse given() {
    return given;
  }

  /** Whether the packets show that a point's clock cannot be as the user says. */
  public boolean contradictsOffset(CapturePoint point) {
    Long offset = given.given().offsetNanos().get(point.name());
    return offset != null
        && clocks.at(point).map(c -> c.line().offsetNanos() != offset).orElse(true);
  }

  /** The segments that each capture holds twice although they passed once. */
  public PerPoint<CaptureDuplicates> duplicates() {
    return duplicates;
  }

  /** Packets under the addresses of the other side of a NAT, which are part of a connection. */
  public List<Untranslated> untranslated() {
    return untranslated;
  }

  /** Living connections whose NAT mapping changes. */
  public List<Rebinding> rebindings() {
    return rebindings;
  }

  /**
   * Whether a packet at a point answers one that bears a wrong address because of a NAT: the two
   * findings on these say so.
   */
  public boolean answersWrongAddress(CapturePoint point, int frame) {
    return untranslated.stream()
            .anyMatch(one -> one.point().equals(point) && one.answers().contains(frame))
        || rebindings.stream()
            .anyMatch(one -> one.point().equals(point) && one.answers().contains(frame));
  }

  /** Connections that have several candidates at a neighbouring point and no clear one. */
  public List<AmbiguousConnection> ambiguousConnections() {
    return ambiguous;
  }

  /**
   * The number of ambiguous sightings; one that is ambiguous towards both neighbours counts once.
   */
  public int ambiguous() {
    return ambiguousStreams.points().stream()
        .mapToInt(point -> ambiguousStreams.at(point).orElseThrow().cardinality())
        .sum();
  }

  /** Whether the connection with this tshark stream number at this point is ambiguous. */
  public boolean isAmbiguous(CapturePoint point, int stream) {
    return ambiguousStreams.at(point).orElseThrow().get(stream);
  }

  /** The connection with this tshark stream number at this point. */
  public Optional<TracedConnection> byStream(CapturePoint point, int stream) {
    TracedConnection[] ofPoint = byStream.at(point).orElseThrow();
    return stream < 0 || stream >= ofPoint.length
        ? Optional.empty()
        : Optional.ofNullable(ofPoint[stream]);
  }
}
