package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.flow.Connection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.InitialTtl;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.TcpOptions;
import org.mssbridge.model.TooBig;

/** Finds the functions of a device that forwards packets, with the grounds for each. */
final class PathFunctions {
  /**
   * The MTU that both ends of a path over plain Ethernet announce at least; below it a tunnel
   * cannot be recognised.
   */
  private static final int ETHERNET_MTU_BYTES = 1500;

  private final Map<HostPair, Grounds> tunnels;
  private final SeenTunnels seenTunnels;

  PathFunctions(Evidence evidence) {
    seenTunnels = new SeenTunnels(evidence);
    tunnels = tunnels(evidence);
  }

  /**
   * @param proxy what speaks for and against a proxy, which an application-level gateway resembles
   */
  void addAll(PairedConnection pair, Observations proxy, Map<PathFunction, Grounds> found) {
    Observations.Form form = proxy.form();
    add(
        PathFunction.MSS_CLAMP,
        clamp(pair, form, found.containsKey(PathFunction.SYN_PROXY)),
        found);
    add(PathFunction.OPTION_STRIPPER, stripper(pair, form), found);
    add(PathFunction.ROUTER, router(pair, form), found);
    add(PathFunction.NAT, nat(pair, form), found);
    alg(pair, proxy).ifPresent(grounds -> found.put(PathFunction.ALG, grounds));
    tunnel(pair).ifPresent(grounds -> found.put(PathFunction.TUNNEL, grounds));
  }

  private static void add(
      PathFunction function, Observations observed, Map<PathFunction, Grounds> found) {
    if (observed.isSupported()) {
      found.put(function, observed.grounds());
    }
  }

  /** Whose SYN/ACK a SYN proxy makes has an MSS of the proxy. */
  private static Observations clamp(
      PairedConnection pair, Observations.Form form, boolean isSynAckMade) {
    Observations observed = new Observations(form);
    for (Direction direction : Direction.values()) {
      Optional<Handshakes> both = Handshakes.first(pair, direction);
      OptionalInt near = both.map(h -> h.near().options().mss()).orElse(OptionalInt.empty());
      OptionalInt far = both.map(h -> h.far().options().mss()).orElse(OptionalInt.empty());
      boolean isMade = isSynAckMade && direction == Direction.S2C;
      if (near.isPresent() && far.isPresent() && !isMade) {
        String name = Handshakes.name(direction);
        if (far.getAsInt() < near.getAsInt()) {
          observed.support(
              () -> "MSS " + near.getAsInt() + " became " + far.getAsInt() + " in the " + name);
        } else {
          observed.oppose(() -> "MSS " + near.getAsInt() + " is not lowered in the " + name);
        }
      }
    }
    return observed;
  }

  private static Observations stripper(PairedConnection pair, Observations.Form form) {
    Observations observed = new Observations(form);
    for (Direction direction : Direction.values()) {
      Optional<Handshakes> both = Handshakes.first(pair, direction);
      if (both.isPresent() && both.get().far().options().whole()) {
        for (int kind : both.get().near().options().meaningfulKinds()) {
          if (kind != TcpOptions.MSS && !both.get().far().options().has(kind)) {
            observed.support(
                () ->
                    OptionKinds.name(kind)
                        + " is missing from the "
                        + both.get().name()
                        + " behind the device (at "
                        + pair.farPoint(direction)
                        + ")");
          }
        }
      }
    }
    return observed;
  }

  private static Observations router(PairedConnection pair, Observations.Form form) {
    Observations observed = new Observations(form);
    for (Direction direction : Direction.values()) {
      OptionalInt fall = Ttl.fall(pair, direction);
      if (fall.isPresent() && Ttl.isReset(fall.getAsInt())) {
        observed.oppose(() -> "the TTL is set again " + direction.words());
      } else if (fall.isPresent() && fall.getAsInt() > 0) {
        observed.support(() -> "the TTL falls by " + fall.getAsInt() + " " + direction.words());
      } else if (fall.isPresent()) {
        observed.oppose(() -> "the TTL does not fall " + direction.words());
      }
    }
    return observed;
  }

  private static Observations nat(PairedConnection pair, Observations.Form form) {
    var near = pair.near(Direction.C2S);
    var far = pair.far(Direction.C2S);
    Observations observed = new Observations(form);
    if (!near.client().equals(far.client())) {
      observed.support(() -> became("client", near.client(), far.client(), pair));
    }
    if (!near.server().equals(far.server())) {
      observed.support(() -> became("server", near.server(), far.server(), pair));
    }
    return observed;
  }

