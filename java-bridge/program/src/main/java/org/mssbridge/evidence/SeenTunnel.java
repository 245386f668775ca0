package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.Tunnel;
import org.mssbridge.model.TunnelKind;

/**
 * A tunnel that begins or ends between two points: the packets of connections are inside it at one
 * of them and outside at the other. What its size explains is summed up over these connections.
 */
public final class SeenTunnel {
  private static final int ETHERNET_MTU_BYTES = 1500;

  private final Key key;
  private final Set<Direction> directions = EnumSet.noneOf(Direction.class);
  private final Set<String> ends = new TreeSet<>();

  /** Whether the other direction, outside the tunnel or inside, is seen at its point. */
  private boolean bothSeen;

  private int leastBytes = Integer.MAX_VALUE;
  private int mostBytes;
  private final Map<Direction, Integer> crossed = new TreeMap<>();
  private final Map<Direction, Integer> lost = new TreeMap<>();
  private final Set<Integer> mtus = new TreeSet<>();
  private final Set<Integer> clamps = new TreeSet<>();

  /**
   * What the connections of one tunnel have in common.
   *
   * @param point where the packets are inside
   * @param outside where they are outside, or inside another one
   * @param other the tunnel there, empty where they are in none
   */
  record Key(CapturePoint point, CapturePoint outside, String name, String other) {}

  SeenTunnel(Key key) {
    this.key = key;
  }

  /** The tunnel that a pair enters or leaves between its points; empty where none is seen. */
  static Optional<Key> keyOf(PairedConnection pair) {
    for (Direction direction : Direction.values()) {
      CapturePoint nearPoint = pair.nearPoint(direction);
      CapturePoint farPoint = pair.farPoint(direction);
      Optional<Tunnel> before = tunnel(pair, nearPoint, direction);
      Optional<Tunnel> after = tunnel(pair, farPoint, direction);
      if (after.isPresent() && (isOutside(pair, nearPoint, direction) || differs(before, after))) {
        String other = before.map(Tunnel::name).orElse("");
        return Optional.of(new Key(farPoint, nearPoint, after.get().name(), other));
      }
      if (before.isPresent() && isOutside(pair, farPoint, direction)) {
        return Optional.of(new Key(nearPoint, farPoint, before.get().name(), ""));
      }
    }
    return Optional.empty();
  }

  /** Whether packets are in no tunnel, or only for the capture. */
  private static boolean isOutside(PairedConnection pair, CapturePoint point, Direction direction) {
    Flow flow = pair.at(point).flow(direction);
    return flow.isPlain()
        || (flow.tunnel().isPresent() && tunnel(pair, point, direction).isEmpty());
  }

  private static boolean differs(Optional<Tunnel> one, Optional<Tunnel> other) {
    return one.isPresent() && other.isPresent() && !one.get().kinds().equals(other.get().kinds());
  }

  /** The tunnel around a direction at a point, unless it carries copies to the capture only. */
  private static Optional<Tunnel> tunnel(
      PairedConnection pair, CapturePoint point, Direction direction) {
    Optional<Tunnel> own = pair.at(point).flow(direction).tunnel();
    Optional<Tunnel> other = pair.at(point).flow(direction.reverse()).tunnel();
    return own.filter(tunnel -> !isMirror(tunnel, other));
  }

  /**
   * Whether the packets were copied into the tunnel for the capture: a real one carries the answers
   * from its other end, a mirror session carries both directions from the device that copies.
   */
  private static boolean isMirror(Tunnel tunnel, Optional<Tunnel> reverse) {
    return tunnel.kinds().contains(TunnelKind.ERSPAN)
        || (tunnel.isOverIp()
            && reverse.isPresent()
            && reverse.get().source().equals(tunnel.source()));
  }

  void add(PairedConnection pair, List<TooBigMessage> messages) {
    for (Direction direction : Direction.values()) {
      Optional<Tunnel> inside = tunnel(pair, key.point(), direction);
      bothSeen |= pair.at(key.point()).flow(direction.reverse()).segments() > 0;
      if (inside.isEmpty() || !inside.get().name().equals(key.name())) {
        continue;
      }
      directions.add(direction);
      Tunnel tunnel = inside.get();
      if (tunnel.isOverIp()) {
        ends.add(
            direction == Direction.C2S
                ? tunnel.source() + " and " + tunnel.destination()
                : tunnel.destination() + " and " + tunnel.source());
      }
      if (tunnel.overheadBytes() > 0) {
        leastBytes = Math.min(leastBytes, tunnel.overheadBytes());
        mostBytes = Math.max(mostBytes, tunnel.overheadBytes());
      }
      addSizes(pair, direction);
    }
    for (TooBigMessage message : messages) {
      if (!message.quote().isNeverSent()) {
        mtus.add(message.any().mtuBytes());
      }
    }
  }

  /** Sizes on the wire only: a segment above the MSS is from offload. */
  private void addSizes(PairedConnection pair, Direction direction) {
    Handshakes.first(pair, direction).ifPresent(this::addClamp);
    OptionalInt limit = pair.near(direction).mssLimit(direction);
    SizeLimit sizes = SizeLimit.of(pair, direction);
    if (limit.isEmpty() || sizes.largestCrossedBytes() > limit.getAsInt()) {
      return;
    }
    int packetBytes = SizeLimit.largestCrossedPacketBytes(pair, direction);
    crossed.merge(direction, packetBytes, Math::max);
    if (sizes.isSharp() && sizes.smallestLostBytes() <= limit.getAsInt()) {
      int headerBytes = IpFamily.of(pair.near(direction).isIpv6()).tcpIpBytes();
      lost.merge(
          direction, sizes.smallestLostBytes() + sizes.optionBytes() + headerBytes, Math::min);
    }
  }

