package org.mssbridge.evidence;

import java.util.OptionalInt;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.model.Direction;

/** TTLs and hop limits of a connection at two points. */
public final class Ttl {
  /** No path has more routers; a larger difference means that the TTL was set anew. */
  private static final int MOST_HOPS = 30;

  private Ttl() {}

  /** By how much the TTL falls from the near point to the far one; empty where unknown. */
  public static OptionalInt fall(PairedConnection pair, Direction direction) {
    int near = pair.nearFlow(direction).firstTtl();
    int far = pair.farFlow(direction).firstTtl();
    return near < 0 || far < 0 ? OptionalInt.empty() : OptionalInt.of(near - far);
  }

  /** Whether a fall cannot be that of routers: it rises, or falls by more than any path has. */
  public static boolean isReset(int fall) {
    return fall < 0 || fall > MOST_HOPS;
  }
}