  private static String became(String end, Endpoint near, Endpoint far, PairedConnection pair) {
    return "the "
        + end
        + " is "
        + near
        + " at "
        + pair.nearPoint(Direction.C2S)
        + " and "
        + far
        + " at "
        + pair.farPoint(Direction.C2S);
  }

  private static Optional<Grounds> alg(PairedConnection pair, Observations proxy) {
    List<String> supporting = new ArrayList<>(0);
    for (Direction direction : Direction.values()) {
      int changes = pair.alignment(direction).lengthChanges().size();
      if (changes > 0) {
        supporting.add("the stream's length changes " + direction.words() + " in mid-connection");
      }
    }
    if (supporting.isEmpty()) {
      return Optional.empty();
    }
    Grounds reversed = proxy.grounds().reversed();
    supporting.addAll(reversed.supporting());
    return Optional.of(new Grounds(supporting, reversed.against()));
  }

  SeenTunnels seenTunnels() {
    return seenTunnels;
  }

  /**
   * A tunnel that one point sees. Else one that is inferred: a router between the points reports
   * exactly the MTU that an encapsulation leaves of Ethernet's 1500, while both ends have 1500-byte
   * links, and a device there lowers the MSS as well. A sum alone hits a number by chance.
   */
  private Optional<Grounds> tunnel(PairedConnection pair) {
    Optional<SeenTunnel> seen = seenTunnels.of(pair);
    if (seen.isPresent()) {
      return Optional.of(seen.get().grounds());
    }
    return tunnels.isEmpty()
            || !haveEthernet(pair)
            || !clamp(pair, Observations.Form.COUNTED, false).isSupported()
        ? Optional.empty()
        : Optional.ofNullable(tunnels.get(HostPair.of(pair)));
  }

  private static boolean haveEthernet(PairedConnection pair) {
    int headerBytes = IpFamily.of(pair.near(Direction.C2S).isIpv6()).tcpIpBytes();
    return Stream.of(Direction.values())
        .allMatch(
            direction ->
                pair.nearFlow(direction).announcedMss().orElse(0) + headerBytes
                    >= ETHERNET_MTU_BYTES);
  }

  /** Two hosts across a leg: what routers report about one of their connections applies to all. */
  private record HostPair(CapturePoint clientPoint, String client, String server) {
    static HostPair of(PairedConnection pair) {
      Connection connection = pair.near(Direction.C2S);
      return new HostPair(
          pair.nearPoint(Direction.C2S),
          connection.client().address(),
          connection.server().address());
    }
  }

  private static Map<HostPair, Grounds> tunnels(Evidence evidence) {
    Map<HostPair, Grounds> tunnels = new HashMap<>();
    for (PairedConnection pair : evidence.pairs()) {
      for (TooBigMessage message : evidence.tooBigs(pair.id())) {
        if (!message.quote().isUntrue()
            && evidence.fittingRefusal(message).isEmpty()
            && isFromBetween(pair, message)) {
          evidence
              .causes()
              .tunnelOf(message.any().mtuBytes(), ETHERNET_MTU_BYTES)
              .ifPresent(sum -> tunnels.putIfAbsent(HostPair.of(pair), tunnelGrounds(sum)));
        }
      }
    }
    return tunnels;
  }

  private static Grounds tunnelGrounds(String sum) {
    return new Grounds(
        List.of(
            "a router between the points names an MTU that is " + sum,
            "the MSS is lowered between the points as well"),
        List.of("a link can be set to that MTU without any tunnel"));
  }

  /** Whether the message's TTL shows a sender nearer than the far point. */
  private static boolean isFromBetween(PairedConnection pair, TooBigMessage message) {
    Direction direction = message.direction();
    Optional<TooBig> seen = message.seen().at(pair.nearPoint(direction));
    OptionalInt hops = Ttl.fall(pair, direction);
    if (seen.isEmpty() || seen.get().ttl() < 0 || hops.isEmpty()) {
      return false;
    }
    int messageHops = InitialTtl.routers(seen.get().ttl());
    return message.seen().at(pair.farPoint(direction)).isEmpty()
        && hops.getAsInt() > 0
        && !Ttl.isReset(hops.getAsInt())
        && messageHops < hops.getAsInt();
  }
}
