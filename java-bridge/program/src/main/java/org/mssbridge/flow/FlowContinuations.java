package org.mssbridge.flow;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;

/**
 * Which flows of a capture go on as another one, from another address or port of one end: QUIC's
 * connection IDs name the same connection (RFC 9000, section 5.1).
 */
final class FlowContinuations {
  /** What {@link #of} has for a flow that continues none. */
  static final int NONE = -1;

  private final List<DatagramFlow> flows;
  private final QuicConnectionIds[] ids;
  private final int[] starts;
  private final int[] order;
  private final int[] before;
  private final Map<Called, Integer> latest = new HashMap<>();
  private final Map<Endpoint, Set<Integer>> lengths = new HashMap<>();

  /** An end and the ID by which the other one calls it. */
  private record Called(Endpoint end, ByteBuffer id) implements Comparable<Called> {
    // A map needs an order where a file can be made so that all keys have one hash.
    private static final Comparator<Called> ORDER =
        Comparator.comparing(Called::end).thenComparing(Called::id);

    @Override
    public int compareTo(Called other) {
      return ORDER.compare(this, other);
    }
  }

  private FlowContinuations(
      List<DatagramFlow> flows, QuicConnectionIds[] ids, int[] starts, int[] order) {
    this.flows = flows;
    this.ids = ids;
    this.starts = starts;
    this.order = order;
    before = new int[flows.size()];
    Arrays.fill(before, NONE);
  }

  /**
   * For each flow, the number of the one that it continues, or {@link #NONE}.
   *
   * @param flows in the order of their first packets
   * @param ids by flow; null for those without any
   * @param starts where the rows of each flow's directions begin in {@code order}
   */
  static int[] of(List<DatagramFlow> flows, QuicConnectionIds[] ids, int[] starts, int[] order) {
    FlowContinuations continuations = new FlowContinuations(flows, ids, starts, order);
    for (DatagramFlow flow : flows) {
      if (ids[flow.number()] != null) {
        continuations.add(flow);
      }
    }
    return continuations.before;
  }

  private void add(DatagramFlow flow) {
    QuicConnectionIds own = ids[flow.number()];
    for (Direction direction : Direction.values()) {
      Endpoint receiver = flow.sender(direction.reverse());
      for (int bytes : lengths.getOrDefault(receiver, Set.of())) {
        ByteBuffer id = own.first(side(direction), bytes);
        Integer known = id.hasRemaining() ? latest.get(new Called(receiver, id)) : null;
        if (known != null && follows(flow, flows.get(known), direction)) {
          before[flow.number()] = known;
          own.learn(side(direction), bytes);
        }
      }
    }
    for (Direction direction : Direction.values()) {
      Endpoint receiver = flow.sender(direction.reverse());
      ByteBuffer id = own.last(side(direction));
      if (id.hasRemaining()) {
        latest.put(new Called(receiver, id), flow.number());
        lengths.computeIfAbsent(receiver, key -> new TreeSet<>()).add(id.remaining());
      }
    }
  }

  /** Whether the sender of a direction sends nothing more in the one flow when the other begins. */
  private boolean follows(DatagramFlow flow, DatagramFlow earlier, Direction direction) {
    int at = 2 * flow.number() + side(direction);
    int earlierAt = 2 * earlier.number() + side(direction);
    return flow.sender(direction.reverse()).equals(earlier.sender(direction.reverse()))
        && starts[at] < starts[at + 1]
        && starts[earlierAt] < starts[earlierAt + 1]
        && order[starts[earlierAt + 1] - 1] < order[starts[at]];
  }

  private static int side(Direction direction) {
    return direction == Direction.C2S ? 0 : 1;
  }
}
