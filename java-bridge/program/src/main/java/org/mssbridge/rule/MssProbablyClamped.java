package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.evidence.FullSegments;
import org.mssbridge.finding.Cause;
import org.mssbridge.finding.Change;
import org.mssbridge.finding.Facts;
import org.mssbridge.finding.Finding;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;
import org.mssbridge.finding.Occurrence;
import org.mssbridge.finding.SecondCapture;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Group;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Severity;

/**
 * A clamp on a SYN that no capture holds: bulk data ends at a size below the MSS that was
 * announced.
 */
final class MssProbablyClamped implements Rule {
  static final Kind KIND =
      new Kind(
          "mss.probably-clamped",
          Severity.NOTE,
          Group.PROTOCOL,
          "full segments are smaller than the MSS that was announced");

  private static final int ETHERNET_MTU_BYTES = 1500;

  record Limited(
      Direction ofData,
      CapturePoint point,
      int announcedBytes,
      OptionalInt ownBytes,
      int payloadBytes,
      int optionBytes,
      int segments,
      int smaller,
      int headerBytes)
      implements Finding {
    @Override
    public Kind kind() {
      return KIND;
    }

    private int mssBytes() {
      return payloadBytes + optionBytes;
    }

    private String sender() {
      return ofData == Direction.C2S ? "client" : "server";
    }

    private String receiver() {
      return ofData == Direction.C2S ? "server" : "client";
    }

    @Override
    public String message() {
      return String.format(
          "the %s announces MSS %d, but all %d full segments sent to it end at %d bytes of data and"
              + " %d of options: the MSS is probably clamped to %d before it reaches the %s, or the %s knows"
              + " a path MTU of %d",
          receiver(),
          announcedBytes,
          segments,
          payloadBytes,
          optionBytes,
          mssBytes(),
          sender(),
          sender(),
          mssBytes() + headerBytes);
    }

    @Override
    public Optional<Direction> direction() {
      return Optional.of(ofData.reverse());
    }

    @Override
    public Facts facts() {
      Facts facts =
          Facts.of("point", point.name())
              .and("announced_mss_bytes", announcedBytes)
              .and("effective_mss_bytes", mssBytes())
              .and("payload_bytes", payloadBytes)
              .and("option_bytes", optionBytes)
              .and("full_segments", segments)
              .and("smaller_segments", smaller);
      return facts.and("sender_mss_bytes", ownBytes);
    }

    @Override
    public Optional<Change> change() {
      return Optional.of(Change.of("MSS", announcedBytes, mssBytes()));
    }

    @Override
    public List<Cause> causes() {
      List<String> forClamp = new ArrayList<>();
      forClamp.add(
          String.format("%d segments without PSH have this size, and none is larger", segments));
      List<String> againstClamp = new ArrayList<>();
      List<String> againstLink = new ArrayList<>();
      if (smaller > 0) {
        againstClamp.add(smaller + " segments without PSH are smaller");
      }
      if (ownBytes.isPresent()) {
        againstLink.add(
            String.format(
                "the %s announces MSS %d itself: its link carries packets of %d",
                sender(), ownBytes.getAsInt(), ownBytes.getAsInt() + headerBytes));
      }
      Cause clamp =
          new Cause(
              "a clamp on the " + receiver() + "'s SYN, which no capture holds as it arrived",
              forClamp,
              againstClamp,
              "RFC 9293, section 3.7.1; RFC 6691");
      Cause link =
          new Cause(
              String.format(
                  "an MTU of %d on the %s's own link, or one that it learned before",
                  mssBytes() + headerBytes, sender()),
              List.of(),
              againstLink,
              "RFC 1191, section 6.3");
      return List.of(clamp, link);
    }

    @Override
    public Optional<SecondCapture> secondCapture() {
      return Optional.of(
          SecondCapture.near(ofData, "the MSS in the SYN that the " + sender() + " receives"));
    }

    @Override
    public String nextStep() {
      return String.format(
          "capture the SYN nearer the %s; mssbridge explain %d lists what the value can mean",
          sender(), mssBytes());
    }
  }

  /** What the connections of one finding have in common. */
  private record Key(
      Direction direction,
      CapturePoint point,
      int announcedBytes,
      OptionalInt ownBytes,
      int payloadBytes,
      int optionBytes,
      int headerBytes) {}

  private static final class Tally {
    final List<Occurrence> occurrences = new ArrayList<>();
    int segments;
    int smaller;
  }

  @Override
  public List<Kind> kinds() {
    return List.of(KIND);
  }

