package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.clock.Clock;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;

/**
 * Judges the middlebox between two points for every connection. A device treats all connections to
 * one port in the same way, so a connection too short to decide alone is judged together with the
 * others of its group.
 */
final class Middleboxes {
  /** The weight that undecided connections of a group must reach together. */
  private static final int TOGETHER = 2 * Middlebox.CERTAIN;

  /** The verdicts, indexed by the pair's number. */
  private final Middlebox[] verdicts;

  /** What its group adds to each, indexed by the pair's number. */
  private final Others[] others;

  /** Verdicts by themselves: most connections share one. */
  private final Map<Middlebox, Middlebox> alike = new ConcurrentHashMap<>();

  private final PathFunctions functions;
  private final PerPoint<Clock> clocks;

  /** The connections through one device to one server port. */
  private record Group(CapturePoint clientPoint, CapturePoint serverPoint, int serverPort) {
    static Group of(PairedConnection pair) {
      return new Group(
          pair.nearPoint(Direction.C2S),
          pair.farPoint(Direction.C2S),
          pair.near(Direction.C2S).server().port());
    }
  }

  Middleboxes(Evidence evidence) {
    functions = new PathFunctions(evidence);
    verdicts =
        new Middlebox
            [evidence.pairs().stream().mapToInt(PairedConnection::number).max().orElse(-1) + 1];
    others = new Others[verdicts.length];
    Arrays.fill(others, Others.NOTHING);
    clocks = evidence.comparison().clocks();
    List<ProxyEvidence> weighed =
        evidence.pairs().parallelStream()
            .map(pair -> new ProxyEvidence(pair, clocks, Observations.Form.COUNTED))
            .toList();
    Map<Group, List<ProxyEvidence>> rewritten = new LinkedHashMap<>();
    List<ProxyEvidence> kept = new ArrayList<>();
    for (ProxyEvidence proxy : weighed) {
      if (proxy.isRewritten()) {
        rewritten.computeIfAbsent(Group.of(proxy.pair()), key -> new ArrayList<>()).add(proxy);
      } else {
        kept.add(proxy);
      }
    }
    kept.parallelStream().forEach(this::judge);
    rewritten.values().forEach(this::judge);
  }

  Middlebox of(PairedConnection pair) {
    return verdicts[pair.number()];
  }

  boolean hasSeenTunnels() {
    return !functions.seenTunnels().isEmpty();
  }

  Optional<SeenTunnel> seenTunnel(PairedConnection pair) {
    return functions.seenTunnels().of(pair);
  }

  /** What the verdict on a pair rests on. */
  MiddleboxGrounds grounds(PairedConnection pair) {
    ProxyEvidence proxy = new ProxyEvidence(pair, clocks, Observations.Form.IN_WORDS);
    others[pair.number()].weigh(proxy);
    return new MiddleboxGrounds(
        functions(proxy), proxy.observations().grounds(), proxy.difference());
  }

  private void judge(List<ProxyEvidence> group) {
    boolean early = group.stream().anyMatch(ProxyEvidence::acknowledgesEarly);
    boolean keepsIpIds = group.stream().anyMatch(ProxyEvidence::keepsIpIds);
    int undecided = 0;
    for (ProxyEvidence one : group) {
      undecided += isDecided(one) ? 0 : one.weight();
    }
    int together = Math.abs(undecided) >= TOGETHER ? Integer.signum(undecided) : 0;
    for (ProxyEvidence one : group) {
      Others show = Others.NOTHING;
      if (early && !keepsIpIds && one.weight() < Middlebox.CERTAIN) {
        show = Others.ACKNOWLEDGED_EARLY;
      } else if (keepsIpIds && !early && !isDecided(one)) {
        show = Others.KEEP_IP_IDS;
      } else if (!early && !keepsIpIds && !isDecided(one) && together != 0) {
        show = together > 0 ? Others.TOGETHER_A_PROXY : Others.TOGETHER_FORWARDED;
      }
      show.weigh(one);
      others[one.pair().number()] = show;
    }
    group.parallelStream().forEach(this::judge);
  }

