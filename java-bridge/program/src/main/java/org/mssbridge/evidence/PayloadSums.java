package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;

/** Sums of payload as checksums give them away (RFC 1071), and whether they can be trusted. */
public final class PayloadSums {
  private static final int ONES = 0xffff;

  private PayloadSums() {}

  /**
   * Whether checksums of a flow are those that were on the wire: its segments without data, of
   * which there must be one, sum to 0.
   */
  public static boolean areUsable(Flow flow) {
    SegmentTable table = flow.table();
    int right = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) == 0) {
        int sum = table.payloadSum(row);
        if (sum > 0) {
          return false;
        }
        right += sum == 0 ? 1 : 0;
      }
    }
    return right > 0;
  }

  /**
   * The sum of a part added to that of what stands before it.
   *
   * @param offset where the part begins, from the start of the whole: from an odd place on, bytes
   *     count as the other half of their words
   * @return -1 where either is not known
   */
  public static int plus(int sum, int part, int offset) {
    if (sum < 0 || part < 0) {
      return -1;
    }
    int placed = offset % 2 == 0 ? part : ((part & 0xff) << 8) | (part >>> 8);
    return (sum + placed) % ONES;
  }
}
