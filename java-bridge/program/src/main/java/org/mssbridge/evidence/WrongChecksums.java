package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The segments of one direction whose TCP checksum is wrong at the far point and not at the near
 * point. Without data it follows from the header alone (RFC 9293, section 3.1): what it says of the
 * data must be nothing. With data it is verified if the capture holds all of them. Otherwise a
 * segment is judged by its fate: the receiver acknowledges changed data if the checksum fits them,
 * and drops what it does not fit.
 *
 * @param wrong those that are wrong at the far point
 * @param accepted more such segments whose data changed, and which the receiver acknowledges
 *     although no other copy arrives
 * @param right segments whose checksum is right at the far point
 * @param rightNear segments whose checksum is right at the near point
 * @param incomplete whether the near point has checksums that offload leaves to the network card,
 *     and the far point has none
 */
public record WrongChecksums(
    List<Wrong> wrong, List<Wrong> accepted, int right, int rightNear, boolean incomplete) {
  static final WrongChecksums NONE = new WrongChecksums(List.of(), List.of(), 0, 0, false);

  /**
   * A segment at both points.
   *
   * @param near whether the checksum is right at the near point
   * @param hasData whether it carries data
   * @param isDamaged whether its data changed and its checksum did not: the checksum field is what
   *     the near point's header and data need
   * @param isReplaced whether another copy of the data arrives whose checksum is not wrong
   */
  public record Wrong(
      int nearRow,
      int farRow,
      ChecksumState near,
      boolean hasData,
      boolean isDamaged,
      boolean isReplaced) {}

  /** What a walk along a flow counts. */
  private static final class Count {
    /** Those without data. */
    int right;

    int wrong;
    int incomplete;

    int rightWithData;

    Count(Flow flow) {
      SegmentTable table = flow.table();
      for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
        if (table.payloadBytes(row) == 0) {
          int sum = table.payloadSum(row);
          right += sum == 0 ? 1 : 0;
          wrong += sum > 0 ? 1 : 0;
          incomplete += sum < 0 ? 1 : 0;
        } else if (table.checksum(row) == ChecksumState.RIGHT) {
          rightWithData++;
        }
      }
    }

    int allRight() {
      return right + rightWithData;
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
    List<Wrong> wrong = new ArrayList<>();
    if (judged && far.wrong > 0) {
      addControl(pair, direction, near.right > 0, wrong);
    }
    List<Wrong> accepted = new ArrayList<>();
    if (pair.farFlow(direction).wrongChecksums() > 0) {
      new Verified(pair, direction, judged && far.allRight() > 0).addTo(wrong, accepted);
    }
    if (judged && (near.right > 0 || far.wrong > 0)) {
      addData(pair, direction, wrong);
    }
    return wrong.isEmpty() && accepted.isEmpty() && !incomplete
        ? NONE
        : new WrongChecksums(wrong, accepted, far.allRight(), near.allRight(), incomplete);
  }

  /** Only what the near point sent: a device may inject others, with any checksum. */
  private static void addControl(
      PairedConnection pair, Direction direction, boolean isRightNear, List<Wrong> wrong) {
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
          ChecksumState state = isRightNear ? ChecksumState.RIGHT : ChecksumState.INCOMPLETE;
          wrong.add(new Wrong(nearRow, row, state, false, false, false));
        }
      }
    }
  }

  private static long key(SegmentTable table, int row, int base) {
    int relative = table.sequence(row) - base;
    return (long) relative << 32
        | (table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST));
  }

  /** Adds segments with data of which at least one point holds too little to verify them. */
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
          && near.checksum(row) != ChecksumState.WRONG
          && far.checksum(peer) == ChecksumState.UNKNOWN
          && near.payloadSum(row) >= 0
          && far.payloadSum(peer) >= 0
          && near.payloadSum(row) != far.payloadSum(peer)) {
        differing.add(new Wrong(row, peer, ChecksumState.RIGHT, true, false, false));
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

  /** Those that carry data. */
  public int withData() {
    return (int) wrong.stream().filter(Wrong::hasData).count();
  }

  /** Finds segments with data whose checksum does not fit what the far point holds of them. */
  private static final class Verified {
    private final Alignment alignment;
    private final SegmentTable near;
    private final SegmentTable far;
    private final Flow receiver;
    private final OptionalInt limit;
    private final boolean isOffloadJudged;

    /** The byte ranges that arrive with a checksum that is not wrong: ends by starts, joined. */
    private final TreeMap<Long, Long> intact = new TreeMap<>();

    /**
     * @param isOffloadJudged whether a wrong checksum says something where the near point's is
     *     incomplete
     */
    Verified(PairedConnection pair, Direction direction, boolean isOffloadJudged) {
      alignment = pair.alignment(direction);
      near = pair.nearFlow(direction).table();
      far = pair.farFlow(direction).table();
      receiver = pair.farFlow(direction.reverse());
      limit = pair.far(direction).mssLimit(direction);
      this.isOffloadJudged = isOffloadJudged;
      Alignment.Sightings arrivals = alignment.far();
      for (int i = 0; i < arrivals.size(); i++) {
        int row = arrivals.row()[i];
        if (far.checksum(row) != ChecksumState.WRONG) {
          addIntact(arrivals.start()[i], arrivals.start()[i] + far.payloadBytes(row));
        }
      }
    }

    private void addIntact(long start, long end) {
      long from = start;
      long to = end;
      Map.Entry<Long, Long> before = intact.floorEntry(from);
      if (before != null && before.getValue() >= from) {
        from = before.getKey();
        to = Math.max(to, before.getValue());
      }
      for (Long after = intact.ceilingKey(start);
          after != null && after <= to;
          after = intact.ceilingKey(start)) {
        to = Math.max(to, intact.remove(after));
      }
      intact.put(from, to);
    }

    void addTo(List<Wrong> wrong, List<Wrong> accepted) {
      Alignment.Sightings sent = alignment.near();
      for (int i = 0; i < sent.size(); i++) {
        if (sent.peers()[i] == 1 && isWrong(sent.row()[i], sent.peerRow()[i])) {
          add(sent.row()[i], sent.peerRow()[i], sent.start()[i], wrong, accepted);
        }
      }
    }

    /** Network cards and drivers that join segments leave any checksum on the product. */
    private boolean isWrong(int nearRow, int farRow) {
      return far.checksum(farRow) == ChecksumState.WRONG
          && near.payloadBytes(nearRow) == far.payloadBytes(farRow)
          && (limit.isEmpty() || far.payloadBytes(farRow) <= limit.getAsInt())
          && switch (near.checksum(nearRow)) {
            case RIGHT -> true;
            case WRONG -> false;
            case INCOMPLETE -> isOffloadJudged && limit.isPresent();
            case UNKNOWN -> isOffloadJudged && near.payloadSum(nearRow) >= 0;
          };
    }

    private void add(int nearRow, int farRow, long start, List<Wrong> wrong, List<Wrong> accepted) {
      boolean isDamaged =
          near.checksum(nearRow) == ChecksumState.RIGHT
              && near.payloadSum(nearRow) >= 0
              && near.payloadSum(nearRow) == far.payloadSum(farRow);
      Optional<Long> intactEnd =
          Optional.ofNullable(intact.floorEntry(start)).map(Map.Entry::getValue);
      boolean isReplaced =
          intactEnd.filter(end -> end >= start + far.payloadBytes(farRow)).isPresent();
      Wrong one = new Wrong(nearRow, farRow, near.checksum(nearRow), true, isDamaged, isReplaced);
      if (isReplaced || !isAcknowledged(receiver, far, farRow)) {
        wrong.add(one);
      } else if (isDamaged) {
        accepted.add(one);
      }
      // Else a network card behind the far point may correct the checksum: the receiver takes it.
    }
  }
}