  @Override
  public void check(Evidence evidence, Findings findings) {
    Map<Key, Tally> tallies = new LinkedHashMap<>();
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (Direction direction : Direction.values()) {
        check(evidence, traced, direction, tallies);
      }
    }
    tallies.forEach(
        (key, tally) ->
            findings.add(
                new Limited(
                    key.direction(),
                    key.point(),
                    key.announcedBytes(),
                    key.ownBytes(),
                    key.payloadBytes(),
                    key.optionBytes(),
                    tally.segments,
                    tally.smaller,
                    key.headerBytes()),
                tally.occurrences));
  }

  private static void check(
      Evidence evidence, TracedConnection traced, Direction direction, Map<Key, Tally> tallies) {
    CapturePoint point = Evidence.nearestSender(traced, direction);
    Connection connection = traced.at().at(point).orElseThrow();
    if (!FullSegments.arePossible(connection, direction)) {
      return;
    }
    OptionalInt announced = lowestAnnounced(traced, direction);
    boolean isReported =
        evidence.tooBigs(traced.id()).stream().anyMatch(m -> m.direction() == direction);
    if (announced.isEmpty()
        || isReported
        || isSynAtSender(connection, direction)
        || isLearned(evidence, connection, direction, point)) {
      return;
    }
    Optional<FullSegments> found =
        FullSegments.of(connection, direction, windowScale(traced, direction));
    int headerBytes = IpFamily.of(connection.isIpv6()).tcpIpBytes();
    if (found.isEmpty()
        || found.get().mssBytes() >= announced.getAsInt()
        || isOwn(connection, direction, found.get().mssBytes())
        || isOwnElsewhere(evidence, point, connection, direction, found.get().mssBytes())
        || found.get().areCutAgain(connection, direction, announced.getAsInt())
        || found.get().mssBytes() + headerBytes == ETHERNET_MTU_BYTES
        || isTunnelled(evidence, traced, found.get().mssBytes() + headerBytes)) {
      return;
    }
    FullSegments full = found.get();
    Key key =
        new Key(
            direction,
            point,
            announced.getAsInt(),
            connection.mssLimit(direction.reverse()),
            full.payloadBytes(),
            full.optionBytes(),
            headerBytes);
    Tally tally = tallies.computeIfAbsent(key, k -> new Tally());
    tally.segments += full.count();
    tally.smaller += full.smaller();
    tally.occurrences.add(
        Occurrence.on(traced.id())
            .at(point, connection.firstFrame())
            .with(Facts.of("full_segments", full.count())));
  }

  /**
   * Whether the capture is beside the sender and holds the SYN as it arrived there, so that no
   * device can have lowered the MSS unseen.
   */
  private static boolean isSynAtSender(Connection connection, Direction direction) {
    return connection.flow(direction.reverse()).hasHandshake()
        && InitialTtl.is(connection.flow(direction).firstTtl());
  }

  /**
   * Whether the sender announces that size itself, as its link carries no more or its application
   * asks for it: hosts send no larger segments than they announce then.
   */
  private static boolean isOwn(Connection connection, Direction direction, int mssBytes) {
    return connection.mssLimit(direction.reverse()).equals(OptionalInt.of(mssBytes));
  }

  /**
   * Whether the sender announces that size to the same host on another connection: it learned a
   * path MTU, which lowers what it announces from then on and what it sends at once.
   */
  private static boolean isOwnElsewhere(
      Evidence evidence,
      CapturePoint point,
      Connection connection,
      Direction direction,
      int mssBytes) {
    String sender = connection.flow(direction).sender().address();
    String receiver = connection.flow(direction.reverse()).sender().address();
    for (Connection other : evidence.comparison().capture(point).connections()) {
      for (Direction from : Direction.values()) {
        if (other.flow(from).sender().address().equals(sender)
            && other.flow(from.reverse()).sender().address().equals(receiver)
            && isOwn(other, from, mssBytes)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether a tunnel that is seen on the path leaves exactly this size: its sender learned that.
   */
  private static boolean isTunnelled(Evidence evidence, TracedConnection traced, int packetBytes) {
    return traced.pairs().stream()
        .flatMap(pair -> evidence.seenTunnel(pair).stream())
        .anyMatch(tunnel -> packetBytes + tunnel.overheadBytes().orElse(0) == ETHERNET_MTU_BYTES);
  }

  /** Whether the sender learned a smaller path MTU from ICMP, on this connection or another. */
  private static boolean isLearned(
      Evidence evidence, Connection connection, Direction direction, CapturePoint point) {
    Flow flow = connection.flow(direction);
    return flow.lastRow() >= 0
        && evidence.isPathMtuLearned(
            point,
            flow.sender().address(),
            connection.flow(direction.reverse()).sender().address(),
            flow.table().timeNanos(flow.lastRow()));
  }

  /** The receiver's window scale at whatever point saw its SYN. */
  private static int windowScale(TracedConnection traced, Direction direction) {
    return traced.at().points().stream()
        .map(point -> traced.at().at(point).orElseThrow().flow(direction.reverse()))
        .flatMap(flow -> flow.firstHandshake().stream())
        .mapToInt(syn -> syn.options().windowScale())
        .max()
        .orElse(0);
  }

  /**
   * The smallest MSS that any point saw announced for a direction, in any transmission of the SYN:
   * one without the option allows the default only.
   */
  private static OptionalInt lowestAnnounced(TracedConnection traced, Direction direction) {
    int lowest = 0;
    for (CapturePoint point : traced.at().points()) {
      Connection connection = traced.at().at(point).orElseThrow();
      IpFamily family = IpFamily.of(connection.isIpv6());
      for (Segment syn : connection.flow(direction.reverse()).handshake()) {
        int bytes = mssBytes(syn, family);
        lowest = lowest == 0 || (bytes > 0 && bytes < lowest) ? bytes : lowest;
      }
    }
    return lowest == 0 ? OptionalInt.empty() : OptionalInt.of(lowest);
  }

  /** The MSS of a SYN; 0 where the capture does not hold all of its options. */
  private static int mssBytes(Segment syn, IpFamily family) {
    return syn.options().mss().orElse(syn.options().whole() ? family.defaultMssBytes() : 0);
  }
}
