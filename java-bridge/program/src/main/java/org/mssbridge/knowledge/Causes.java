package org.mssbridge.knowledge;

import static java.util.Comparator.comparing;
import static org.mssbridge.knowledge.Weighing.FAIR;
import static org.mssbridge.knowledge.Weighing.STRONG;
import static org.mssbridge.knowledge.Weighing.WEAK;

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
 * Ranks what may lie behind a changed MSS or a path MTU.
 *
 * <p>A number alone never names one cause: every row and every tunnel sum that fits is listed,
 * exact ones first, each group in the order of the evidence, and last the device that somebody set
 * to this value.
 */
public final class Causes {
  private static final Comparator<Weighing> RANK =
      comparing((Weighing w) -> !w.exact()).thenComparing(w -> -w.weight());

  private final Knowledge knowledge;
  private final TunnelCauses tunnels;

  /** Thousands of connections are clamped alike. */
  private final Map<Clamp, List<Cause>> byClamp = new ConcurrentHashMap<>();

  /** Draws on this table. */
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
    if (clamp.nearMssBytes() == clamp.farMssBytes()) {
      throw new IllegalArgumentException("MSS " + clamp.farMssBytes() + " was not changed");
    }
    return byClamp.computeIfAbsent(clamp, this::candidates);
  }

  private List<Cause> candidates(Clamp clamp) {
    List<Fit> fits = knowledge.byMss(clamp.farMssBytes(), clamp.family());
    List<Weighing> known = new ArrayList<>(fits.stream().map(fit -> weigh(fit, clamp)).toList());
    if (!clamp.raised()) {
      known.addAll(tunnels.ofClamp(clamp, fits));
      known.addAll(oneByteLess(clamp));
    }
    known.sort(RANK);
    List<Weighing> always = new ArrayList<>(List.of(configured(clamp), ownConnection(clamp)));
    always.sort(RANK);
    return Stream.concat(known.stream(), always.stream()).map(Weighing::toCause).toList();
  }

  /** What else in the captures would tell the known candidates apart, one line each. */
  public List<String> decides(Clamp clamp) {
    return knowledge.byMss(clamp.farMssBytes(), clamp.family()).stream()
        .filter(fit -> !fit.row().decides().isEmpty())
        .map(fit -> fit.label() + ": " + fit.row().decides())
        .toList();
  }

  /** The candidates for an MTU that an ICMP message named, best first; empty where none fits. */
  public List<Cause> ofPathMtu(int mtuBytes, IpFamily family) {
    List<Weighing> known = new ArrayList<>();
    List<Fit> fits = knowledge.byMtu(mtuBytes, family);
    for (Fit fit : fits) {
      known.add(
          weighing(fit.label(), fit.row()).supports(WEAK, "the ICMP message names " + mtuBytes));
    }
    known.addAll(tunnels.ofPathMtu(mtuBytes, fits));
    known.sort(RANK);
    return known.stream().map(Weighing::toCause).toList();
  }

  /** The sum of the usual tunnel that leaves just this MTU of a link; empty where there is none. */
  public Optional<String> tunnelOf(int mtuBytes, int linkMtuBytes) {
    return tunnels.exactly(mtuBytes, linkMtuBytes);
  }

  private Weighing weigh(Fit fit, Clamp clamp) {
    Weighing weighing = weighing(fit.label(), fit.row());
    weighing.supports(WEAK, "the value is " + clamp.farMssBytes());
    boolean proxy = does(Behaviour.PROXY, fit.row());
    weighIsn(
        weighing,
        knowledge.behaviour(Behaviour.RANDOMISES_ISN, fit.row()),
        proxy,
        clamp.isnRewritten());
    weighOptionOrder(weighing, proxy, clamp.sameOptionOrder());
    weighOtherDirection(weighing, fit.row(), clamp);
    weighPathMtu(weighing, fit, clamp);
    if (clamp.raised() && !proxy) {
      weighing.contradicts(STRONG, "the MSS was raised, and a device that only clamps lowers it");
    }
    return weighing;
  }

  private static void weighIsn(
      Weighing weighing, List<KnowledgeRow> randomiser, boolean proxy, Seen rewritten) {
    if (rewritten == Seen.YES) {
      if (!randomiser.isEmpty()) {
        weighing.supports(STRONG, "the ISN is rewritten too: " + randomiser.get(0).decides());
      } else if (proxy) {
        weighing.supports(FAIR, "the ISN differs, as on any connection that a proxy opens");
      } else {
        weighing.contradicts(STRONG, "the ISN is rewritten, which this does not do by itself");
      }
    } else if (rewritten == Seen.NO) {
      if (!randomiser.isEmpty()) {
        weighing.contradicts(FAIR, "the ISN is unchanged: " + randomiser.get(0).decides());
      } else if (proxy) {
        weighing.contradicts(STRONG, "the ISN is unchanged, so no proxy ends the connection");
      } else {
        weighing.supports(WEAK, "the ISN is unchanged, as it should be here");
      }
    }
  }

  private static void weighOptionOrder(Weighing weighing, boolean proxy, Seen same) {
    if (same == Seen.YES && proxy) {
      weighing.contradicts(FAIR, "the SYN's options keep their order; a proxy writes its own");
    } else if (same == Seen.NO && proxy) {
      weighing.supports(FAIR, "the SYN's options come in another order: a SYN of its own");
    } else if (same == Seen.NO) {
      weighing.contradicts(WEAK, "the SYN's options come in another order, which no clamp causes");
    }
  }

  private void weighOtherDirection(Weighing weighing, KnowledgeRow row, Clamp clamp) {
    List<KnowledgeRow> oneWay = knowledge.behaviour(Behaviour.ONE_DIRECTION, row);
    if (clamp.otherAlike()) {
      weighing.supports(WEAK, "the other direction became " + clamp.farMssBytes() + " as well");
    } else if (clamp.otherUntouched() && !oneWay.isEmpty()) {
      weighing.supports(WEAK, "only this direction is clamped: " + oneWay.get(0).decides());
    } else if (clamp.otherUntouched()) {
      weighing.contradicts(
          does(Behaviour.RANDOMISES_ISN, row) ? FAIR : WEAK,
          "the other direction kept " + clamp.otherFarMssBytes().getAsInt());
    }
  }

  private static void weighPathMtu(Weighing weighing, Fit fit, Clamp clamp) {
    if (clamp.pathMtuBytes().isEmpty()) {
      return;
    }
    int pathMtu = clamp.pathMtuBytes().getAsInt();
    int implied = clamp.impliedMtuBytes();
    if (pathMtu == implied && fit.mtuBytes().isPresent()) {
      weighing.supports(FAIR, "ICMP names an MTU of " + pathMtu + ", just what this one gives");
    } else if (fit.mtuBytes().isPresent()) {
      weighing.contradicts(
          FAIR, "ICMP names an MTU of " + pathMtu + ", and this cause would make it " + implied);
    } else if (pathMtu < implied) {
      weighing.supports(
          WEAK, "ICMP names an MTU of " + pathMtu + ": the value was not made for this path");
    }
  }

  /** A clamp that is one byte too large for the path is told by the path's MTU alone. */
  private List<Weighing> oneByteLess(Clamp clamp) {
    int fitting = clamp.farMssBytes() - 1;
    int pathMtu = clamp.pathMtuBytes().orElse(0);
    if (pathMtu != fitting + clamp.family().tcpIpBytes()) {
      return List.of();
    }
    String below = "ICMP names an MTU of " + pathMtu + ", so MSS " + fitting + " would have fitted";
    return knowledge.byMss(fitting, clamp.family()).stream()
        .map(
            fit ->
                new Weighing("rule of thumb, near: " + fit.label(), fit.row().source(), false)
                    .supports(STRONG, below)
                    .contradicts(
                        WEAK, "the clamp to " + clamp.farMssBytes() + " is made elsewhere"))
        .toList();
  }

  private static Weighing configured(Clamp clamp) {
    Weighing weighing =
        new Weighing(
            "a router or firewall that somebody set to " + clamp.farMssBytes(),
            "iptables-extensions, TCPMSS; Cisco IOS, ip tcp adjust-mss",
            false);
    if (clamp.raised()) {
      weighing.contradicts(STRONG, "the MSS was raised, which Linux TCPMSS never does");
    }
    if (clamp.isnRewritten() == Seen.YES) {
      weighing.contradicts(FAIR, "the ISN is rewritten, so this is not all that is on the path");
    }
    if (clamp.isnRewritten() == Seen.NO) {
      weighing.supports(WEAK, "the ISN is unchanged, as a plain clamp leaves it");
    }
    return weighing.contradicts(WEAK, "any number can be configured; only its settings would tell");
  }

  private Weighing ownConnection(Clamp clamp) {
    Weighing weighing =
        new Weighing(
            "a proxy whose own connection has MSS " + clamp.farMssBytes(),
            "RFC 3135 (split connections); RFC 9293 3.7.1",
            false);
    if (clamp.raised()) {
      weighing.supports(STRONG, "the MSS was raised: it is that of another host's link");
    }
    weighIsn(weighing, List.of(), true, clamp.isnRewritten());
    weighOptionOrder(weighing, true, clamp.sameOptionOrder());
    return weighing;
  }

  private boolean does(Behaviour behaviour, KnowledgeRow row) {
    return !knowledge.behaviour(behaviour, row).isEmpty();
  }

  private static Weighing weighing(String label, KnowledgeRow row) {
    boolean exact = row.kind() == KnowledgeRow.Kind.EXACT;
    return new Weighing(exact ? label : "rule of thumb: " + label, row.source(), exact);
  }
}
