package org.mssbridge.knowledge;

import static java.util.Comparator.comparing;
import static org.mssbridge.knowledge.Candidate.FAIR;
import static org.mssbridge.knowledge.Candidate.STRONG;
import static org.mssbridge.knowledge.Candidate.WEAK;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.mssbridge.finding.Cause;
import org.mssbridge.knowledge.Clamp.Seen;
import org.mssbridge.knowledge.Knowledge.Behaviour;
import org.mssbridge.knowledge.Knowledge.Fit;
import org.mssbridge.model.IpFamily;

/**
 * Ranks the possible causes of a changed MSS or a path MTU.
 *
 * <p>A number alone never has one cause: every row and every tunnel sum that fits is listed, exact
 * ones first, each group ordered by its evidence. A configured device and a proxy are always listed
 * last.
 */
public final class Causes {
  private static final Comparator<Candidate> RANK =
      comparing((Candidate c) -> !c.exact()).thenComparing(c -> -c.weight());

  /** Rules of thumb for a value that nothing exact explains. */
  private static final int NEAREST = 2;

  private final Knowledge knowledge;
  private final TunnelCauses tunnels;

  /** Cached, because thousands of connections share one clamp. */
  private final Map<Asked, List<Cause>> byClamp = new ConcurrentHashMap<>();

  private record Asked(Clamp clamp, Optional<TunnelOnPath> tunnel) {}

  /** Ranks with the rows of this table. */
  public Causes(Knowledge knowledge) {
    this.knowledge = knowledge;
    this.tunnels = new TunnelCauses(new TunnelArithmetic(knowledge));
  }

  /**
   * The candidates for a clamped or raised MSS, best first.
   *
   * @throws IllegalArgumentException where the MSS is the same at both points
   */
  public List<Cause> of(Clamp clamp) {
    return of(clamp, Optional.empty());
  }

  /**
   * The candidates for a clamped or raised MSS, best first: a tunnel that is seen comes before all
   * numbers. Where its size fits, other tunnels that would fit as well are left out.
   *
   * @throws IllegalArgumentException where the MSS is the same at both points
   */
  public List<Cause> of(Clamp clamp, Optional<TunnelOnPath> tunnel) {
    if (clamp.nearMssBytes() == clamp.farMssBytes()) {
      throw new IllegalArgumentException("MSS " + clamp.farMssBytes() + " was not changed");
    }
    return byClamp.computeIfAbsent(new Asked(clamp, tunnel), this::candidates);
  }

  private List<Cause> candidates(Asked asked) {
    Clamp clamp = asked.clamp();
    Optional<TunnelOnPath> tunnel = asked.tunnel().filter(seen -> !clamp.raised());
    boolean fits = tunnel.filter(seen -> seen.fits(clamp.impliedMtuBytes())).isPresent();
    List<Fit> rows = knowledge.byMss(clamp.farMssBytes(), clamp.family());
    List<Candidate> known = new ArrayList<>(rows.stream().map(fit -> weigh(fit, clamp)).toList());
    if (!clamp.raised()) {
      if (!fits) {
        known.addAll(tunnels.ofClamp(clamp, rows));
      }
      known.addAll(oneByteTooLarge(clamp));
    }
    known.sort(RANK);
    List<Candidate> always = new ArrayList<>(List.of(configured(clamp), proxyConnection(clamp)));
    always.sort(RANK);
    int headerBytes = clamp.family().tcpIpBytes();
    String prefix =
        clamp.farMssBytes() + " + " + headerBytes + " = " + clamp.impliedMtuBytes() + "; ";
    Stream<Candidate> seen =
        tunnel.stream().map(one -> one.candidate(clamp.impliedMtuBytes(), prefix));
    return Stream.concat(seen, Stream.concat(known.stream(), always.stream()))
        .map(Candidate::toCause)
        .toList();
  }

  /** What to look for in the captures to decide between the known candidates, one line for each. */
  public List<String> decides(Clamp clamp) {
    return knowledge.byMss(clamp.farMssBytes(), clamp.family()).stream()
        .filter(fit -> !fit.row().decides().isEmpty())
        .map(fit -> fit.label() + ": " + fit.row().decides())
        .toList();
  }

