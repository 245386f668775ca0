package org.mssbridge.evidence;

import java.util.List;
import java.util.Optional;
import org.mssbridge.alignment.PairedConnection;
import org.mssbridge.flow.Connection;
import org.mssbridge.flow.Flow;
import org.mssbridge.flow.SegmentTable;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Segment;
import org.mssbridge.model.TcpFlags;
import org.mssbridge.model.TcpOptions;

/**
 * What it costs that a device takes the window scale option out of a handshake (RFC 7323, sections
 * 1.3 and 2.2).
 *
 * @param isOneSided whether it is taken out of the SYN/ACK only: the server scales its windows, and
 *     the client does not know; otherwise neither end scales
 * @param shift the shift count that the server uses where only it scales, else 0
 * @param clientShift the one that it takes the client to use where only it scales, else 0
 * @param largestField the largest window field of the server at the point nearer the client
 * @param leastRoundTripNanos the shortest handshake at the point nearer the client, {@link
 *     Long#MAX_VALUE} where it is not known
 */
public record LostScaling(
    boolean isOneSided, int shift, int clientShift, int largestField, long leastRoundTripNanos) {
  /** The largest window without scaling (RFC 9293, section 3.1: a field of 16 bits). */
  public static final int LARGEST_UNSCALED_BYTES = 65_535;

  private static final int MAX_SHIFT = 14;

  /**
   * The effect on one connection; empty where it is not known.
   *
   * @param removedFrom the SYN or SYN/ACK that has the option at the near point only
   */
  public static Optional<LostScaling> of(Handshakes removedFrom) {
    PairedConnection pair = removedFrom.pair();
    Connection atClient = pair.near(Direction.C2S);
    boolean isSynAck = removedFrom.direction() == Direction.S2C;
    // The other segment of the handshake, as the server received or sent it.
    Optional<TcpOptions> other =
        pair.far(Direction.C2S)
            .flow(removedFrom.direction().reverse())
            .firstHandshake()
            .map(Segment::options)
            .filter(TcpOptions::whole);
    if (other.isEmpty()) {
      return Optional.empty();
    }
    return (other.get().windowScale() >= 0) == isSynAck
        ? Optional.of(
            new LostScaling(
                isSynAck,
                isSynAck ? usedShift(removedFrom.near().options()) : 0,
                isSynAck ? usedShift(other.get()) : 0,
                largestField(atClient.serverToClient()),
                roundTripNanos(atClient)))
        : Optional.empty();
  }

  /** Whether the ends read different windows. */
  public boolean isMisread() {
    return isOneSided && shift + clientShift > 0;
  }

  /** The effect on both of two groups of connections with the same one. */
  public LostScaling plus(LostScaling more) {
    return new LostScaling(
        isOneSided,
        shift,
        clientShift,
        Math.max(largestField, more.largestField),
        Math.min(leastRoundTripNanos, more.leastRoundTripNanos));
  }

  /** A larger one counts as 14 (RFC 7323, section 2.3). */
  private static int usedShift(TcpOptions options) {
    return Math.min(options.windowScale(), MAX_SHIFT);
  }

  private static int largestField(Flow server) {
    SegmentTable table = server.table();
    int largest = 0;
    for (int row = server.firstRow(); row >= 0; row = table.next(row)) {
      if ((table.flags(row) & (TcpFlags.SYN | TcpFlags.RST)) == 0) { // A SYN's is not scaled.
        largest = Math.max(largest, table.window(row));
      }
    }
    return largest;
  }

  private static long roundTripNanos(Connection atClient) {
    List<Segment> syns = atClient.clientToServer().handshake();
    List<Segment> synAcks = atClient.serverToClient().handshake();
    return syns.size() == 1 && synAcks.size() == 1 && atClient.clientToServer().table().isTimed()
        ? Math.max(1, synAcks.get(0).timeNanos() - syns.get(0).timeNanos())
        : Long.MAX_VALUE;
  }
}
