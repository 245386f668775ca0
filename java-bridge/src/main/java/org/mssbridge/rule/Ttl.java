package org.mssbridge.rule;

import java.util.OptionalInt;
import org.mssbridge.flow.Flow;
import org.mssbridge.match.PairedConnection;
import org.mssbridge.model.Direction;

/** TTLs and hop limits of a connection at two points. */
final class Ttl {
  /** No path has more routers; a larger difference means that the TTL was set anew. */
  private static final int MOST_HOPS = 30;

  private Ttl() {}

  /** TTL of the first segment of a flow, -1 where unknown. */
  static int first(Flow flow) {
    return flow.firstRow() < 0 ? -1 : flow.table().ttl(flow.firstRow());
  }

  /** By how much the TTL falls from the near point to the far one; empty where unknown. */
  static OptionalInt fall(PairedConnection pair, Direction direction) {
    int near = first(pair.nearFlow(direction));
    int far = first(pair.farFlow(direction));
    return near < 0 || far < 0 ? OptionalInt.empty() : OptionalInt.of(near - far);
  }

  /** Whether a fall cannot be that of routers: it rises, or falls by more than any path has. */
  static boolean isReset(int fall) {
    return fall < 0 || fall > MOST_HOPS;
  }
}
