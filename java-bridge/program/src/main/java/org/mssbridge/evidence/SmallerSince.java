package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.finding.Leg;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;

/**
 * Finds segments that are lost while only smaller ones cross to the same receiver: segments as
 * large may have crossed before, on another route.
 */
public final class SmallerSince {
  /** Fewer that cross may be chance. */
  private static final int LEAST = 5;

  private final Evidence evidence;
  private final Map<Leg, Map<String, List<Sent>>> byLeg = new HashMap<>();

  /**
   * What became of a data segment, and of all that left after it.
   *
   * @param crossed how many cross
   * @param largestBytes the largest of these
   * @param smallestLostBytes the smallest that is lost
   */
  private record Sent(long nanos, int crossed, int largestBytes, int smallestLostBytes) {
    Sent andLater(Sent later) {
      return new Sent(
          nanos,
          crossed + later.crossed,
          Math.max(largestBytes, later.largestBytes),
          Math.min(smallestLostBytes, later.smallestLostBytes));
    }
  }

  public SmallerSince(Evidence evidence) {
    this.evidence = evidence;
  }

  /**
   * The largest segment that crosses since a transmission, on all connections to the same receiver;
   * empty where one as large crosses, where few do, and where any is lost that is no larger than
   * these: then size does not decide.
   *
   * @param row the transmission at the near point
   */
  public OptionalInt largestBytes(PairedConnection pair, Direction direction, int row) {
    SegmentTable table = pair.nearFlow(direction).table();
    List<Sent> sent =
        byLeg
            .computeIfAbsent(Legs.of(pair, direction), this::of)
            .getOrDefault(receiver(pair, direction), List.of());
    int from = firstSince(sent, table.timeNanos(row));
    if (from == sent.size()) {
      return OptionalInt.empty();
    }
    Sent since = sent.get(from);
    return since.crossed() >= LEAST
            && since.largestBytes() < Math.min(since.smallestLostBytes(), table.payloadBytes(row))
        ? OptionalInt.of(since.largestBytes())
        : OptionalInt.empty();
  }

  private static int firstSince(List<Sent> sent, long nanos) {
    int from = 0;
    int to = sent.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sent.get(middle).nanos() < nanos) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** By receiver, in the order of time. */
  private Map<String, List<Sent>> of(Leg leg) {
    Map<String, List<Sent>> byReceiver = new HashMap<>();
    for (Passage passage : evidence.passagesByLeg().getOrDefault(leg, List.of())) {
      add(
          passage,
          byReceiver.computeIfAbsent(
              receiver(passage.pair(), leg.direction()), receiver -> new ArrayList<>()));
    }
    for (List<Sent> sent : byReceiver.values()) {
      sent.sort(Comparator.comparingLong(Sent::nanos));
      for (int i = sent.size() - 2; i >= 0; i--) {
        sent.set(i, sent.get(i).andLater(sent.get(i + 1)));
      }
    }
    return byReceiver;
  }

  private static void add(Passage passage, List<Sent> sent) {
    Alignment.Sightings near = passage.alignment().near();
    SegmentTable table = passage.near().table();
    Set<Integer> lost = new HashSet<>();
    for (int index : passage.alignment().lost().index()) {
      lost.add(index);
    }
    for (int i = 0; i < near.size(); i++) {
      int row = near.row()[i];
      long nanos = table.timeNanos(row);
      if (near.peers()[i] > 0) {
        sent.add(new Sent(nanos, 1, near.largestPeerBytes()[i], Integer.MAX_VALUE));
      } else if (lost.contains(i)) {
        sent.add(new Sent(nanos, 0, 0, table.payloadBytes(row)));
      }
    }
  }

  private static String receiver(PairedConnection pair, Direction direction) {
    Connection far = pair.far(direction);
    return (direction == Direction.C2S ? far.server() : far.client()).address();
  }
}