  private void addClamp(Handshakes both) {
    int far = both.far().options().mss().orElse(0);
    if (far > 0 && far < both.near().options().mss().orElse(0)) {
      clamps.add(far + both.headerBytes());
    }
  }

  /** Its name, such as {@code VXLAN}. */
  public String name() {
    return key.name();
  }

  /** The point at which packets are inside it. */
  public CapturePoint point() {
    return key.point();
  }

  /** The most bytes that it adds to a packet; empty where this is not known. */
  public OptionalInt overheadBytes() {
    return mostBytes == 0 ? OptionalInt.empty() : OptionalInt.of(mostBytes);
  }

  /**
   * The sum that makes a path MTU that of Ethernet less what the tunnel adds, such as {@code VXLAN
   * between 203.0.113.1 and 203.0.113.2 adds 50 bytes: 1500 - 50 = 1450}; empty where that MTU is
   * none of these sizes.
   *
   * @param leastPacketBytes the largest packet that is known to cross
   * @param belowPacketBytes the smallest packet that is known not to
   */
  public Optional<Explained> explains(int leastPacketBytes, int belowPacketBytes) {
    int left = ETHERNET_MTU_BYTES - mostBytes;
    return mostBytes == 0 || left < leastPacketBytes || left >= belowPacketBytes
        ? Optional.empty()
        : Optional.of(
            new Explained(
                String.format(
                    "%s %s adds %d bytes: %d - %d = %d",
                    key.name(),
                    ends.size() == 1 ? "between " + ends.iterator().next() : "at " + key.point(),
                    mostBytes,
                    ETHERNET_MTU_BYTES,
                    mostBytes,
                    left),
                mostBytes,
                left));
  }

  /**
   * A path MTU that the tunnel explains.
   *
   * @param sum how
   * @param overheadBytes what the tunnel adds to a packet
   * @param mtuBytes what remains of Ethernet's MTU
   */
  public record Explained(String sum, int overheadBytes, int mtuBytes) {}

  /** What is seen of it, and what its size explains. */
  Grounds grounds() {
    List<String> supporting = new ArrayList<>();
    List<String> against = new ArrayList<>();
    supporting.add(seen());
    if (mostBytes > 0) {
      supporting.add(
          String.format(
              "it adds %s to each packet: %d - %d = %d remain of Ethernet's MTU",
              leastBytes == mostBytes
                  ? mostBytes + " bytes"
                  : leastBytes + " to " + mostBytes + " bytes",
              ETHERNET_MTU_BYTES,
              mostBytes,
              ETHERNET_MTU_BYTES - mostBytes));
      directions.forEach(direction -> sizes(direction).ifPresent(supporting::add));
      mtus.forEach(mtu -> named(mtu).ifPresent(supporting::add));
      clamps.forEach(mtu -> clamped(mtu).ifPresent(supporting::add));
    }
    if (directions.size() == 1 && !bothSeen) {
      against.add(
          "only one direction is seen at "
              + key.point()
              + ": a mirror session that carries its copies in "
              + key.name()
              + " looks the same");
    }
    return new Grounds(supporting, against);
  }

  private String seen() {
    String which =
        directions.size() == 2
            ? "all packets"
            : "all packets " + words(directions.iterator().next());
    return which
        + " are inside "
        + key.name()
        + " at "
        + key.point()
        + (ends.size() == 1 ? " (between " + ends.iterator().next() + ")" : "")
        + " and "
        + (key.other().isEmpty() ? "outside it" : "inside " + key.other())
        + " at "
        + key.outside();
  }

  private Optional<String> sizes(Direction direction) {
    int passed = crossed.getOrDefault(direction, 0);
    int missing = lost.getOrDefault(direction, 0);
    if (missing > passed && missing + mostBytes > ETHERNET_MTU_BYTES) {
      return Optional.of(
          String.format(
              "packets of %d bytes and more are lost %s (%d + %d = %d with the tunnel)%s",
              missing,
              words(direction),
              missing,
              mostBytes,
              missing + mostBytes,
              passed > 0
                  ? String.format(
                      "; those of up to %d arrive (%d + %d = %d)",
                      passed, passed, mostBytes, passed + mostBytes)
                  : ""));
    }
    return missing == 0 && passed + mostBytes > ETHERNET_MTU_BYTES
        ? Optional.of(
            String.format(
                "packets of %d bytes arrive %s: the links below the tunnel carry %d + %d = %d",
                passed, words(direction), passed, mostBytes, passed + mostBytes))
        : Optional.empty();
  }

  private Optional<String> named(int mtuBytes) {
    return fillingEthernet(mtuBytes, "ICMP names an MTU of " + mtuBytes);
  }

  private Optional<String> clamped(int packetBytes) {
    return fillingEthernet(
        packetBytes, "the lowered MSS allows packets of " + packetBytes + " bytes");
  }

  /** The sum, if a packet of that size and the tunnel's overhead fill one of Ethernet. */
  private Optional<String> fillingEthernet(int packetBytes, String what) {
    return packetBytes + mostBytes == ETHERNET_MTU_BYTES
        ? Optional.of(
            String.format("%s: %d + %d = %d", what, packetBytes, mostBytes, ETHERNET_MTU_BYTES))
        : Optional.empty();
  }

  private static String words(Direction direction) {
    return direction == Direction.C2S ? "client to server" : "server to client";
  }
}
