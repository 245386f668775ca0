package org.mssbridge.evidence;

import org.mssbridge.flow.Flow;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/** Segments without SYN, FIN and RST, which capture filters on these flags leave out. */
public final class PlainSegments {
  private PlainSegments() {}

  /** Whether any segment of a flow is one. */
  public static boolean areIn(Flow flow) {
    SegmentTable table = flow.table();
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST)) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a capture holds any. */
  public static boolean areIn(PointCapture capture) {
    return capture.connections().stream()
        .anyMatch(seen -> areIn(seen.flow(Direction.C2S)) || areIn(seen.flow(Direction.S2C)));
  }
}
