package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.finding.Leg;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

/**
 * Where the time of requests went that passed the same points. All spans are differences of two
 * times of one point, or of two such differences: the clocks need not agree.
 */
public final class TimeSpent {
  /** A user notices that, or several of them. */
  public static final long LONG_NANOS = 500_000_000L;

  /** Segments that overtake each other on the way look as if they were sent again so soon. */
  private static final long NOTICEABLE_NANOS = 1_000_000L;

  /** Connections that show whether an end is beside its point. */
  private static final int ENOUGH = 64;

  private final Asked asked;
  private final List<CapturePoint> points;
  private final List<Durations> legs = new ArrayList<>();
  private final Durations waits = new Durations();
  private final Map<TimePart, Durations> parts = new EnumMap<>(TimePart.class);
  private final Map<TimePart, LongWaits> longWaits = new EnumMap<>(TimePart.class);
  private final Durations firstBytes = new Durations();
  private final Durations betweenRequests = new Durations();
  private final Durations handshakes = new Durations();
  private final Durations handshakeAnswers = new Durations();
  private final Durations tlsHellos = new Durations();
  private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);
  private final List<OfConnection> byConnection = new ArrayList<>();
  private int connections;
  private int repeating;
  private int besideClient;
  private int besideServer;
  private int placed;

  /**
   * A request that waits long, and most of it for one thing: the longest such wait of a connection.
   *
   * @param connection its number in the report; -1 for a flow besides TCP
   * @param flow the name of that flow; empty for a connection
   * @param requestFrame the first frame of the request, at the first point
   * @param responseFrame the last one of the response, at the same point
   * @param waitNanos from the one to the other
   * @param partNanos the part of it
   */
  public record LongWait(
      int connection,
      String flow,
      int requestFrame,
      int responseFrame,
      long waitNanos,
      long partNanos) {
    /** Whether both are of one connection or flow. */
    boolean isBeside(LongWait other) {
      return connection == other.connection && flow.equals(other.flow);
    }
  }

  /**
   * The requests of one connection, added up.
   *
   * @param connection its number in the report
   * @param requests how many
   */
  public record OfConnection(
      int connection,
      int requests,
      long waitNanos,
      long serverNanos,
      long networkNanos,
      long retransmissionNanos,
      long clientNanos,
      long transferNanos) {}

  /** The long waits that are mostly for one thing. */
  public static final class LongWaits {
    private final List<LongWait> longest = new ArrayList<>();
    private int count;
    private int slowAnswers;

    void add(LongWait wait, boolean isSlowAnswer) {
      count++;
      slowAnswers += isSlowAnswer ? 1 : 0;
      int last = longest.size() - 1;
      if (last < 0 || !longest.get(last).isBeside(wait)) {
        longest.add(wait);
      } else if (longest.get(last).waitNanos() < wait.waitNanos()) {
        longest.set(last, wait);
      }
    }

    /** How many there are. */
    public int count() {
      return count;
    }

    /** How many of them wait for a server that acknowledges at once and answers late. */
    public int slowAnswers() {
      return slowAnswers;
    }

    /** The longest of each connection. */
    public List<LongWait> longest() {
      return List.copyOf(longest);
    }
  }

  TimeSpent(Asked asked, List<CapturePoint> points) {
    this.asked = asked;
    this.points = List.copyOf(points);
    for (TimePart part : TimePart.values()) {
      parts.put(part, new Durations());
      longWaits.put(part, new LongWaits());
    }
    for (int i = 1; i < points.size(); i++) {
      legs.add(new Durations());
    }
  }

  /** The spans of one request and its response. */
  static final class Spans {
    final long[] legNanos;
    long waitNanos;
    long firstByteNanos;
    long serverNanos;
    long clientNanos;
    long networkNanos;
    long retransmissionNanos;
    long transferNanos;

    Spans(int legs) {
      legNanos = new long[legs];
    }

    long of(TimePart part) {
      return switch (part) {
        case SERVER -> serverNanos;
        case CLIENT -> clientNanos;
        case NETWORK -> networkNanos;
        case RETRANSMISSION -> retransmissionNanos;
        case TRANSFER -> transferNanos;
      };
    }

    void add(Spans more) {
      waitNanos += more.waitNanos;
      serverNanos += more.serverNanos;
      clientNanos += more.clientNanos;
      networkNanos += more.networkNanos;
      retransmissionNanos += more.retransmissionNanos;
      transferNanos += more.transferNanos;
    }

    /** What more than half of the wait is for; {@link TimePart#TRANSFER} also where nothing is. */
    TimePart most() {
      for (TimePart part : TimePart.values()) {
        if (2 * of(part) > waitNanos) {
          return part;
        }
      }
      return TimePart.TRANSFER;
    }
  }

  void add(Spans spans) {
    waits.add(spans.waitNanos);
    firstBytes.add(spans.firstByteNanos);
    for (TimePart part : TimePart.values()) {
      parts.get(part).add(spans.of(part));
    }
    for (int i = 0; i < legs.size(); i++) {
      legs.get(i).add(spans.legNanos[i]);
    }
    repeating += spans.of(TimePart.RETRANSMISSION) >= NOTICEABLE_NANOS ? 1 : 0;
  }

  void addLong(TimePart part, LongWait wait, boolean isSlowAnswer) {
    longWaits.get(part).add(wait, isSlowAnswer);
  }

  void addConnection() {
    connections++;
  }

  void addConnection(int connection, int requests, Spans sum) {
    byConnection.add(
        new OfConnection(
            connection,
            requests,
            sum.waitNanos,
            sum.serverNanos,
            sum.networkNanos,
            sum.retransmissionNanos,
            sum.clientNanos,
            sum.transferNanos));
  }

  void addBetween(long nanos) {
    betweenRequests.add(nanos);
  }

  void addTlsHello(long nanos) {
    tlsHellos.add(nanos);
  }

  void addHandshake(long nanos, long answerNanos) {
    handshakes.add(nanos);
    handshakeAnswers.add(answerNanos);
  }

  void leaveOut(LeftOut reason) {
    leftOut.merge(reason, 1, Integer::sum);
  }

  boolean needsPlaces() {
    return placed < ENOUGH;
  }

  void place(boolean isBesideClient, boolean isBesideServer) {
    placed++;
    besideClient += isBesideClient ? 1 : 0;
    besideServer += isBesideServer ? 1 : 0;
  }

  /** What its requests are. */
  public Asked asked() {
    return asked;
  }

  /** Two or more points, from the client's side. */
  public List<CapturePoint> points() {
    return points;
  }

  /** The point nearest to the clients. */
  public CapturePoint first() {
    return points.get(0);
  }

  /** The point nearest to the servers. */
  public CapturePoint last() {
    return points.get(points.size() - 1);
  }

  /** Whether the last point is on the servers or beside them, as handshakes show. */
  public boolean isBesideServer() {
    return placed > 0 && besideServer == placed;
  }

  /** Whether the first point is on the clients or beside them. */
  public boolean isBesideClient() {
    return placed > 0 && besideClient == placed;
  }

  /** Connections with at least one request that counts. */
  public int connections() {
    return connections;
  }

  /** The sums of each connection with a request that was divided. */
  public List<OfConnection> byConnection() {
    return Collections.unmodifiableList(byConnection);
  }

  /** How many requests were divided. */
  public int requests() {
    return waits.count();
  }

  /** How many requests could not be divided, for one reason. */
  public int leftOut(LeftOut reason) {
    return leftOut.getOrDefault(reason, 0);
  }

  /** How many could not be divided at all. */
  public int leftOut() {
    return leftOut.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** From the first segment of each request to the last of its response, at the first point. */
  public Durations waits() {
    return waits;
  }

  /** What of each wait is spent on something. */
  public Durations part(TimePart part) {
    return parts.get(part);
  }

  /** The long waits that are mostly for something. */
  public LongWaits longWaits(TimePart part) {
    return longWaits.get(part);
  }

  /** How many requests or responses waited for something that is sent again. */
  public int repeating() {
    return repeating;
  }

  /** The legs, in the direction from client to server. */
  public List<Leg> legs() {
    List<Leg> all = new ArrayList<>();
    for (int i = 1; i < points.size(); i++) {
      all.add(new Leg(Direction.C2S, points.get(i - 1), points.get(i)));
    }
    return all;
  }

  /** The way over a leg and back, of each request. */
  public Durations leg(int number) {
    return legs.get(number);
  }

  /** From the first segment of each request to the first byte of its response. */
  public Durations firstBytes() {
    return firstBytes;
  }

  /** From the end of a response to the next request, at the first point; idle ones are left out. */
  public Durations betweenRequests() {
    return betweenRequests;
  }

  /** From the first SYN to the SYN/ACK, at the first point. */
  public Durations handshakes() {
    return handshakes;
  }

  /** From the SYN to the SYN/ACK, at the last point. */
  public Durations handshakeAnswers() {
    return handshakeAnswers;
  }

  /** From a TLS client's hello to the end of what the server answers, at the first point. */
  public Durations tlsHellos() {
    return tlsHellos;
  }
}
