package org.mssbridge.knowledge;

import static org.mssbridge.knowledge.Weighing.FAIR;
import static org.mssbridge.knowledge.Weighing.WEAK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.knowledge.Clamp.Seen;
import org.mssbridge.knowledge.Knowledge.Fit;

/** The tunnels that a changed MSS or a path MTU may come from, by their arithmetic. */
final class TunnelCauses {
  private static final int MOST_TUNNELS = 3;

  /** How much room a clamp may leave and still be taken for a tunnel's, rounded down. */
  private static final int MOST_UNUSED_BYTES = 4;

  private final TunnelArithmetic arithmetic;

  TunnelCauses(TunnelArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** Tunnels that leave just this MSS, then ESP on Ethernet where it leaves a little more. */
  List<Weighing> ofClamp(Clamp clamp, List<Fit> rows) {
    List<Weighing> found = new ArrayList<>();
    arithmetic.byMss(clamp.farMssBytes(), clamp.family()).stream()
        .filter(tunnel -> isNew(tunnel, rows))
        .limit(MOST_TUNNELS)
        .forEach(tunnel -> found.add(weigh(tunnel)));
    for (int unused = 1; unused <= MOST_UNUSED_BYTES; unused++) {
      rounded(clamp, unused).ifPresent(found::add);
    }
    if (clamp.isnRewritten() == Seen.YES) {
      String isn = "the ISN is rewritten, which a tunnel does not do by itself";
      found.forEach(weighing -> weighing.contradicts(FAIR, isn));
    }
    return found;
  }

  private Optional<Weighing> rounded(Clamp clamp, int unused) {
    return arithmetic.byMss(clamp.farMssBytes() + unused, clamp.family()).stream()
        .filter(tunnel -> tunnel.encapsulation() instanceof Encapsulation.Esp)
        .filter(tunnel -> tunnel.linkMtuBytes() == 1500)
        .findFirst()
        .map(tunnel -> hint("rule of thumb, near: ", tunnel))
        .map(
            weighing ->
                weighing.contradicts(
                    WEAK, "the clamp leaves " + unused + " bytes unused, as a rounded value does"));
  }

  /** Tunnels with just this MTU; where nothing has it, those whose frames are of that size. */
  List<Weighing> ofPathMtu(int mtuBytes, List<Fit> rows) {
    List<Weighing> found =
        arithmetic.byMtu(mtuBytes).stream()
            .filter(tunnel -> isNew(tunnel, rows))
            .limit(MOST_TUNNELS)
            .map(TunnelCauses::weigh)
            .toList();
    if (!found.isEmpty() || !rows.isEmpty()) {
      return found;
    }
    String condition = "only if the sender counts the Ethernet header";
    return arithmetic.byFrame(mtuBytes).stream()
        .limit(MOST_TUNNELS)
        .map(tunnel -> hint("rule of thumb: ", tunnel).contradicts(WEAK, condition))
        .toList();
  }

  /** The sum of the usual tunnel that leaves just this MTU of a link; empty where there is none. */
  Optional<String> exactly(int mtuBytes, int linkMtuBytes) {
    return arithmetic.byMtu(mtuBytes).stream()
        .filter(tunnel -> tunnel.linkMtuBytes() == linkMtuBytes && tunnel.encapsulation().exact())
        .filter(tunnel -> !(tunnel.encapsulation() instanceof Encapsulation.GreInEsp))
        .findFirst()
        .map(TunnelArithmetic.Fit::arithmetic);
  }

  /** Whether a tunnel sum says something that no row of the table says already. */
  static boolean isNew(TunnelArithmetic.Fit tunnel, List<Fit> rows) {
    return tunnel.linkMtuBytes() != 1500
        || !(tunnel.encapsulation() instanceof Encapsulation.Fixed fixed)
        || rows.stream().noneMatch(fit -> fit.row().title().startsWith(fixed.row().title()));
  }

  private static Weighing weigh(TunnelArithmetic.Fit tunnel) {
    Encapsulation encapsulation = tunnel.encapsulation();
    return encapsulation.exact()
        ? new Weighing(tunnel.label(), encapsulation.source(), true)
            .supports(WEAK, tunnel.arithmetic())
        : hint("rule of thumb: ", tunnel);
  }

  private static Weighing hint(String label, TunnelArithmetic.Fit tunnel) {
    return new Weighing(label + tunnel.label(), tunnel.encapsulation().source(), false)
        .supports(WEAK, tunnel.arithmetic());
  }
}
