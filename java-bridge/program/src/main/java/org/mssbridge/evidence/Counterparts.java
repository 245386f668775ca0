package org.mssbridge.evidence;

import java.util.Arrays;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.LongList;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * The segments of one direction at the far point that the near point saw too: what a suspect is
 * compared with. Segments with data have a counterpart by byte range, the others by their numbers,
 * flags and window. RSTs and FINs are left out.
 */
public final class Counterparts {
  /** The largest IP ID step within a connection, for hosts with one counter for all packets. */
  private static final int MAX_IP_ID_STEP = 64;

  /** Of fewer steps, all may be small by chance. */
  private static final int FEW_STEPS = 2;

  private final SegmentTable table;

  /** Their rows, ascending. */
  private final LongList rows = new LongList();

  private final boolean[] ttls = new boolean[257];

  public Counterparts(PairedConnection pair, Direction direction) {
    CapturePoint point = pair.farPoint(direction);
    Flow flow = pair.farFlow(direction);
    table = flow.table();
    long[] others = keys(pair, direction, pair.nearPoint(direction));
    Alignment.Sightings data = pair.alignment(direction).far();
    int base = pair.base(point, direction);
    int ackBase = pair.base(point, direction.reverse());
    int next = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      while (next < data.size() && data.row()[next] < row) {
        next++;
      }
      boolean hasData = next < data.size() && data.row()[next] == row;
      // A forged RST or FIN may have the numbers of the real one.
      boolean closing = (table.flags(row) & (TcpFlags.FIN | TcpFlags.RST)) != 0;
      if (closing) {
        continue;
      }
      if (hasData
          ? data.peers()[next] > 0
          : Arrays.binarySearch(others, key(table, row, base, ackBase)) >= 0) {
        rows.add(row);
        ttls[table.ttl(row) + 1] = true;
      }
    }
  }

  private static long[] keys(PairedConnection pair, Direction direction, CapturePoint point) {
    Flow flow = pair.at(point).flow(direction);
    int base = pair.base(point, direction);
    int ackBase = pair.base(point, direction.reverse());
    long[] keys = new long[flow.segments()];
    int size = 0;
    for (int row = flow.firstRow(); row >= 0; row = flow.table().next(row)) {
      keys[size++] = key(flow.table(), row, base, ackBase);
    }
    Arrays.sort(keys);
    return keys;
  }

  private static long key(SegmentTable table, int row, int base, int ackBase) {
    int flags = table.flags(row) & 0x3f;
    long acknowledged =
        (flags & TcpFlags.ACK) == 0 ? 0 : (table.acknowledgment(row) - ackBase) & 0xffff_ffffL;
    long numbers = (long) (table.sequence(row) - base) << 32 | acknowledged;
    return numbers * 0x9e37_79b9_7f4a_7c15L
        + ((long) table.payloadBytes(row) << 22 | flags << 16 | table.window(row));
  }

  /** Whether there is none: then nothing is known of the flow. */
  public boolean isEmpty() {
    return rows.size() == 0;
  }

  /** Whether any of them has this TTL. */
  public boolean hasTtl(int ttl) {
    return ttls[ttl + 1];
  }

  /** The last row before another one, -1 where there is none. */
  public int before(int row) {
    int count = rows.countBelow(row);
    return count == 0 ? -1 : (int) rows.get(count - 1);
  }

  /** Whether there is any after another row. */
  public boolean hasAfter(int row) {
    return rows.size() > 0 && rows.get(rows.size() - 1) > row;
  }

  /** Whether the IP ID of a segment continues theirs. */
  public boolean isNextIpId(int row) {
    return isStep(before(row), row);
  }

  private boolean isStep(int before, int row) {
    int ipId = table.ipId(row);
    int beforeIpId = before < 0 ? -1 : table.ipId(before);
    return ipId > 0 && beforeIpId > 0 && ((ipId - beforeIpId) & 0xffff) <= MAX_IP_ID_STEP;
  }

  /** Whether their IP IDs all rise in small steps and that of another segment does not. */
  public boolean isOtherIpId(int row) {
    for (int i = 1; i < rows.size(); i++) {
      if (!isStep((int) rows.get(i - 1), (int) rows.get(i))) {
        return false;
      }
    }
    return rows.size() > FEW_STEPS && before(row) >= 0 && !isNextIpId(row);
  }

  /**
   * The shortest time in which the sender acknowledged a segment of the other end at this point, in
   * ns; 0 where it acknowledged none. A device on the way that answers is faster.
   *
   * @param receiver the other end's flow at the same point
   */
  public long leastAnswerNanos(Flow receiver) {
    return LeastAnswer.nanos(rows, receiver);
  }
}
