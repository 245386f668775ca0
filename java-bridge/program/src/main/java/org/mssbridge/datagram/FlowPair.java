package org.mssbridge.datagram;

import org.mssbridge.flow.DatagramFlow;
import org.mssbridge.model.Direction;

/**
 * A flow at two neighbouring points.
 *
 * @param first at the point that comes first on the path
 * @param second at the other
 * @param isTurned whether the client of one is the server of the other
 */
record FlowPair(DatagramFlow first, DatagramFlow second, boolean isTurned) {
  /** A direction of the first flow, as the second one names it. */
  Direction atSecond(Direction atFirst) {
    return isTurned ? atFirst.reverse() : atFirst;
  }
}
