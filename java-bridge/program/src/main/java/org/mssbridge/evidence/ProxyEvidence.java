package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.Spans;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpOptions;

/**
 * Weighs whether a device between two points is a proxy, which ends the connection and opens
 * another one, or forwards packets and changes them. Different ISNs alone decide nothing: both
 * kinds of device cause them.
 */
final class ProxyEvidence {
  private static final int LEAST_SAMPLES = 10;

  /** So many acknowledgments that come too soon are no accident of a capture's times. */
  private static final int LEAST_EARLY = 8;

  /**
   * Below this the times of a capture say nothing: a host often handles several packets at once.
   */
  private static final long LEAST_ROUND_TRIP_NANOS = 50_000;

  private final PairedConnection pair;
  private final PerPoint<Clock> clocks;
  private final Observations observations;
  private final boolean acceptedByDevice;
  private final OptionalLong synAckLeadNanos;
  private int weight;
  private boolean acknowledgesEarly;
  private boolean acknowledgesMostEarly;
  private String acknowledgedEarly = "";
  private boolean keepsIpIds;

  ProxyEvidence(PairedConnection pair, PerPoint<Clock> clocks, Observations.Form form) {
    this.pair = pair;
    this.clocks = clocks;
    observations = new Observations(form);
    weighIsns();
    acceptedByDevice = Ttl.isAcceptedByDevice(pair);
    synAckLeadNanos = acceptedByDevice ? OptionalLong.empty() : findSynAckLead();
    weighAckTiming();
    // A refused connection has the numbers of one direction only.
    if (pair.isnDelta(Direction.C2S).isPresent() || pair.isnDelta(Direction.S2C).isPresent()) {
      weighSegments(SameSegments.of(pair));
    }
    weighBoundaries();
    weighOptions();
    weighTtl();
  }

  PairedConnection pair() {
    return pair;
  }

  /** Above 0 where a proxy is more likely, below 0 where packets are forwarded. */
  int weight() {
    return weight;
  }

  /**
   * Whether data is acknowledged too soon for the receiver: a device that only forwards never does
   * this.
   */
  boolean acknowledgesEarly() {
    return acknowledgesEarly;
  }

  /**
   * Whether most data is acknowledged too soon for the receiver, often enough to show a device that
   * does it also where the numbers are the same at both points.
   */
  boolean acknowledgesMostEarly() {
    return acknowledgesMostEarly;
  }

  /** That observation in words; of use where it is made. */
  String acknowledgedEarly() {
    return acknowledgedEarly;
  }

  /** Whether segments keep their IP ID; those of a proxy do not. */
  boolean keepsIpIds() {
    return keepsIpIds;
  }

  /** The evidence for and against a proxy. */
  Observations observations() {
    return observations;
  }

  /** Whether a SYN/ACK left before the SYN arrived, or though it was refused. */
  boolean isSynAckBeforeSyn() {
    return acceptedByDevice || synAckLeadNanos.isPresent();
  }

  /** That observation in words; of use where it is made. */
  String synAckBeforeSyn() {
    return acceptedByDevice
        ? "the client's point has a SYN/ACK that never was at the server's, which refuses"
        : "the SYN/ACK is at the client's point "
            + Spans.text(synAckLeadNanos.orElse(0))
            + " before the SYN is at the server's";
  }

  /** Whether the ISN of either direction differs. */
  boolean isRewritten() {
    return isRewritten(Direction.C2S) || isRewritten(Direction.S2C);
  }

  private boolean isRewritten(Direction direction) {
    OptionalLong delta = pair.isnDelta(direction);
    return delta.isPresent() && delta.getAsLong() != 0;
  }

  /** Adds an observation; positive points are evidence for a proxy. */
  void weigh(int points, Supplier<String> observation) {
    weight += points;
    if (points > 0) {
      observations.support(observation);
    } else {
      observations.oppose(observation);
    }
  }

  private void weighIsns() {
    boolean client = isRewritten(Direction.C2S);
    boolean server = isRewritten(Direction.S2C);
    boolean clientKnown = pair.isnDelta(Direction.C2S).isPresent();
    boolean serverKnown = pair.isnDelta(Direction.S2C).isPresent();
    if (!client && !server && (clientKnown || serverKnown)) {
      String which =
          clientKnown && serverKnown
              ? "both directions"
              : (clientKnown ? Direction.C2S : Direction.S2C).words();
      weigh(-10, () -> numbers() + " of " + which + " are the same at both points");
    } else if (client != server && clientKnown && serverKnown) {
      weigh(-2, () -> numbers() + " of one direction only differ");
    }
  }

  /** What is compared: the ISNs, or what the same data shows where a handshake was not seen. */
  private String numbers() {
    return pair.isIsnSeen(Direction.C2S) || pair.isIsnSeen(Direction.S2C)
        ? "the ISNs"
        : "the sequence numbers (by the same data)";
  }

