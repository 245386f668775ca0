package org.mssbridge.flow;

import java.util.Optional;
import org.mssbridge.model.Frame;
import org.mssbridge.model.Tunnel;

/** The segments of a direction that are in a tunnel, and the first such tunnel. */
final class Carried {
  /** No segment is in one; nothing may be added to it. */
  static final Carried NEVER = new Carried();

  private Optional<Tunnel> tunnel = Optional.empty();
  private int segments;

  void add(Frame frame, int overheadBytes) {
    segments++;
    if (tunnel.isEmpty() || tunnel.get().overheadBytes() < overheadBytes) {
      tunnel = frame.tunnel();
    }
  }

  /** This and what another part of the same direction knows. */
  Carried and(Carried other) {
    if (this == NEVER || other == NEVER) {
      return this == NEVER ? other : this;
    }
    Carried both = new Carried();
    both.tunnel = tunnel;
    both.segments = segments + other.segments;
    return both;
  }

  /** The one with the largest overhead, where it differs. */
  Optional<Tunnel> tunnel() {
    return tunnel;
  }

  int segments() {
    return segments;
  }
}
