package org.mssbridge.evidence;

import java.util.Optional;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.IpFamily;
import org.mssbridge.model.TcpFlags;

/**
 * The size at which a sender of bulk data cuts its segments. It is the MSS that the sender uses, as
 * options take their room from it (RFC 6691). A segment that an application wrote in that size has
 * PSH; one without PSH ended because it was full, or because the window did.
 *
 * @param payloadBytes data in a full segment
 * @param optionBytes TCP options in a full segment
 * @param count full segments without PSH
 * @param smaller segments without PSH that carry less
 */
public record FullSegments(int payloadBytes, int optionBytes, int count, int smaller) {
  /** Fewer may be chance. */
  private static final int MIN_COUNT = 5;

  private static final int ETHERNET_MTU_BYTES = 1500;

  /** The largest shift count (RFC 7323, section 2.3). */
  private static final int MAX_SCALE = 14;

  /** Full segments for each smaller one: the window ends some in the midst of a segment. */
  private static final int MIN_RATIO = 10;

  private static final int NOT_BULK = TcpFlags.PSH | TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST;

  /** The MSS that the sender uses, in bytes. */
  public int mssBytes() {
    return payloadBytes + optionBytes;
  }

  /** Whether a direction has so many segments with data that there may be any. */
  public static boolean arePossible(Connection connection, Direction direction) {
    return connection.flow(direction).dataSegments() >= MIN_COUNT;
  }

  /**
   * The full segments of a direction; empty where it has too few, where their size may be that of
   * the window, and where they may be joined or not cut yet by offload.
   *
   * @param windowScale the receiver's shift count where this capture does not hold its SYN
   */
  public static Optional<FullSegments> of(
      Connection connection, Direction direction, int windowScale) {
    Flow flow = connection.flow(direction);
    if (!arePossible(connection, direction)) {
      return Optional.empty();
    }
    SegmentTable table = flow.table();
    int mssBytes = 0;
    int payloadBytes = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      int bytes = table.payloadBytes(row) + table.optionBytes(row);
      if (table.payloadBytes(row) > 0 && bytes > mssBytes) {
        mssBytes = bytes;
        payloadBytes = table.payloadBytes(row);
      }
    }
    int full = 0;
    int smaller = 0;
    for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
      if (table.payloadBytes(row) > 0 && (table.flags(row) & NOT_BULK) == 0) {
        boolean isFull = table.payloadBytes(row) + table.optionBytes(row) == mssBytes;
        full += isFull ? 1 : 0;
        smaller += isFull ? 0 : 1;
      }
    }
    IpFamily family = IpFamily.of(connection.isIpv6());
    boolean plausible =
        full >= MIN_COUNT
            && full >= MIN_RATIO * smaller
            && mssBytes >= family.defaultMssBytes()
            && mssBytes
                <= connection.mssLimit(direction).orElse(ETHERNET_MTU_BYTES - family.tcpIpBytes())
            && isWindowLarge(connection.flow(direction.reverse()), windowScale, mssBytes);
    return plausible
        ? Optional.of(new FullSegments(payloadBytes, mssBytes - payloadBytes, full, smaller))
        : Optional.empty();
  }

  /**
   * Whether the sender had cut its data at a larger MSS before, and then cut the pieces again, as
   * it does when it learns a smaller path MTU: segments of this size end with a smaller one without
   * PSH where whole segments of the larger size would end. A sender that never knew the larger one
   * has no reason to stop there.
   */
  public boolean areCutAgain(Connection connection, Direction direction, int largerMssBytes) {
    SegmentTable table = connection.flow(direction).table();
    int largerBytes = largerMssBytes - optionBytes;
    long run = 0;
    int next = 0;
    for (int row = connection.flow(direction).firstRow(); row >= 0; row = table.next(row)) {
      int bytes = table.payloadBytes(row);
      if (bytes == 0 || (table.flags(row) & TcpFlags.SYN) != 0) {
        continue;
      }
      run = table.sequence(row) == next ? run + bytes : bytes;
      next = table.sequence(row) + bytes;
      boolean isFull = bytes + table.optionBytes(row) == mssBytes();
      if (!isFull) {
        boolean isBulk = (table.flags(row) & NOT_BULK) == 0;
        if (isBulk && run > bytes && largerBytes > 0 && run % largerBytes == 0) {
          return true;
        }
        run = 0;
      }
    }
    return false;
  }

  /**
   * Whether the receiver offered room for two segments. Senders cut at half of a smaller window.
   */
  private static boolean isWindowLarge(Flow receiver, int windowScale, int mssBytes) {
    int scale =
        receiver.firstHandshake().map(syn -> syn.options().windowScale()).orElse(windowScale);
    SegmentTable table = receiver.table();
    for (int row = receiver.firstRow(); row >= 0; row = table.next(row)) {
      boolean isScaled = (table.flags(row) & TcpFlags.SYN) == 0;
      long window =
          (long) table.window(row) << (isScaled ? Math.max(0, Math.min(MAX_SCALE, scale)) : 0);
      if (window > 2L * mssBytes) {
        return true;
      }
    }
    return false;
  }
}
