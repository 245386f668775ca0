package org.mssbridge.evidence;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.LongList;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;

/** What the SYNs that are lost on a leg have in common, and those that arrive do not have. */
public final class LostSyns {
  /** Fewer connections of either may have it by chance. */
  private static final int LEAST = 3;

  private final Map<Leg, Tally> tallies = new HashMap<>();

  /**
   * A mark that all lost SYNs of a leg have and none that arrives.
   *
   * @param lost how many are lost
   * @param arrived how many arrive
   * @param repaired connections that such a SYN is lost of, and on which one without it arrives
   * @param isSameService whether a SYN without it to the same server and port arrives
   * @param isSameClient whether a SYN without it of the same client arrives
   * @param isMeanwhile whether a SYN without it arrives between the first and the last lost one
   */
  public record Common(
      SynMark mark,
      int lost,
      int arrived,
      int repaired,
      boolean isSameService,
      boolean isSameClient,
      boolean isMeanwhile) {}

  /** Compares the SYNs of all connections. */
  LostSyns(Evidence evidence) {
    for (Passage passage : evidence.passages()) {
      if (passage.direction() == Direction.C2S && passage.far().hasHandshake()) {
        add(evidence, passage);
      }
    }
    for (TracedConnection traced : evidence.comparison().connections()) {
      for (CapturePoint missing : evidence.expectedPoints().missing(traced)) {
        CapturePoint nearest = evidence.expectedPoints().nearest(traced, missing);
        Connection seen = traced.at().at(nearest).orElseThrow();
        if (seen.serverToClient().firstRow() < 0
            && seen.clientToServer().unreachables().isEmpty()) {
          Tally tally = tally(new Leg(Direction.C2S, nearest, missing));
          tally.lostConnections++;
          seen.clientToServer().handshake().forEach(syn -> tally.add(seen, syn, true));
        }
      }
    }
  }

  private Tally tally(Leg leg) {
    return tallies.computeIfAbsent(leg, key -> new Tally());
  }

  private void add(Evidence evidence, Passage passage) {
    Set<Integer> lost = new HashSet<>(evidence.lostControl(passage).frames());
    Alignment alignment = passage.alignment();
    for (int index : alignment.lost().index()) {
      lost.add(passage.near().table().frame(alignment.near().row()[index]));
    }
    Connection seen = passage.pair().near(Direction.C2S);
    Tally tally = tally(passage.leg());
    boolean isAnyLost = false;
    boolean isOtherArrived = false;
    for (Segment syn : passage.near().handshake()) {
      boolean isLost = lost.contains(syn.frame());
      if (TcpFlags.isSyn(syn.flags())
          && (isLost || Reach.coversFar(passage.pair(), Direction.C2S, syn.timeNanos()))) {
        tally.add(seen, syn, isLost);
        isAnyLost |= isLost;
        isOtherArrived |= isAnyLost && !isLost;
      }
    }
    tally.lostConnections += isAnyLost ? 1 : 0;
    tally.repaired += isOtherArrived ? 1 : 0;
  }

  /** What all SYNs that are lost on a leg have and none that arrives; empty where there is none. */
  public Optional<Common> on(Leg leg) {
    return Optional.ofNullable(tallies.get(leg)).flatMap(Tally::common);
  }

  /** The SYNs of a leg. */
  private static final class Tally {
    private final Map<SynMark, Integer> lostWith = new EnumMap<>(SynMark.class);
    private final Set<SynMark> arrivedWith = EnumSet.noneOf(SynMark.class);
    private final Set<Endpoint> lostServices = new HashSet<>();
    private final Set<String> lostClients = new HashSet<>();
    private final Set<Endpoint> services = new HashSet<>();
    private final Set<String> clients = new HashSet<>();
    private final LongList arrivals = new LongList();
    private long firstNanos = Long.MAX_VALUE;
    private long lastNanos = Long.MIN_VALUE;
    private int lost;
    private int lostConnections;
    private int repaired;

    void add(Connection seen, Segment syn, boolean isLost) {
      (isLost ? lostServices : services).add(seen.server());
      (isLost ? lostClients : clients).add(seen.client().address());
      for (SynMark mark : SynMark.allOf(syn)) {
        if (isLost) {
          lostWith.merge(mark, 1, Integer::sum);
        } else {
          arrivedWith.add(mark);
        }
      }
      if (isLost) {
        lost++;
        firstNanos = Math.min(firstNanos, syn.timeNanos());
        lastNanos = Math.max(lastNanos, syn.timeNanos());
      } else {
        arrivals.add(syn.timeNanos());
      }
    }

    Optional<Common> common() {
      if (lostConnections < LEAST || arrivals.size() < LEAST) {
        return Optional.empty();
      }
      for (SynMark mark : SynMark.values()) {
        if (lostWith.getOrDefault(mark, 0) == lost && !arrivedWith.contains(mark)) {
          return Optional.of(
              new Common(
                  mark,
                  lost,
                  arrivals.size(),
                  repaired,
                  lostServices.stream().anyMatch(services::contains),
                  lostClients.stream().anyMatch(clients::contains),
                  isAnyArrivalBetween()));
        }
      }
      return Optional.empty();
    }

    private boolean isAnyArrivalBetween() {
      for (int i = 0; i < arrivals.size(); i++) {
        if (arrivals.get(i) > firstNanos && arrivals.get(i) < lastNanos) {
          return true;
        }
      }
      return false;
    }
  }
}
