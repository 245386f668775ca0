package org.mssbridge.evidence;

import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.model.Direction;

/** TTLs and hop limits of a connection at two points. */
public final class Ttl {
  /** No path has more routers; a larger difference means that the TTL was reset. */
  private static final int MAX_HOPS = 30;

  private Ttl() {}

  /** The TTL at the near point minus the TTL at the far point; empty where unknown. */
  public static OptionalInt fall(PairedConnection pair, Direction direction) {
    int near = pair.nearFlow(direction).firstTtl();
    int far = pair.farFlow(direction).firstTtl();
    return near < 0 || far < 0 ? OptionalInt.empty() : OptionalInt.of(near - far);
  }

  /**
   * Whether routers cannot explain a difference: the TTL rises, or falls by more than any path's
   * hops.
   */
  public static boolean isReset(int fall) {
    return fall < 0 || fall > MAX_HOPS;
  }
}