  /** The candidates for an MTU reported by ICMP, best first; empty where none fits. */
  public List<Cause> ofPathMtu(int mtuBytes, IpFamily family) {
    return ofPathMtu(mtuBytes, family, Optional.empty());
  }

  /**
   * The candidates for an MTU reported by ICMP, best first: a tunnel that is seen comes before all
   * numbers. Where its size fits, other tunnels that would fit as well are left out.
   */
  public List<Cause> ofPathMtu(int mtuBytes, IpFamily family, Optional<TunnelOnPath> tunnel) {
    boolean fitsSeen = tunnel.filter(seen -> seen.fits(mtuBytes)).isPresent();
    List<Candidate> known = new ArrayList<>();
    List<Fit> fits = knowledge.byMtu(mtuBytes, family);
    for (Fit fit : fits) {
      known.add(
          candidate(fit.label(), fit.row()).supports(WEAK, "the ICMP message names " + mtuBytes));
    }
    if (!fitsSeen) {
      known.addAll(tunnels.ofPathMtu(mtuBytes, fits));
    }
    known.sort(RANK);
    boolean isListed = known.stream().anyMatch(Candidate::exact);
    return Stream.concat(
            tunnel.filter(seen -> mtuBytes > 0).stream().map(seen -> seen.candidate(mtuBytes, "")),
            known.stream().limit(isListed ? known.size() : NEAREST))
        .map(Candidate::toCause)
        .toList();
  }

  /**
   * The sum of the most common tunnel that leaves exactly this MTU on a link; empty where there is
   * none.
   */
  public Optional<String> tunnelOf(int mtuBytes, int linkMtuBytes) {
    return tunnels.exactly(mtuBytes, linkMtuBytes);
  }

  private Candidate weigh(Fit fit, Clamp clamp) {
    Candidate candidate = candidate(fit.label(), fit.row());
    candidate.supports(WEAK, "the value is " + clamp.farMssBytes());
    boolean proxy = does(Behaviour.PROXY, fit.row());
    weighIsn(
        candidate,
        knowledge.behaviour(Behaviour.RANDOMISES_ISN, fit.row()),
        proxy,
        clamp.isnRewritten());
    weighOptionOrder(candidate, proxy, clamp.sameOptionOrder());
    weighOtherDirection(candidate, fit.row(), clamp);
    weighPathMtu(candidate, fit, clamp);
    if (clamp.raised() && !proxy) {
      candidate.contradicts(STRONG, "the MSS was raised, and a device that only clamps lowers it");
    }
    return candidate;
  }

  private static void weighIsn(
      Candidate candidate, List<KnowledgeRow> randomiser, boolean proxy, Seen rewritten) {
    if (rewritten == Seen.YES) {
      if (!randomiser.isEmpty()) {
        candidate.supports(STRONG, "the ISN is rewritten too: " + randomiser.get(0).decides());
      } else if (proxy) {
        candidate.supports(FAIR, "the ISN differs, as on any connection that a proxy opens");
      } else {
        candidate.contradicts(STRONG, "the ISN is rewritten, which this does not do by itself");
      }
    } else if (rewritten == Seen.NO) {
      if (!randomiser.isEmpty()) {
        candidate.contradicts(FAIR, "the ISN is unchanged: " + randomiser.get(0).decides());
      } else if (proxy) {
        candidate.contradicts(STRONG, "the ISN is unchanged, so no proxy ends the connection");
      } else {
        candidate.supports(WEAK, "the ISN is unchanged, as it should be here");
      }
    }
  }

  private static void weighOptionOrder(Candidate candidate, boolean proxy, Seen same) {
    if (same == Seen.YES && proxy) {
      candidate.contradicts(FAIR, "the SYN's options keep their order; a proxy writes its own");
    } else if (same == Seen.NO && proxy) {
      candidate.supports(FAIR, "the SYN's options come in another order: a SYN of its own");
    } else if (same == Seen.NO) {
      candidate.contradicts(WEAK, "the SYN's options come in another order, which no clamp causes");
    }
  }

