package org.mssbridge.evidence;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;

/** The tunnels that connections enter or leave between two points. */
final class SeenTunnels {
  private final Map<SeenTunnel.Key, SeenTunnel> tunnels = new HashMap<>();

  SeenTunnels(Evidence evidence) {
    for (PairedConnection pair : evidence.pairs()) {
      SeenTunnel.keyOf(pair)
          .ifPresent(
              key ->
                  tunnels
                      .computeIfAbsent(key, SeenTunnel::new)
                      .add(pair, evidence.tooBigs(pair.id())));
    }
  }

  boolean isEmpty() {
    return tunnels.isEmpty();
  }

  Optional<SeenTunnel> of(PairedConnection pair) {
    return tunnels.isEmpty() ? Optional.empty() : SeenTunnel.keyOf(pair).map(tunnels::get);
  }
}