  /** How the numbers differ, for a verdict that rests on it. */
  String difference() {
    return pair.isIsnSeen(Direction.C2S) || pair.isIsnSeen(Direction.S2C)
        ? "the ISN differs"
        : "the same data has other sequence numbers: no handshake was seen";
  }

  /**
   * How long the SYN/ACK is at the client's point before the SYN is at the server's point; empty
   * where it is not.
   */
  private OptionalLong findSynAckLead() {
    Optional<Segment> syn = pair.farFlow(Direction.C2S).firstHandshake();
    Optional<Segment> synAck = pair.farFlow(Direction.S2C).firstHandshake();
    OptionalLong offset = offsetNanos();
    if (syn.isEmpty() || synAck.isEmpty() || offset.isEmpty()) {
      return OptionalLong.empty();
    }
    long leadNanos = syn.get().timeNanos() - offset.getAsLong() - synAck.get().timeNanos();
    return leadNanos > uncertaintyNanos() ? OptionalLong.of(leadNanos) : OptionalLong.empty();
  }

  /** Looks for acknowledgments of data that cannot have reached the other point yet. */
  private void weighAckTiming() {
    long roundTripNanos = Math.min(roundTripNanos(), fastestNanos());
    if (roundTripNanos < LEAST_ROUND_TRIP_NANOS) {
      return;
    }
    AckTiming toServer = AckTiming.of(pair, Direction.C2S, roundTripNanos);
    AckTiming toClient = AckTiming.of(pair, Direction.S2C, roundTripNanos);
    AckTiming both = toServer.plus(toClient);
    if (both.early() >= 2 && both.early() * 5 >= both.examined()) {
      acknowledgesEarly = true;
      acknowledgesMostEarly = isMostEarly(toServer) || isMostEarly(toClient);
      acknowledgedEarly =
          share(both.early(), both.examined())
              + " data segments are acknowledged before they can have been at the other point";
      weigh(8, () -> acknowledgedEarly);
    } else if (both.early() == 0 && toServer.examined() > 0 && toClient.examined() > 0) {
      weigh(
          -2,
          () ->
              "none of "
                  + both.examined()
                  + " data segments is acknowledged sooner than a round trip to the other point takes");
    }
  }

  private static boolean isMostEarly(AckTiming timing) {
    return timing.early() >= LEAST_EARLY && timing.early() * 2 > timing.examined();
  }

  /**
   * The minimum round trip between the points, which is the width of the clock offset's interval; 0
   * where unknown. Of a few segments, each may have waited longer than any acknowledgment.
   */
  private long roundTripNanos() {
    Clock near = clocks.at(pair.nearPoint(Direction.C2S)).orElseThrow();
    Clock far = clocks.at(pair.farPoint(Direction.C2S)).orElseThrow();
    if (!near.consistent()
        || !far.consistent()
        || !near.even()
        || !far.even()
        || Math.max(near.samples(), far.samples()) < LEAST_SAMPLES) {
      return 0;
    }
    return Math.abs(widthNanos(far) - widthNanos(near));
  }

