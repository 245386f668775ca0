package org.mssbridge.alignment;

import java.util.List;
import java.util.OptionalLong;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.SequenceNumber;
import org.mssbridge.pairing.ConnectionMatch;

/**
 * One connection as seen at two neighbouring capture points, with the alignment of the bytes that
 * crossed from one to the other.
 */
public final class PairedConnection {
  /** The number of those that have points between theirs: no array has a place for them. */
  static final int ACROSS = -1;

  private final int id;
  private final int number;
  private final Ends ends;
  private final Connection first;
  private final Connection second;
  private final List<String> matchedBy;
  private final double confidence;

  /** Null where it follows from the handshake. */
  private final SequenceBase clientToServerBase;

  private final SequenceBase serverToClientBase;
  private final Alignment clientToServer;
  private final Alignment serverToClient;
  private final Alignment.Delay clientToServerDelay;
  private final Alignment.Delay serverToClientDelay;

  /** The captures of two points, from the client's side, and the segments that they hold twice. */
  record Ends(
      PointCapture first,
      PointCapture second,
      CaptureDuplicates firstDuplicates,
      CaptureDuplicates secondDuplicates) {
    static Ends of(PointCapture first, PointCapture second, PerPoint<CaptureDuplicates> all) {
      return new Ends(
          first, second, all.at(first.point()).orElseThrow(), all.at(second.point()).orElseThrow());
    }
  }

  PairedConnection(int id, int number, Ends ends, ConnectionMatch match) {
    this.id = id;
    this.number = number;
    this.ends = ends;
    this.first = match.first();
    this.second = match.second();
    this.matchedBy = match.matchedBy();
    this.confidence = match.confidence();
    this.clientToServerBase = baseOf(Direction.C2S);
    this.serverToClientBase = baseOf(Direction.S2C);
    HandshakeSamples handshakes = new HandshakeSamples(this);
    SegmentAligner.Aligned aligned = SegmentAligner.align(this, Direction.C2S, handshakes);
    this.clientToServer = aligned.alignment();
    this.clientToServerDelay = aligned.delay();
    aligned = SegmentAligner.align(this, Direction.S2C, handshakes);
    this.serverToClient = aligned.alignment();
    this.serverToClientDelay = aligned.delay();
  }

  private PairedConnection(
      PairedConnection other, Alignment clientToServer, Alignment serverToClient) {
    this.id = other.id;
    this.number = other.number;
    this.ends = other.ends;
    this.first = other.first;
    this.second = other.second;
    this.matchedBy = other.matchedBy;
    this.confidence = other.confidence;
    this.clientToServerBase = other.clientToServerBase;
    this.serverToClientBase = other.serverToClientBase;
    this.clientToServer = clientToServer;
    this.serverToClient = serverToClient;
    this.clientToServerDelay = other.clientToServerDelay;
    this.serverToClientDelay = other.serverToClientDelay;
  }

  /** The same with another alignment of a direction. */
  PairedConnection with(Direction direction, Alignment alignment) {
    return direction == Direction.C2S
        ? new PairedConnection(this, alignment, serverToClient)
        : new PairedConnection(this, clientToServer, alignment);
  }

  private SequenceBase baseOf(Direction direction) {
    SequenceBase base = SequenceBase.of(first.flow(direction), second.flow(direction));
    return base.isFromHandshake() ? null : base;
  }

  /** The connection's number in the report, from 0. */
  public int id() {
    return id;
  }

  /**
   * Its number among all pairs, for use as an array index: less than the number of connections
   * times the number of legs. Some numbers are unused, because not every connection is seen at
   * every point.
   */
  public int number() {
    return number;
  }

  /** The evidence for the pairing, strongest first, such as {@code tuple} and {@code isn}. */
  public List<String> matchedBy() {
    return matchedBy;
  }

  /** The confidence in the pairing, 0 to 1. */
  public double confidence() {
    return confidence;
  }

  /** The capture nearer the sender of that direction. */
  public PointCapture nearCapture(Direction direction) {
    return direction == Direction.C2S ? ends.first() : ends.second();
  }

  /** The capture nearer the receiver of that direction. */
  public PointCapture farCapture(Direction direction) {
    return nearCapture(direction.reverse());
  }

  /** The point nearer the sender of that direction. */
  public CapturePoint nearPoint(Direction direction) {
    return nearCapture(direction).point();
  }

  /** The point nearer the receiver of that direction. */
  public CapturePoint farPoint(Direction direction) {
    return farCapture(direction).point();
  }

  /** The connection at the point nearer the sender of that direction. */
  public Connection near(Direction direction) {
    return direction == Direction.C2S ? first : second;
  }

  /** The connection at the point nearer the receiver of that direction. */
  public Connection far(Direction direction) {
    return near(direction.reverse());
  }

  /** What the near point saw of that direction. */
  public Flow nearFlow(Direction direction) {
    return near(direction).flow(direction);
  }

  /** What the far point saw of that direction. */
  public Flow farFlow(Direction direction) {
    return far(direction).flow(direction);
  }

  /** The connection at one of its two points. */
  public Connection at(CapturePoint point) {
    return point.equals(ends.first().point()) ? first : second;
  }

  /** The segments that the capture of this point holds twice. */
  CaptureDuplicates duplicates(CapturePoint point) {
    return point.equals(ends.first().point()) ? ends.firstDuplicates() : ends.secondDuplicates();
  }

  /**
   * How far the sequence numbers of a direction are shifted: those at the point nearer the server
   * minus those at the point nearer the client, modulo 2³². Empty where an ISN was not seen and no
   * segments show the shift either.
   */
  public OptionalLong isnDelta(Direction direction) {
    SequenceBase kept = keptBase(direction);
    if (kept == null) {
      return OptionalLong.of(SequenceNumber.delta(isn(first, direction), isn(second, direction)));
    }
    return kept.isKnown()
        ? OptionalLong.of(SequenceNumber.delta(kept.first(), kept.second()))
        : OptionalLong.empty();
  }

  /** Whether both points saw the ISN of a direction; otherwise its shift follows from its data. */
  public boolean isIsnSeen(Direction direction) {
    return keptBase(direction) == null;
  }

  /**
   * The raw sequence number from which positions are counted at one of the points: the ISN. Where
   * the ISN was not seen, a number below the first one seen, for the same byte at both points.
   */
  public int base(CapturePoint point, Direction direction) {
    SequenceBase kept = keptBase(direction);
    if (kept == null) {
      return isn(at(point), direction);
    }
    return point.equals(ends.first().point()) ? kept.first() : kept.second();
  }

  /** Null where both points saw the ISN, as nearly always: then nothing need be kept. */
  private SequenceBase keptBase(Direction direction) {
    return direction == Direction.C2S ? clientToServerBase : serverToClientBase;
  }

  private static int isn(Connection seen, Direction direction) {
    return seen.flow(direction).isn().orElseThrow();
  }

  /** Whether all packets of both captures have a time; otherwise no two times are compared. */
  public boolean isTimed() {
    return first.clientToServer().table().isTimed() && second.clientToServer().table().isTimed();
  }

  /** Whether HTTP was recognised at either point. */
  public boolean isHttp() {
    return first.clientToServer().isHttp() || second.clientToServer().isHttp();
  }

  /** The alignment of that direction: which near transmissions became which far ones. */
  public Alignment alignment(Direction direction) {
    return direction == Direction.C2S ? clientToServer : serverToClient;
  }

  /** The time differences of that direction's segments between the two points. */
  public Alignment.Delay delay(Direction direction) {
    return direction == Direction.C2S ? clientToServerDelay : serverToClientDelay;
  }
}
