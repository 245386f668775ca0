package org.mssbridge.rule;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.rule.Clamp.Seen;
import org.mssbridge.rule.Knowledge.Behaviour;
import org.mssbridge.rule.Knowledge.Fit;

/**
 * Ranks what may lie behind a changed MSS or a path MTU.
 *
 * <p>A number alone never names one cause: every row and every tunnel sum that fits is listed,
 * exact ones first, each group in the order of the evidence, and last the device that somebody set
 * to this value.
 */
public final class Causes {
  private static final int MOST_TUNNELS = 3;

  /** How much room a clamp may leave and still be taken for a tunnel's, rounded down. */
  private static final int MOST_UNUSED_BYTES = 4;

  private static final int STRONG = 3;
  private static final int FAIR = 2;
  private static final int WEAK = 1;

  private static final Comparator<Weighing> RANK =
      comparing((Weighing w) -> !w.exact()).thenComparing(w -> -w.weight());

  private final Knowledge knowledge;
  private final TunnelArithmetic tunnels;

  /** Draws on this table. */
  public Causes(Knowledge knowledge) {
    this.knowledge = knowledge;
    this.tunnels = new TunnelArithmetic(knowledge);
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
    List<Fit> fits = knowledge.byMss(clamp.farMssBytes(), clamp.family());
    List<Weighing> known = new ArrayList<>(fits.stream().map(fit -> weigh(fit, clamp)).toList());
    if (!clamp.raised()) {
      known.addAll(tunnelsOf(clamp, fits));
      known.addAll(oneByteLess(clamp));
    }
    known.sort(RANK);
    return Stream.concat(known.stream(), Stream.of(configured(clamp)))
        .map(Weighing::toCause)
        .toList();
  }

  /** The candidates for an MTU that an ICMP message named, best first; empty where none fits. */
  public List<Cause> ofPathMtu(int mtuBytes, IpFamily family) {
    List<Weighing> known = new ArrayList<>();
    List<Fit> fits = knowledge.byMtu(mtuBytes, family);
    for (Fit fit : fits) {
      known.add(
          weighing(fit.label(), fit.row())
              .supports(WEAK, "the ICMP message names " + mtuBytes + lookFor(fit.row())));
    }
    tunnels.byMtu(mtuBytes).stream()
        .filter(tunnel -> isNew(tunnel, fits))
        .limit(MOST_TUNNELS)
        .forEach(tunnel -> known.add(weigh(tunnel)));
    if (known.isEmpty()) {
      tunnels.byFrame(mtuBytes).stream()
          .limit(MOST_TUNNELS)
          .map(
              tunnel ->
                  new Weighing(tunnel.label(), tunnel.encapsulation().source(), false)
                      .supports(WEAK, tunnel.arithmetic())
                      .contradicts(WEAK, "only if the sender counts the Ethernet header"))
          .forEach(known::add);
    }
    known.sort(RANK);
    return known.stream().map(Weighing::toCause).toList();
  }

  private Weighing weigh(Fit fit, Clamp clamp) {
    Weighing weighing = weighing(fit.label(), fit.row());
    weighing.supports(WEAK, "the value is " + clamp.farMssBytes() + lookFor(fit.row()));
    boolean proxy = does(Behaviour.PROXY, fit.row());
    weighIsn(weighing, fit.row(), proxy, clamp.isnRewritten());
    weighOptionOrder(weighing, proxy, clamp.sameOptionOrder());
    weighOtherDirection(weighing, fit.row(), clamp);
    weighPathMtu(weighing, fit, clamp);
    if (clamp.raised() && !proxy) {
      weighing.contradicts(STRONG, "the MSS was raised, and a clamp only lowers it");
    }
    return weighing;
  }

  private void weighIsn(Weighing weighing, KnowledgeRow row, boolean proxy, Seen rewritten) {
    List<KnowledgeRow> randomiser = knowledge.behaviour(Behaviour.RANDOMISES_ISN, row);
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
    if (pathMtu == implied) {
      weighing.supports(FAIR, "ICMP names an MTU of " + pathMtu + ", just what this MSS fits");
    } else if (fit.mtuBytes().isPresent()) {
      weighing.contradicts(
          FAIR, "ICMP names an MTU of " + pathMtu + ", and this cause would make it " + implied);
    } else if (pathMtu < implied) {
      weighing.supports(
          WEAK, "ICMP names an MTU of " + pathMtu + ": the value was not made for this path");
    }
  }

  private List<Weighing> tunnelsOf(Clamp clamp, List<Fit> fits) {
    List<Weighing> found = new ArrayList<>();
    tunnels.byMss(clamp.farMssBytes(), clamp.family()).stream()
        .filter(tunnel -> isNew(tunnel, fits))
        .limit(MOST_TUNNELS)
        .forEach(tunnel -> found.add(weighIsnOfTunnel(weigh(tunnel), clamp)));
    for (int unused = 1; unused <= MOST_UNUSED_BYTES; unused++) {
      String room = "the clamp leaves " + unused + " of its bytes unused, as a rounded value does";
      tunnels.byMss(clamp.farMssBytes() + unused, clamp.family()).stream()
          .filter(tunnel -> tunnel.encapsulation() instanceof Encapsulation.Esp)
          .filter(tunnel -> tunnel.linkMtuBytes() == 1500)
          .limit(1)
          .map(
              tunnel ->
                  new Weighing(
                          "rule of thumb, near: " + tunnel.label(),
                          tunnel.encapsulation().source(),
                          false)
                      .supports(WEAK, tunnel.arithmetic())
                      .contradicts(WEAK, room))
          .forEach(near -> found.add(weighIsnOfTunnel(near, clamp)));
    }
    return found;
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
    return weighing.contradicts(WEAK, "any number can be configured; only its settings would tell");
  }

  private static Weighing weigh(TunnelArithmetic.Fit tunnel) {
    Encapsulation encapsulation = tunnel.encapsulation();
    return new Weighing(tunnel.label(), encapsulation.source(), encapsulation.exact())
        .supports(WEAK, tunnel.arithmetic());
  }

  private static Weighing weighIsnOfTunnel(Weighing weighing, Clamp clamp) {
    return clamp.isnRewritten() == Seen.YES
        ? weighing.contradicts(FAIR, "the ISN is rewritten, which a tunnel does not do by itself")
        : weighing;
  }

  /** Whether a tunnel sum says something that no row of the table says already. */
  static boolean isNew(TunnelArithmetic.Fit tunnel, List<Fit> fits) {
    return tunnel.linkMtuBytes() != 1500
        || !(tunnel.encapsulation() instanceof Encapsulation.Fixed fixed)
        || fits.stream().noneMatch(fit -> fit.row().title().startsWith(fixed.row().title()));
  }

  private boolean does(Behaviour behaviour, KnowledgeRow row) {
    return !knowledge.behaviour(behaviour, row).isEmpty();
  }

  private static Weighing weighing(String label, KnowledgeRow row) {
    boolean exact = row.kind() == KnowledgeRow.Kind.EXACT;
    return new Weighing(exact ? label : "rule of thumb: " + label, row.source(), exact);
  }

  private static String lookFor(KnowledgeRow row) {
    return row.decides().isEmpty() ? "" : "; it would show by this: " + row.decides();
  }
}
