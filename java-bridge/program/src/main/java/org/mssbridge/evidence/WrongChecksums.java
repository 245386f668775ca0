package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The segments of one direction whose TCP checksum is right at the near point and wrong at the far
 * point. Without data it follows from the header alone (RFC 9293, section 3.1): what it says of the
 * data must be nothing. A segment with data is judged by its fate: the receiver acknowledges
 * changed data if the checksum fits them, and drops what it does not fit.
 *
 * @param wrong those that are wrong at the far point
 * @param right segments without data whose checksum is right at the far point
 * @param rightNear segments without data whose checksum is right at the near point
 * @param incomplete whether the near point has checksums that offload leaves to the network card,
 *     and the far point has none
 */
public record WrongChecksums(List<Wrong> wrong, int right, int rightNear, boolean incomplete) {
  private static final WrongChecksums NONE = new WrongChecksums(List.of(), 0, 0, false);

  /**
   * A segment at both points.
   *
   * @param hasData whether it carries data
   */
  public record Wrong(int nearRow, int farRow, boolean hasData) {}

  /** What a walk along a flow counts. */
  private static final class Count {
    int right;
    int wrong;
    int incomplete;

    Count(Flow flow) {
      SegmentTable table = flow.table();
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        if (table.payloadBytes(row) == 0) {
          int sum = table.payloadSum(row);
          right += sum == 0 ? 1 : 0;
          wrong += sum > 0 ? 1 : 0;
          incomplete += sum < 0 ? 1 : 0;
        }
      }
    }
  }

  /** Those of one direction of a pair. */
  static WrongChecksums of(PairedConnection pair, Direction direction) {
    Count near = new Count(pair.nearFlow(direction));
    Count far = new Count(pair.farFlow(direction));
    boolean incomplete =
        near.right == 0 && near.incomplete > 0 && far.right > 0 && far.wrong + far.incomplete == 0;
    // Some drivers leave any value where the network card fills in the sum.
    boolean judged = near.wrong == 0 && near.right + near.incomplete > 0 && far.incomplete == 0;
    if (!judged || (near.right == 0 && far.wrong == 0)) {
      return incomplete ? new WrongChecksums(List.of(), far.right, near.right, true) : NONE;
    }
    List<Wrong> wrong = new ArrayList<>();
    if (far.wrong > 0) {
      addControl(pair, direction, wrong);
    }
    addData(pair, direction, wrong);
    return new WrongChecksums(wrong, far.right, near.right, false);
  }

  /** Only what the near point sent: a device may inject others, with any checksum. */
  private static void addControl(PairedConnection pair, Direction direction, List<Wrong> wrong) {
    SegmentTable near = pair.nearFlow(direction).table();
    SegmentTable far = pair.farFlow(direction).table();
    int nearBase = pair.base(pair.nearPoint(direction), direction);
    int farBase = pair.base(pair.farPoint(direction), direction);
    Map<Long, Deque<Integer>> sent = new HashMap<>();
    for (int row = pair.nearFlow(direction).firstRow(); row >= 0; row = near.next(row)) {
      if (near.payloadBytes(row) == 0) {
        sent.computeIfAbsent(key(near, row, nearBase), key -> new ArrayDeque<>()).add(row);
      }
    }
    for (int row = pair.farFlow(direction).firstRow(); row >= 0; row = far.next(row)) {
      Deque<Integer> alike = sent.get(key(far, row, farBase));
      if (alike != null && far.payloadBytes(row) == 0) {
        // The n-th of several alike is the n-th there; the last one stays for what comes twice.
        int nearRow = alike.size() > 1 ? alike.remove() : alike.element();
        if (far.payloadSum(row) > 0) {
          wrong.add(new Wrong(nearRow, row, false));
        }
      }
    }
  }

  private static long key(SegmentTable table, int row, int base) {
    int relative = table.sequence(row) - base;
    return (long) relative << 32
        | (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST));
  }

  private static void addData(PairedConnection pair, Direction direction, List<Wrong> wrong) {
    Flow farFlow = pair.farFlow(direction);
    if (farFlow.repeatedSegments() == 0) {
      return;
    }
    Alignment alignment = pair.alignment(direction);
    Alignment.Sightings sightings = alignment.near();
    SegmentTable near = pair.nearFlow(direction).table();
    SegmentTable far = farFlow.table();
    List<Wrong> differing = new ArrayList<>();
    for (int i = 0; i < sightings.size(); i++) {
      int row = sightings.row()[i];
      int peer = sightings.peerRow()[i];
      if (sightings.peers()[i] == 1
          && near.payloadBytes(row) == far.payloadBytes(peer)
          && near.payloadSum(row) >= 0
          && far.payloadSum(peer) >= 0
          && near.payloadSum(row) != far.payloadSum(peer)) {
        differing.add(new Wrong(row, peer, true));
      }
    }
    if (differing.size() > 1) {
      Flow receiver = pair.farFlow(direction.reverse());
      differing.removeIf(one -> isAcknowledged(receiver, far, one.farRow()));
      wrong.addAll(differing.size() > 1 ? differing : List.of());
    }
  }

  private static boolean isAcknowledged(Flow receiver, SegmentTable far, int row) {
    return receiver.hasAcknowledged(far.sequence(row) + far.payloadBytes(row));
  }

  /** Whether any of them is a SYN. */
  public boolean hasSyn(SegmentTable far) {
    return wrong.stream().anyMatch(one -> TcpFlags.isSyn(far.flags(one.farRow())));
  }
}
