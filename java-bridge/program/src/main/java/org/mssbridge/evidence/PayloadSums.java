package org.mssbridge.evidence;

import java.util.OptionalInt;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.ChecksumState;

/** Payload sums derived from checksums (RFC 1071), and whether they are reliable. */
public final class PayloadSums {
  private static final int ONES = 0xffff;

  private PayloadSums() {}

  /**
   * Whether the captured checksums of a flow are those on the wire: the known sums of segments
   * without data, at least one, are all 0.
   */
  public static boolean areUsable(Flow flow) {
    SegmentTable table = flow.table();
    int verified = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0) {
        int sum = table.payloadSum(row);
        if (sum > 0) {
          return false;
        }
        verified += sum == 0 ? 1 : 0;
      }
    }
    return verified > 0;
  }

  /**
   * The sum of a segment's payload, -1 where it is unknown: offload leaves arbitrary checksums, and
   * a wrong one says nothing of the bytes.
   *
   * @param mssLimit the largest segment that can be one on the wire, empty where unknown
   */
  public static int of(SegmentTable table, int row, OptionalInt mssLimit) {
    boolean offloaded = mssLimit.isEmpty() || table.payloadBytes(row) > mssLimit.getAsInt();
    boolean isWrong = table.checksum(row) == ChecksumState.WRONG;
    return offloaded || isWrong ? -1 : table.payloadSum(row);
  }

  /**
   * The sum of some bytes and of the part that follows them.
   *
   * @param offset where the part begins, from the start of the whole; at an odd offset the bytes of
   *     each 16-bit word are swapped
   * @return -1 where either sum is unknown
   */
  public static int plus(int sum, int part, int offset) {
    if (sum < 0 || part < 0) {
      return -1;
    }
    int placed = offset % 2 == 0 ? part : ((part & 0xff) << 8) | (part >>> 8);
    return (sum + placed) % ONES;
  }
}
