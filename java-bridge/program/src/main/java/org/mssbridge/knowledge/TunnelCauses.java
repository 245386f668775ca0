package org.mssbridge.knowledge;

import static org.mssbridge.knowledge.Candidate.FAIR;
import static org.mssbridge.knowledge.Candidate.WEAK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mssbridge.knowledge.Clamp.Seen;
import org.mssbridge.knowledge.Knowledge.Fit;

/** Finds tunnels whose sizes explain a changed MSS or a path MTU. */
final class TunnelCauses {
  private static final int MAX_TUNNELS = 3;

  /**
   * The largest room that a clamp may leave unused and still be read as a tunnel's size rounded
   * down.
   */
  private static final int MAX_UNUSED_BYTES = 4;

  private final TunnelArithmetic arithmetic;

  TunnelCauses(TunnelArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /** Tunnels that leave exactly this MSS, then ESP on Ethernet tunnels that leave slightly more. */
  List<Candidate> ofClamp(Clamp clamp, List<Fit> rows) {
    List<Candidate> found = new ArrayList<>();
    arithmetic.byMss(clamp.farMssBytes(), clamp.family()).stream()
        .filter(tunnel -> isNew(tunnel, rows))
        .limit(MAX_TUNNELS)
        .forEach(tunnel -> found.add(weigh(tunnel)));
    for (int unused = 1; unused <= MAX_UNUSED_BYTES; unused++) {
      rounded(clamp, unused).ifPresent(found::add);
    }
    if (clamp.isnRewritten() == Seen.YES) {
      String isn = "the ISN is rewritten, which a tunnel does not do by itself";
      found.forEach(candidate -> candidate.contradicts(FAIR, isn));
    }
    return found;
  }

  private Optional<Candidate> rounded(Clamp clamp, int unused) {
    return arithmetic.byMss(clamp.farMssBytes() + unused, clamp.family()).stream()
        .filter(tunnel -> tunnel.encapsulation() instanceof Encapsulation.Esp)
        .filter(tunnel -> tunnel.linkMtuBytes() == 1500)
        .findFirst()
        .map(tunnel -> hint("rule of thumb, near: ", tunnel))
        .map(
            candidate ->
                candidate.contradicts(
                    WEAK, "the clamp leaves " + unused + " bytes unused, as a rounded value does"));
  }

  /**
   * Tunnels with exactly this MTU; if neither a tunnel nor a row has it, tunnels with frames of
   * that size.
   */
  List<Candidate> ofPathMtu(int mtuBytes, List<Fit> rows) {
    List<Candidate> found =
        arithmetic.byMtu(mtuBytes).stream()
            .filter(tunnel -> isNew(tunnel, rows))
            .limit(MAX_TUNNELS)
            .map(TunnelCauses::weigh)
            .toList();
    if (!found.isEmpty() || !rows.isEmpty()) {
      return found;
    }
    String condition = "only if the sender counts the Ethernet header";
    return arithmetic.byFrame(mtuBytes).stream()
        .limit(MAX_TUNNELS)
        .map(tunnel -> hint("rule of thumb: ", tunnel).contradicts(WEAK, condition))
        .toList();
  }

  /**
   * The sum of the most common tunnel that leaves exactly this MTU on a link; empty where there is
   * none.
   */
  Optional<String> exactly(int mtuBytes, int linkMtuBytes) {
    return arithmetic.byMtu(mtuBytes).stream()
        .filter(tunnel -> tunnel.linkMtuBytes() == linkMtuBytes && tunnel.encapsulation().exact())
        .filter(tunnel -> !(tunnel.encapsulation() instanceof Encapsulation.GreInEsp))
        .findFirst()
        .map(TunnelArithmetic.Fit::arithmetic);
  }

  /** Whether a tunnel sum adds something that no row of the table states. */
  static boolean isNew(TunnelArithmetic.Fit tunnel, List<Fit> rows) {
    return tunnel.linkMtuBytes() != 1500
        || !(tunnel.encapsulation() instanceof Encapsulation.Fixed fixed)
        || rows.stream().noneMatch(fit -> fit.row().title().startsWith(fixed.row().title()));
  }

  private static Candidate weigh(TunnelArithmetic.Fit tunnel) {
    Encapsulation encapsulation = tunnel.encapsulation();
    return encapsulation.exact()
        ? new Candidate(tunnel.label(), encapsulation.source(), true)
            .supports(WEAK, tunnel.arithmetic())
        : hint("rule of thumb: ", tunnel);
  }

  private static Candidate hint(String label, TunnelArithmetic.Fit tunnel) {
    return new Candidate(label + tunnel.label(), tunnel.encapsulation().source(), false)
        .supports(WEAK, tunnel.arithmetic());
  }
}
