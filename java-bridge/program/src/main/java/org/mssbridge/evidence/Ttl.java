package org.mssbridge.evidence;

import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.alignment.Alignment;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.TcpFlags;

/**
 * TTLs and hop limits of a connection at two points: of its first segments, unless these are those
 * of a device that makes handshakes of its own, as a SYN proxy does.
 */
public final class Ttl {
  /** No path has more routers; a larger difference means that the TTL was reset. */
  private static final int MAX_HOPS = 30;

  /** Data that comes later is not looked for. */
  private static final int MAX_ROWS = 16;

  private Ttl() {}

  /** Rows of segments at the near and the far point that are alike. */
  public record Rows(int near, int far) {}

  /** The TTL at the near point minus the TTL at the far point; empty where unknown. */
  public static OptionalInt fall(PairedConnection pair, Direction direction) {
    Optional<Rows> rows = rows(pair, direction);
    return rows.isEmpty()
        ? OptionalInt.empty()
        : OptionalInt.of(
            fall(pair.nearFlow(direction).table(), pair.farFlow(direction), rows.get()));
  }

  private static int fall(SegmentTable near, Flow far, Rows rows) {
    return near.ttl(rows.near()) - far.table().ttl(rows.far());
  }

  /** The segments that are compared; empty where none are alike. */
  public static Optional<Rows> rows(PairedConnection pair, Direction direction) {
    Flow near = pair.nearFlow(direction);
    Flow far = pair.farFlow(direction);
    if (near.firstTtl() < 0 || far.firstTtl() < 0) {
      return Optional.empty();
    }
    if (isAcceptedByDevice(pair)) {
      Optional<Rows> resets = rows(near.firstClosingRow(), far.firstClosingRow());
      return direction == Direction.C2S ? Optional.empty() : resets;
    }
    Rows first = new Rows(near.firstRow(), far.firstRow());
    Optional<Rows> data =
        rows(firstDataRow(near, Set.of()), firstDataRow(far, unseen(pair, direction)))
            .filter(rows -> bothEndOrNeither(near, far, rows));
    boolean agree =
        data.isEmpty() || fall(near.table(), far, data.get()) == fall(near.table(), far, first);
    return agree ? Optional.of(first) : data;
  }

  /** A FIN that the sender did not send there is that of a device. */
  private static boolean bothEndOrNeither(Flow near, Flow far, Rows rows) {
    return ((near.table().flags(rows.near()) ^ far.table().flags(rows.far())) & TcpFlags.FIN) == 0;
  }

  private static Optional<Rows> rows(int near, int far) {
    return near < 0 || far < 0 ? Optional.empty() : Optional.of(new Rows(near, far));
  }

  /** Arrivals among the first that the near point did not see, where it saw later ones. */
  private static Set<Integer> unseen(PairedConnection pair, Direction direction) {
    Alignment.Sightings far = pair.alignment(direction).far();
    Set<Integer> unseen = new HashSet<>();
    for (int i = 0; i < Math.min(MAX_ROWS, far.size()); i++) {
      if (far.peers()[i] > 0) {
        return unseen;
      }
      unseen.add(far.row()[i]);
    }
    return Set.of();
  }

  private static int firstDataRow(Flow flow, Set<Integer> leftOut) {
    SegmentTable table = flow.table();
    int row = flow.firstRow();
    for (int i = 0; i < MAX_ROWS && row >= 0; i++, row = table.next(row)) {
      if (table.payloadBytes(row) > 0
          && (table.flags(row) & TcpFlags.SYN) == 0
          && !leftOut.contains(row)) {
        return row;
      }
    }
    return -1;
  }

  /**
   * Whether the client gets a SYN/ACK though the server refuses: it answers the SYN, which is all
   * that it gets, with a RST (RFC 9293, section 3.10.7.1). A device between them accepts in its
   * name.
   */
  static boolean isAcceptedByDevice(PairedConnection pair) {
    Flow client = pair.farFlow(Direction.S2C);
    Flow server = pair.nearFlow(Direction.S2C);
    int answer = server.firstRow();
    if (answer < 0 || !client.hasHandshake() || server.hasHandshake()) {
      return false;
    }
    Flow asked = pair.farFlow(Direction.C2S);
    SegmentTable table = server.table();
    for (int row = asked.firstRow(); row >= 0; row = table.next(row)) {
      if (!TcpFlags.isSyn(table.flags(row))) {
        return false;
      }
    }
    return (table.flags(answer) & TcpFlags.RST) != 0
        && (table.flags(answer) & TcpFlags.ACK) != 0
        && asked.isn().isPresent()
        && table.acknowledgment(answer) == asked.isn().getAsInt() + 1;
  }

  /**
   * Whether routers cannot explain a difference: the TTL rises, or falls by more than any path's
   * hops.
   */
  public static boolean isReset(int fall) {
    return fall < 0 || fall > MAX_HOPS;
  }
}
