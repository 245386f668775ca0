package org.mssbridge.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.TcpFlags;

/**
 * The packets of one direction whose IPv4 header checksum is right at the near point and wrong at
 * the far point: no host and no router accepts them (RFC 1122, section 3.2.1.2; RFC 1812, section
 * 5.2.2). What a host has in its own capture before the network card fills it in, or after the card
 * joined segments, is none.
 *
 * @param wrong those that are wrong at the far point
 * @param right packets whose checksum is right at the far point
 * @param accepted packets that are wrong there, and whose data the receiver acknowledges though no
 *     other copy arrives: a capture driver changed them
 */
public record WrongHeaderSums(List<Wrong> wrong, int right, int accepted) {
  private static final WrongHeaderSums NONE = new WrongHeaderSums(List.of(), 0, 0);

  /** A packet at both points. */
  public record Wrong(int nearRow, int farRow) {}

  /** What the n-th of several alike at one point is the n-th of at the other. */
  private record Key(int sequence, int payloadBytes, int flags) {
    static Key of(SegmentTable table, int row, int base) {
      return new Key(
          table.sequence(row) - base,
          table.payloadBytes(row),
          table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST));
    }
  }

  /** Those of one direction of a pair. */
  static WrongHeaderSums of(PairedConnection pair, Direction direction) {
    Flow nearFlow = pair.nearFlow(direction);
    Flow farFlow = pair.farFlow(direction);
    if (farFlow.wrongHeaderSums() == 0 || nearFlow.wrongHeaderSums() > 0) {
      return NONE;
    }
    SegmentTable near = nearFlow.table();
    SegmentTable far = farFlow.table();
    int nearBase = pair.base(pair.nearPoint(direction), direction);
    int farBase = pair.base(pair.farPoint(direction), direction);
    Map<Key, Deque<Integer>> sent = new HashMap<>();
    for (int row = nearFlow.firstRow(); row >= 0; row = near.next(row)) {
      sent.computeIfAbsent(Key.of(near, row, nearBase), key -> new ArrayDeque<>()).add(row);
    }
    Map<Key, Integer> right = new HashMap<>();
    List<Wrong> wrong = new ArrayList<>();
    for (int row = farFlow.firstRow(); row >= 0; row = far.next(row)) {
      Key key = Key.of(far, row, farBase);
      Deque<Integer> alike = sent.get(key);
      if (far.headerSum(row) == HeaderSum.RIGHT) {
        right.merge(key, 1, Integer::sum);
      }
      if (alike != null) {
        int nearRow = alike.size() > 1 ? alike.remove() : alike.element();
        if (far.headerSum(row) == HeaderSum.WRONG && near.headerSum(nearRow) == HeaderSum.RIGHT) {
          wrong.add(new Wrong(nearRow, row));
        }
      }
    }
    Flow receiver = pair.farFlow(direction.reverse());
    int all = wrong.size();
    wrong.removeIf(
        one ->
            !right.containsKey(Key.of(far, one.farRow(), farBase))
                && isAcknowledged(receiver, far, one.farRow()));
    return new WrongHeaderSums(
        wrong, right.values().stream().mapToInt(Integer::intValue).sum(), all - wrong.size());
  }

  /** Whether any of them is a SYN. */
  public boolean hasSyn(SegmentTable far) {
    return wrong.stream().anyMatch(one -> TcpFlags.isSyn(far.flags(one.farRow())));
  }

  /** A segment without data and flags is never acknowledged. */
  private static boolean isAcknowledged(Flow receiver, SegmentTable far, int row) {
    int flags = far.flags(row);
    int bytes = far.payloadBytes(row) + ((flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0 ? 1 : 0);
    return bytes > 0 && receiver.hasAcknowledged(far.sequence(row) + bytes);
  }
}