  /** What the other connections to a port add to the evidence of one. */
  private enum Others {
    NOTHING,
    ACKNOWLEDGED_EARLY,
    KEEP_IP_IDS,
    TOGETHER_A_PROXY,
    TOGETHER_FORWARDED;

    void weigh(ProxyEvidence one) {
      switch (this) {
        case NOTHING -> {}
        case ACKNOWLEDGED_EARLY ->
            one.weigh(
                Middlebox.CERTAIN - one.weight(),
                () ->
                    "other connections to that port are acknowledged before they can have been"
                        + " there");
        case KEEP_IP_IDS ->
            one.weigh(
                -TOGETHER, () -> "segments of other connections to that port keep their IP ID");
        case TOGETHER_A_PROXY, TOGETHER_FORWARDED ->
            one.weigh(
                this == TOGETHER_A_PROXY ? TOGETHER : -TOGETHER,
                () -> "all connections to that port taken together show it");
      }
    }
  }

  private static boolean isDecided(ProxyEvidence one) {
    return Math.abs(one.weight()) >= Middlebox.CERTAIN;
  }

  private void judge(ProxyEvidence proxy) {
    Middlebox verdict =
        new Middlebox(functions(proxy).keySet(), proxy.isRewritten(), proxy.weight());
    verdicts[proxy.pair().number()] = alike.computeIfAbsent(verdict, Middlebox::inOrder);
  }

  private Map<PathFunction, Grounds> functions(ProxyEvidence proxy) {
    Map<PathFunction, Grounds> found = new EnumMap<>(PathFunction.class);
    boolean proxied = proxy.isRewritten() && proxy.weight() >= Middlebox.CERTAIN;
    if (proxied) {
      found.put(PathFunction.PROXY, proxy.observations().grounds());
    } else {
      if (proxy.isRewritten() && proxy.weight() <= -Middlebox.CERTAIN) {
        addForwarding(proxy, found);
      } else if (!proxy.isRewritten() && proxy.isSynAckBeforeSyn()) {
        // The server refused: its numbers, which the device would change, are not known.
        found.put(PathFunction.SYN_PROXY, new Grounds(List.of(proxy.synAckBeforeSyn()), List.of()));
      }
      if (!proxy.isRewritten() && proxy.acknowledgesMostEarly()) {
        found.put(
            PathFunction.ACK_PROXY, new Grounds(List.of(proxy.acknowledgedEarly()), List.of()));
      }
      functions.addAll(proxy.pair(), proxy.observations(), found);
    }
    if (found.isEmpty() && !proxy.isRewritten() && changesNothing(proxy.pair())) {
      found.put(PathFunction.NONE, proxy.observations().grounds().reversed());
    }
    return found;
  }

  /** Whether TTLs and handshakes show no device at all, not even one of unknown kind. */
  private static boolean changesNothing(PairedConnection pair) {
    for (Direction direction : Direction.values()) {
      OptionalInt fall = Ttl.fall(pair, direction);
      Optional<Handshakes> both = Handshakes.first(pair, direction);
      if ((fall.isPresent() && Ttl.isReset(fall.getAsInt()))
          || (both.isPresent() && !both.get().areOptionsKept())) {
        return false;
      }
    }
    return true;
  }

  private static void addForwarding(ProxyEvidence proxy, Map<PathFunction, Grounds> found) {
    Grounds grounds = proxy.observations().grounds().reversed();
    if (proxy.isSynAckBeforeSyn()) {
      List<String> supporting = new ArrayList<>(grounds.supporting());
      supporting.add(0, proxy.synAckBeforeSyn());
      found.put(PathFunction.SYN_PROXY, new Grounds(supporting, grounds.against()));
    } else {
      found.put(PathFunction.ISN_RANDOMISER, grounds);
    }
  }
}
