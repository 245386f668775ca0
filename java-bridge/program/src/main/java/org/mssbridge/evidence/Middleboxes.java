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
 * Judges what stands between two points for every connection. One device treats connections to one
 * port alike, so a connection too short to tell by itself is judged by its company.
 */
final class Middleboxes {
  /** What undecided connections must weigh together. */
  private static final int TOGETHER = 2 * Middlebox.CERTAIN;

  /** By the number of the pair. */
  private final Middlebox[] judged;

  private final PathFunctions functions;

  /** Connections that go through the same device to the same service. */
  private record Company(CapturePoint clientPoint, CapturePoint serverPoint, int serverPort) {
    static Company of(PairedConnection pair) {
      return new Company(
          pair.nearPoint(Direction.C2S),
          pair.farPoint(Direction.C2S),
          pair.near(Direction.C2S).server().port());
    }
  }

  Middleboxes(Evidence evidence) {
    functions = new PathFunctions(evidence);
    judged =
        new Middlebox
            [evidence.pairs().stream().mapToInt(PairedConnection::number).max().orElse(-1) + 1];
    Map<Company, List<ProxyEvidence>> rewritten = new LinkedHashMap<>();
    List<ProxyEvidence> weighed =
        evidence.pairs().parallelStream()
            .map(pair -> new ProxyEvidence(pair, evidence.comparison().clocks()))
            .toList();
    for (ProxyEvidence proxy : weighed) {
      if (proxy.isRewritten()) {
        rewritten.computeIfAbsent(Company.of(proxy.pair()), key -> new ArrayList<>()).add(proxy);
      } else {
        judged[proxy.pair().number()] = judge(proxy);
      }
    }
    rewritten.values().forEach(this::judge);
  }

  Middlebox of(PairedConnection pair) {
    return judged[pair.number()];
  }

  private void judge(List<ProxyEvidence> company) {
    boolean answers = company.stream().anyMatch(ProxyEvidence::answersByItself);
    boolean keeps = company.stream().anyMatch(ProxyEvidence::keepsIpIds);
    int undecided = 0;
    for (ProxyEvidence one : company) {
      undecided += isDecided(one) ? 0 : one.weight();
    }
    int together = Math.abs(undecided) >= TOGETHER ? Integer.signum(undecided) : 0;
    for (ProxyEvidence one : company) {
      if (answers && !keeps && one.weight() < Middlebox.CERTAIN) {
        one.weigh(
            Middlebox.CERTAIN - one.weight(),
            "other connections to that port are acknowledged before they can have been there");
      } else if (keeps && !answers && !isDecided(one)) {
        one.weigh(-TOGETHER, "segments of other connections to that port keep their IP ID");
      } else if (!answers && !keeps && !isDecided(one) && together != 0) {
        one.weigh(together * TOGETHER, "so say all connections to that port taken together");
      }
      judged[one.pair().number()] = judge(one);
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
        passedOn(proxy, found);
      }
      functions.addAll(proxy.pair(), found);
    }
    if (found.isEmpty() && !proxy.isRewritten() && changesNothing(proxy.pair())) {
      found.put(PathFunction.NONE, proxy.grounds().reversed());
    }
    return new Middlebox(found, proxy.isRewritten(), proxy.weight(), proxy.grounds());
  }

  /** Whether TTLs and handshakes show no device, not even one that has no name here. */
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

  private static void passedOn(ProxyEvidence proxy, Map<PathFunction, Middlebox.Grounds> found) {
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
