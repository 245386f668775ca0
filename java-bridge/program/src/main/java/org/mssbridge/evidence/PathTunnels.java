package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.TracedConnection;
import org.mssbridge.knowledge.TunnelOnPath;

/** Finds the tunnel on the path of a connection that best explains a limit. */
public final class PathTunnels {
  private PathTunnels() {}

  /**
   * The tunnel that packets of a connection enter or leave between some points: one that fills
   * Ethernet's MTU with packets of a length, or else the first; empty where none is seen.
   */
  public static Optional<TunnelOnPath> of(
      Evidence evidence, TracedConnection connection, int packetBytes) {
    if (!evidence.hasSeenTunnels()) {
      return Optional.empty();
    }
    List<TunnelOnPath> seen =
        connection.pairs().stream()
            .flatMap(pair -> evidence.seenTunnel(pair).stream())
            .map(
                tunnel ->
                    new TunnelOnPath(tunnel.name(), tunnel.point().name(), tunnel.overheadBytes()))
            .toList();
    return seen.stream()
        .filter(tunnel -> tunnel.fits(packetBytes))
        .findFirst()
        .or(() -> seen.stream().findFirst());
  }
}
