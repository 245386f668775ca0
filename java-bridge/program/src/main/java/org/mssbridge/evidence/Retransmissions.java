package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * The data of one direction that passed the same points and was sent again, by what made the sender
 * do so. Counted at the point nearest to the sender, by byte range. SYN and FIN, keep-alives and
 * probes of a closed window are not among it.
 */
public final class Retransmissions {
  private final Direction direction;
  private final List<CapturePoint> points;
  private final Map<Cause, Amount> causes = new HashMap<>();
  private final List<OfConnection> byConnection = new ArrayList<>();
  private int segments;
  private long bytes;
  private int notFollowed;

  /**
   * What made a sender send data again, and where.
   *
   * @param what what it was
   * @param leg between which points something was lost, in the direction of what was lost; empty
   *     where it was between none of them
   */
  public record Cause(RetransmissionCause what, Optional<Leg> leg) {
    /** Whether something was lost for sure, and not perhaps late. */
    public boolean isSurelyLoss() {
      return what == RetransmissionCause.LOST_BEFORE || (what.isLoss() && leg.isPresent());
    }

    /** Without a place between two points. */
    static Cause of(RetransmissionCause what) {
      return new Cause(what, Optional.empty());
    }
  }

  /**
   * How much was sent again.
   *
   * @param segments those that carry it; one that carries several ranges counts where most of its
   *     bytes do
   * @param bytes the bytes, each as often as it was sent again
   * @param frames the first of these segments at the point nearest to the sender, at most 20
   */
  public record Amount(int segments, long bytes, List<Integer> frames) {
    private static final int MOST_FRAMES = 20;

    public Amount {
      frames = List.copyOf(frames);
    }

    Amount and(Amount more) {
      return new Amount(
          segments + more.segments,
          bytes + more.bytes,
          Stream.concat(frames.stream(), more.frames.stream()).limit(MOST_FRAMES).toList());
    }
  }

  /**
   * What was sent again on one connection.
   *
   * @param connection its number in the report
   * @param causes how much, by cause
   */
  public record OfConnection(int connection, Map<Cause, Amount> causes) {
    public OfConnection {
      causes = Map.copyOf(causes);
    }
  }

  private Retransmissions(Direction direction, List<CapturePoint> points) {
    this.direction = direction;
    this.points = List.copyOf(points);
  }

  /** Those of all connections, for each direction and list of points that saw some. */
  static List<Retransmissions> of(Evidence evidence) {
    record Path(Direction direction, List<CapturePoint> points) {}
    Map<Path, Retransmissions> all = new LinkedHashMap<>();
    evidence.comparison().connections().parallelStream()
        .filter(Retransmissions::repeats)
        .flatMap(traced -> RetransmissionTrace.of(evidence, traced).stream())
        .toList()
        .forEach(
            trace ->
                all.computeIfAbsent(
                        new Path(trace.direction(), trace.points()),
                        path -> new Retransmissions(path.direction(), path.points()))
                    .add(trace));
    return all.values().stream()
        .filter(found -> found.segments + found.notFollowed > 0)
        .sorted(Comparator.comparing(found -> found.direction))
        .toList();
  }

  private static boolean repeats(TracedConnection traced) {
    for (CapturePoint point : traced.at().points()) {
      var seen = traced.at().at(point).orElseThrow();
      if (seen.clientToServer().repeatedSegments() + seen.serverToClient().repeatedSegments() > 0) {
        return true;
      }
    }
    return false;
  }

  private void add(RetransmissionTrace trace) {
    if (!trace.isFollowed()) {
      notFollowed++;
      return;
    }
    if (trace.causes().isEmpty()) {
      return;
    }
    trace
        .causes()
        .forEach(
            (cause, amount) -> {
              causes.merge(cause, amount, Amount::and);
              segments += amount.segments();
              bytes += amount.bytes();
            });
    byConnection.add(new OfConnection(trace.connection(), trace.causes()));
  }

  /** The direction of the data. */
  public Direction direction() {
    return direction;
  }

  /** The points, from the sender's side; a single one where no other saw the connections. */
  public List<CapturePoint> points() {
    return points;
  }

  /** The point nearest to the sender. */
  public CapturePoint first() {
    return points.get(0);
  }

  /** The point nearest to the receiver. */
  public CapturePoint last() {
    return points.get(points.size() - 1);
  }

  /** The segments that carry data again. */
  public int segments() {
    return segments;
  }

  /** The bytes that were sent again, each as often as it was. */
  public long bytes() {
    return bytes;
  }

  /** Connections whose segments overlap too much to be followed; nothing of them is counted. */
  public int notFollowed() {
    return notFollowed;
  }

  /** How much for each cause, in the order of the causes, along the path. */
  public Map<Cause, Amount> causes() {
    return sorted(causes);
  }

  /** The same in that order. */
  public Map<Cause, Amount> sorted(Map<Cause, Amount> some) {
    Map<Cause, Amount> sorted = new LinkedHashMap<>();
    some.keySet().stream()
        .sorted(Comparator.comparing(Cause::what).thenComparing(this::place))
        .forEach(cause -> sorted.put(cause, some.get(cause)));
    return sorted;
  }

  private int place(Cause cause) {
    return cause
        .leg()
        .map(leg -> Math.min(points.indexOf(leg.near()), points.indexOf(leg.far())))
        .orElse(-1);
  }

  /** What a cause is, in words that follow a count of segments that were sent again. */
  public String words(Cause cause) {
    return switch (cause.what()) {
      case LOST_BEFORE -> "for what was lost before " + first();
      case LOST_BETWEEN -> "for what was lost " + cause.leg().orElseThrow().between();
      case LOST_AFTER ->
          "for what was lost or late after " + last() + ", itself or its acknowledgment";
      case ACK_LOST ->
          "for what arrived and whose acknowledgment was lost "
              + cause.leg().map(Leg::between).orElse("or late after it passed " + first());
      case NEEDLESS ->
          "for what the receiver had already (its report was late, lost or not heeded)";
      case MISSED -> "for what a capture lacks";
      case UNKNOWN ->
          points.size() > 2
              ? "for a reason that neighbouring captures do not show (compare "
                  + (direction == Direction.C2S
                      ? first() + " and " + last()
                      : last() + " and " + first())
                  + " alone)"
              : "for a reason that the captures do not show";
    };
  }

  /** Each connection of which something was sent again. */
  public List<OfConnection> byConnection() {
    return List.copyOf(byConnection);
  }
}
