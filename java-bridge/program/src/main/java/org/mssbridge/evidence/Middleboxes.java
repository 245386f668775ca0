package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.PathFunction;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;

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

  private final PathFunctions functions;

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
    Map<Group, List<ProxyEvidence>> rewritten = new LinkedHashMap<>();
    List<ProxyEvidence> weighed =
        evidence.pairs().parallelStream()
            .map(pair -> new ProxyEvidence(pair, evidence.comparison().clocks()))
            .toList();
    for (ProxyEvidence proxy : weighed) {
      if (proxy.isRewritten()) {
        rewritten.computeIfAbsent(Group.of(proxy.pair()), key -> new ArrayList<>()).add(proxy);
      } else {
        verdicts[proxy.pair().number()] = judge(proxy);
      }
    }
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

  private void judge(List<ProxyEvidence> group) {
    boolean early = group.stream().anyMatch(ProxyEvidence::acknowledgesEarly);
    boolean keepsIpIds = group.stream().anyMatch(ProxyEvidence::keepsIpIds);
    int undecided = 0;
    for (ProxyEvidence one : group) {
      undecided += isDecided(one) ? 0 : one.weight();
    }
    int together = Math.abs(undecided) >= TOGETHER ? Integer.signum(undecided) : 0;
    for (ProxyEvidence one : group) {
      if (early && !keepsIpIds && one.weight() < Middlebox.CERTAIN) {
        one.weigh(
            Middlebox.CERTAIN - one.weight(),
            "other connections to that port are acknowledged before they can have been there");
      } else if (keepsIpIds && !early && !isDecided(one)) {
        one.weigh(-TOGETHER, "segments of other connections to that port keep their IP ID");
      } else if (!early && !keepsIpIds && !isDecided(one) && together != 0) {
        one.weigh(together * TOGETHER, "all connections to that port taken together show it");
      }
      verdicts[one.pair().number()] = judge(one);
    }
  }

  private static boolean isDecided(ProxyEvidence one) {
    return Math.abs(one.weight()) >= Middlebox.CERTAIN;
  }

  private Middlebox judge(ProxyEvidence proxy) {
    Map<PathFunction, Middlebox.Grounds> found = new EnumMap<>(PathFunction.class);
    boolean proxied = proxy.isRewritten() && proxy.weight() >= Middlebox.CERTAIN;
    if (proxied) {
      found.put(PathFunction.PROXY, proxy.grounds());
    } else {
      if (proxy.isRewritten() && proxy.weight() <= -Middlebox.CERTAIN) {
        addForwarding(proxy, found);
      } else if (!proxy.isRewritten() && proxy.synAckBeforeSyn().isPresent()) {
        // The server refused: its numbers, which the device would change, are not known.
        found.put(
            PathFunction.SYN_PROXY,
            new Middlebox.Grounds(List.of(proxy.synAckBeforeSyn().get()), List.of()));
      }
      functions.addAll(proxy.pair(), proxy.grounds(), found);
    }
    if (found.isEmpty() && !proxy.isRewritten() && changesNothing(proxy.pair())) {
      found.put(PathFunction.NONE, proxy.grounds().reversed());
    }
    return new Middlebox(
        found, proxy.isRewritten(), proxy.difference(), proxy.weight(), proxy.grounds());
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

  private static void addForwarding(
      ProxyEvidence proxy, Map<PathFunction, Middlebox.Grounds> found) {
    Middlebox.Grounds grounds = proxy.grounds().reversed();
    if (proxy.synAckBeforeSyn().isPresent()) {
      List<String> supporting = new ArrayList<>(grounds.supporting());
      supporting.add(0, proxy.synAckBeforeSyn().get());
      found.put(PathFunction.SYN_PROXY, new Middlebox.Grounds(supporting, grounds.against()));
    } else {
      found.put(PathFunction.ISN_RANDOMISER, grounds);
    }
  }
}