  /**
   * The fastest way there and back that segments of this pair took, which no clock offset changes:
   * the clocks' interval also allows for what is not known of them, and is wider.
   */
  private long fastestNanos() {
    long sum = 0;
    for (Direction direction : Direction.values()) {
      Alignment.Delay delay = pair.delay(direction);
      Clock near = clocks.at(pair.nearPoint(direction)).orElseThrow();
      Clock far = clocks.at(pair.farPoint(direction)).orElseThrow();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < delay.nearTimeNanos().length; i++) {
        long nanos = near.referenceNanos(delay.nearTimeNanos()[i]);
        long offsetNanos = far.offsetNanos(nanos) - near.offsetNanos(nanos);
        least = Math.min(least, delay.differenceNanos()[i] - offsetNanos);
      }
      if (least == Long.MAX_VALUE) {
        return Long.MAX_VALUE; // Unknown: no limit.
      }
      sum += least;
    }
    return sum;
  }

  private static long widthNanos(Clock clock) {
    return Math.round(clock.widthSeconds().orElse(0) * 1e9);
  }

  private OptionalLong offsetNanos() {
    Optional<Clock> near = clocks.at(pair.nearPoint(Direction.C2S));
    Optional<Clock> far = clocks.at(pair.farPoint(Direction.C2S));
    if (near.isEmpty() || far.isEmpty() || (near.get().samples() + far.get().samples()) == 0) {
      return OptionalLong.empty();
    }
    long time = pair.near(Direction.C2S).firstTimeNanos();
    return OptionalLong.of(far.get().offsetNanos(time) - near.get().offsetNanos(time));
  }

  private long uncertaintyNanos() {
    return uncertaintyNanos(pair.nearPoint(Direction.C2S))
        + uncertaintyNanos(pair.farPoint(Direction.C2S));
  }

  private long uncertaintyNanos(CapturePoint point) {
    OptionalDouble widthSeconds = clocks.at(point).orElseThrow().widthSeconds();
    return widthSeconds.isPresent()
        ? (long) (widthSeconds.getAsDouble() * 5e8)
        : Long.MAX_VALUE / 4;
  }

  private void weighSegments(SameSegments same) {
    if (same.examined() >= 6) {
      if (same.found() * 100L >= same.examined() * 95L) {
        weigh(-2, () -> share(same.found(), same.examined()) + " ACKs cross unchanged");
      } else if (same.found() * 100L <= same.examined() * 70L) {
        weigh(3, () -> few(same.found(), same.examined()) + " ACKs cross unchanged");
      }
    }
    // Even one is enough: a proxy's own packet has the same ID once in 65536 times.
    keepsIpIds = same.ipIdSame() >= 1 && same.ipIdSame() * 100L >= same.ipIdCompared() * 90L;
    if (keepsIpIds) {
      weigh(-4, () -> share(same.ipIdSame(), same.ipIdCompared()) + " segments keep their IP ID");
    } else {
      weighShare(same.ipIdSame(), same.ipIdCompared(), 4, 3, "segments keep their IP ID");
    }
    weighShare(same.timestampSame(), same.timestampCompared(), 2, 3, "segments keep their TSval");
    weighShare(same.windowSame(), same.windowCompared(), 2, 2, "segments keep their window");
  }

  private void weighShare(int same, int compared, int against, int inFavour, String what) {
    if (compared >= 3 && same * 100L >= compared * 90L) {
      weigh(-against, () -> share(same, compared) + " " + what);
    } else if (compared >= 3 && same * 100L <= compared * 50L) {
      weigh(inFavour, () -> few(same, compared) + " " + what);
    }
  }

  private static String share(int part, int whole) {
    return part + " of " + whole;
  }

  private static String few(int part, int whole) {
    return part == 0 ? "none of " + whole : "only " + share(part, whole);
  }

  private void weighBoundaries() {
    int keptSoFar = 0;
    int arrivedSoFar = 0;
    for (Direction direction : Direction.values()) {
      Alignment.Sightings far = pair.alignment(direction).far();
      SegmentSizes sizes = new SegmentSizes(pair, direction);
      for (int i = 0; i < far.size(); i++) {
        if (far.peers()[i] > 0 && !sizes.isOffloaded(i)) {
          arrivedSoFar++;
          int payloadBytes = pair.farFlow(direction).table().payloadBytes(far.row()[i]);
          keptSoFar += far.peers()[i] == 1 && far.largestPeerBytes()[i] == payloadBytes ? 1 : 0;
        }
      }
    }
    int kept = keptSoFar;
    int arrived = arrivedSoFar;
    if (arrived >= 10 && kept * 100L >= arrived * 95L) {
      weigh(-1, () -> share(kept, arrived) + " data segments keep their boundaries");
    } else if (arrived >= 10 && kept * 100L <= arrived * 60L) {
      weigh(2, () -> few(kept, arrived) + " data segments keep their boundaries");
    }
  }

  private void weighOptions() {
    for (Direction direction : Direction.values()) {
      Optional<Handshakes> both = Handshakes.first(pair, direction);
      if (both.isEmpty()) {
        continue;
      }
      TcpOptions near = both.get().near().options();
      TcpOptions far = both.get().far().options();
      if (!near.whole() || !far.whole()) {
        continue;
      }
      String name = direction == Direction.C2S ? "the SYN's" : "the SYN/ACK's";
      List<Integer> kinds = near.meaningfulKinds();
      List<Integer> farKinds = far.meaningfulKinds();
      if (kinds.equals(farKinds) && kinds.size() > 1) {
        weigh(-1, () -> name + " options come in the same order");
      } else if (!kinds.equals(farKinds)
          && kinds.size() == farKinds.size()
          && Set.copyOf(kinds).equals(Set.copyOf(farKinds))) {
        weigh(2, () -> name + " options come in another order");
      }
      if (near.windowScale() >= 0
          && far.windowScale() >= 0
          && near.windowScale() != far.windowScale()) {
        weigh(2, () -> name + " window scale differs");
      }
    }
  }

  private void weighTtl() {
    OptionalInt toServer = Ttl.fall(pair, Direction.C2S);
    OptionalInt toClient = Ttl.fall(pair, Direction.S2C);
    if (toServer.isEmpty() || toClient.isEmpty()) {
      return;
    }
    if (toServer.getAsInt() > 0 && toServer.getAsInt() == toClient.getAsInt()) {
      weigh(
          -1,
          () -> "the TTL falls by " + toServer.getAsInt() + " in both directions, as on a path");
    } else if (toServer.getAsInt() <= 0 && toClient.getAsInt() <= 0) {
      // Where nothing else differs either, that is no sign of a device.
      weigh(isRewritten() ? 1 : -1, () -> "the TTL does not fall between the points");
    }
  }
}
