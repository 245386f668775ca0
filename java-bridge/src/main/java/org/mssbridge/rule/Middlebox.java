package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.mssbridge.flow.Flow;
import org.mssbridge.match.Alignment;
import org.mssbridge.match.Clock;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.PerPoint;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpOptions;

/**
 * What stands between two points, judged from one connection.
 *
 * <p>The hard question is whether something passes packets on and changes them, or ends the
 * connection and opens another one. Each observation is weighed for or against the latter; numbers
 * that differ from the very start alone decide nothing, since both do that.
 *
 * @param functions what it does; empty of both where a proxy and a randomiser stay possible
 * @param proxyWeight above 0 where a proxy is likelier, below where packets are passed on
 * @param forProxy what speaks for a proxy
 * @param againstProxy what speaks for one and the same connection on both sides
 */
public record Middlebox(
    Set<PathFunction> functions,
    int proxyWeight,
    List<String> forProxy,
    List<String> againstProxy) {
  private static final int CERTAIN = 2;

  /** Keeps copies. */
  public Middlebox {
    functions = Set.copyOf(functions);
    forProxy = List.copyOf(forProxy);
    againstProxy = List.copyOf(againstProxy);
  }

  /** Whether the two sides are two connections, so that bytes lost on one were not lost between. */
  public boolean endsConnections() {
    return functions.contains(PathFunction.PROXY);
  }

  /** Whether that could not be told. */
  public boolean isUndecided() {
    return proxyWeight > -CERTAIN && proxyWeight < CERTAIN;
  }

  static Middlebox between(PairedConnection pair, PerPoint<Clock> clocks) {
    return new Judge(pair, clocks).judge();
  }

  private static final class Judge {
    private final PairedConnection pair;
    private final PerPoint<Clock> clocks;
    private final List<String> forProxy = new ArrayList<>();
    private final List<String> againstProxy = new ArrayList<>();
    private int weight;

    Judge(PairedConnection pair, PerPoint<Clock> clocks) {
      this.pair = pair;
      this.clocks = clocks;
    }

    Middlebox judge() {
      weighIsns();
      boolean early = synAckIsEarly();
      weighSegments(SameSegments.of(pair));
      weighBoundaries();
      weighOptions();
      weighTtl();
      Set<PathFunction> functions = EnumSet.noneOf(PathFunction.class);
      boolean rewritten = isRewritten(Direction.C2S) || isRewritten(Direction.S2C);
      if (rewritten && weight >= CERTAIN) {
        functions.add(PathFunction.PROXY);
      } else {
        if (rewritten && weight <= -CERTAIN) {
          functions.add(early ? PathFunction.SYN_PROXY : PathFunction.ISN_RANDOMISER);
        }
        addChanges(functions);
      }
      addAddresses(functions);
      if (functions.isEmpty() && !rewritten) {
        functions.add(PathFunction.NONE);
      }
      return new Middlebox(functions, rewritten ? weight : -10, forProxy, againstProxy);
    }

    private boolean isRewritten(Direction direction) {
      OptionalLong delta = pair.isnDelta(direction);
      return delta.isPresent() && delta.getAsLong() != 0;
    }

    private void weigh(int points, String observation) {
      weight += points;
      (points > 0 ? forProxy : againstProxy).add(observation);
    }

    private void weighIsns() {
      boolean client = isRewritten(Direction.C2S);
      boolean server = isRewritten(Direction.S2C);
      if (!client && !server && pair.isnDelta(Direction.C2S).isPresent()) {
        weigh(-10, "both ISNs are the same at both points");
      } else if (client != server) {
        weigh(-2, "the ISN of one direction only differs");
      }
    }

    /** A SYN/ACK that reaches the client's side before the SYN reaches the server's. */
    private boolean synAckIsEarly() {
      Optional<Segment> syn = pair.farFlow(Direction.C2S).firstHandshake();
      Optional<Segment> synAck = pair.farFlow(Direction.S2C).firstHandshake();
      OptionalLong offset = offsetNanos();
      if (syn.isEmpty() || synAck.isEmpty() || offset.isEmpty()) {
        return false;
      }
      long leadNanos = syn.get().timeNanos() - offset.getAsLong() - synAck.get().timeNanos();
      if (leadNanos > uncertaintyNanos()) {
        weigh(
            5,
            "the SYN/ACK is at the client's point "
                + Spans.text(leadNanos)
                + " before the SYN is at the server's");
        return true;
      }
      return false;
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
      Clock clock = clocks.at(point).orElseThrow();
      if (clock.lowSeconds().isEmpty() || clock.highSeconds().isEmpty()) {
        return Long.MAX_VALUE / 4;
      }
      return (long)
          (Math.abs(clock.highSeconds().getAsDouble() - clock.lowSeconds().getAsDouble()) * 5e8);
    }

    private void weighSegments(SameSegments same) {
      if (same.examined() >= 6) {
        if (same.found() * 100L >= same.examined() * 95L) {
          weigh(-2, share(same.found(), same.examined()) + " ACKs cross unchanged");
        } else if (same.found() * 100L <= same.examined() * 70L) {
          weigh(3, share(same.found(), same.examined()) + " ACKs only have a counterpart");
        }
      }
      weighShare(same.ipIdSame(), same.ipIdCompared(), 4, 3, "segments keep their IP ID");
      weighShare(same.timestampSame(), same.timestampCompared(), 2, 3, "segments keep their TSval");
      weighShare(same.windowSame(), same.windowCompared(), 2, 2, "segments keep their window");
    }

    private void weighShare(int same, int compared, int against, int inFavour, String what) {
      if (compared >= 3 && same * 100L >= compared * 90L) {
        weigh(-against, share(same, compared) + " " + what);
      } else if (compared >= 3 && same * 100L <= compared * 50L) {
        weigh(inFavour, share(same, compared) + " only of the " + what);
      }
    }

    private static String share(int part, int whole) {
      return part + " of " + whole;
    }

    private void weighBoundaries() {
      int kept = 0;
      int arrived = 0;
      for (Direction direction : Direction.values()) {
        Alignment.Sightings far = pair.alignment(direction).far();
        SegmentSizes sizes = new SegmentSizes(pair, direction);
        for (int i = 0; i < far.size(); i++) {
          if (far.peers()[i] > 0 && !sizes.isOffloaded(i)) {
            arrived++;
            int payloadBytes = pair.farFlow(direction).table().payloadBytes(far.row()[i]);
            kept += far.peers()[i] == 1 && far.largestPeerBytes()[i] == payloadBytes ? 1 : 0;
          }
        }
      }
      if (arrived >= 10 && kept * 100L >= arrived * 95L) {
        weigh(-1, share(kept, arrived) + " data segments keep their boundaries");
      } else if (arrived >= 10 && kept * 100L <= arrived * 60L) {
        weigh(2, share(kept, arrived) + " data segments only keep their boundaries");
      }
    }

    private void weighOptions() {
      for (Direction direction : Direction.values()) {
        Optional<TcpOptions> near = options(pair.nearFlow(direction));
        Optional<TcpOptions> far = options(pair.farFlow(direction));
        if (near.isEmpty() || far.isEmpty()) {
          continue;
        }
        String name = direction == Direction.C2S ? "the SYN's" : "the SYN/ACK's";
        List<Integer> kinds = near.get().meaningfulKinds();
        List<Integer> farKinds = far.get().meaningfulKinds();
        if (kinds.equals(farKinds) && kinds.size() > 1) {
          weigh(-1, name + " options come in the same order");
        } else if (kinds.size() == farKinds.size()
            && Set.copyOf(kinds).equals(Set.copyOf(farKinds))) {
          weigh(2, name + " options come in another order");
        }
        if (near.get().windowScale() >= 0
            && far.get().windowScale() >= 0
            && near.get().windowScale() != far.get().windowScale()) {
          weigh(2, name + " window scale differs");
        }
      }
    }

    private static Optional<TcpOptions> options(Flow flow) {
      return flow.firstHandshake().map(Segment::options);
    }

    private void weighTtl() {
      OptionalInt there = Ttl.fall(pair, Direction.C2S);
      OptionalInt back = Ttl.fall(pair, Direction.S2C);
      if (there.isEmpty() || back.isEmpty()) {
        return;
      }
      if (there.getAsInt() > 0 && there.getAsInt() == back.getAsInt()) {
        weigh(-1, "the TTL falls by " + there.getAsInt() + " in both directions, as on a path");
      } else if (there.getAsInt() <= 0 && back.getAsInt() <= 0) {
        weigh(1, "the TTL does not fall between the points");
      }
    }

    private void addChanges(Set<PathFunction> functions) {
      for (Direction direction : Direction.values()) {
        Optional<TcpOptions> near = options(pair.nearFlow(direction));
        Optional<TcpOptions> far = options(pair.farFlow(direction));
        if (near.isEmpty() || far.isEmpty()) {
          continue;
        }
        if (far.get().mss().orElse(-1) < near.get().mss().orElse(-1)
            && far.get().mss().isPresent()) {
          functions.add(PathFunction.MSS_CLAMP);
        }
        for (int kind : near.get().meaningfulKinds()) {
          if (kind != TcpOptions.MSS && !far.get().has(kind)) {
            functions.add(PathFunction.OPTION_STRIPPER);
          }
        }
      }
      if (Ttl.fall(pair, Direction.C2S).orElse(0) > 0
          || Ttl.fall(pair, Direction.S2C).orElse(0) > 0) {
        functions.add(PathFunction.ROUTER);
      }
    }

    private void addAddresses(Set<PathFunction> functions) {
      if (!pair.near(Direction.C2S).client().equals(pair.far(Direction.C2S).client())
          || !pair.near(Direction.C2S).server().equals(pair.far(Direction.C2S).server())) {
        functions.add(PathFunction.NAT);
      }
    }
  }
}