  private void weighOtherDirection(Candidate candidate, KnowledgeRow row, Clamp clamp) {
    List<KnowledgeRow> oneWay = knowledge.behaviour(Behaviour.ONE_DIRECTION, row);
    if (clamp.otherAlike()) {
      candidate.supports(WEAK, "the other direction became " + clamp.farMssBytes() + " as well");
    } else if (clamp.otherUntouched() && !oneWay.isEmpty()) {
      candidate.supports(WEAK, "only this direction is clamped: " + oneWay.get(0).decides());
    } else if (clamp.otherUntouched()) {
      candidate.contradicts(
          does(Behaviour.RANDOMISES_ISN, row) ? FAIR : WEAK,
          "the other direction kept " + clamp.otherFarMssBytes().getAsInt());
    }
  }

  private static void weighPathMtu(Candidate candidate, Fit fit, Clamp clamp) {
    if (clamp.pathMtuBytes().isEmpty()) {
      return;
    }
    int pathMtu = clamp.pathMtuBytes().getAsInt();
    int implied = clamp.impliedMtuBytes();
    if (pathMtu == implied && fit.mtuBytes().isPresent()) {
      candidate.supports(FAIR, "ICMP names an MTU of " + pathMtu + ", just what this one gives");
    } else if (fit.mtuBytes().isPresent()) {
      candidate.contradicts(
          FAIR, "ICMP names an MTU of " + pathMtu + ", and this cause would make it " + implied);
    } else if (pathMtu < implied) {
      candidate.supports(
          WEAK, "ICMP names an MTU of " + pathMtu + ": the value was not made for this path");
    }
  }

  /** Candidates for a clamp one byte too large for the path, which only the path MTU reveals. */
  private List<Candidate> oneByteTooLarge(Clamp clamp) {
    int fitting = clamp.farMssBytes() - 1;
    int pathMtu = clamp.pathMtuBytes().orElse(0);
    if (pathMtu != fitting + clamp.family().tcpIpBytes()) {
      return List.of();
    }
    String below = "ICMP names an MTU of " + pathMtu + ", so MSS " + fitting + " would have fitted";
    return knowledge.byMss(fitting, clamp.family()).stream()
        .map(
            fit ->
                new Candidate("rule of thumb, near: " + fit.label(), fit.row().source(), false)
                    .supports(STRONG, below)
                    .contradicts(
                        WEAK, "the clamp to " + clamp.farMssBytes() + " is made elsewhere"))
        .toList();
  }

  private Candidate configured(Clamp clamp) {
    Candidate candidate =
        new Candidate(
            "a router or firewall that is set to " + clamp.farMssBytes(),
            "iptables-extensions, TCPMSS; Cisco IOS, ip tcp adjust-mss",
            false);
    if (clamp.raised()) {
      candidate.contradicts(STRONG, "the MSS was raised, which Linux TCPMSS never does");
    }
    if (clamp.isnRewritten() == Seen.YES) {
      candidate.contradicts(FAIR, "the ISN is rewritten, so this is not all that is on the path");
    }
    if (clamp.isnRewritten() == Seen.NO) {
      candidate.supports(WEAK, "the ISN is unchanged, as a plain clamp leaves it");
    }
    int known = knowledge.byMss(clamp.farMssBytes(), clamp.family()).size();
    return known == 0
        ? candidate.supports(WEAK, "no known default has the value " + clamp.farMssBytes())
        : candidate.contradicts(
            WEAK,
            known + " known " + (known == 1 ? "default has" : "defaults have") + " this value");
  }

  private Candidate proxyConnection(Clamp clamp) {
    Candidate candidate =
        new Candidate(
            "a proxy whose own connection has MSS " + clamp.farMssBytes(),
            "RFC 3135 (split connections); RFC 9293 3.7.1",
            false);
    if (clamp.raised()) {
      candidate.supports(STRONG, "the MSS was raised: it is that of another host's link");
    }
    weighIsn(candidate, List.of(), true, clamp.isnRewritten());
    weighOptionOrder(candidate, true, clamp.sameOptionOrder());
    return candidate;
  }

  private boolean does(Behaviour behaviour, KnowledgeRow row) {
    return !knowledge.behaviour(behaviour, row).isEmpty();
  }

  private static Candidate candidate(String label, KnowledgeRow row) {
    boolean exact = row.kind() == KnowledgeRow.Kind.EXACT;
    return new Candidate(exact ? label : "rule of thumb: " + label, row.source(), exact);
  }
}
