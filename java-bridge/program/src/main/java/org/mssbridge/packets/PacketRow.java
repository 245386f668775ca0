package org.mssbridge.packets;

import java.util.List;
import org.mssbridge.casefile.CaseTable;
import org.mssbridge.casefile.CaseTable.Column;

/**
 * A packet at a capture point: a segment of a TCP connection, or a packet of a flow besides TCP.
 *
 * @param connection its number in the report; null besides TCP
 * @param direction {@code c2s} or {@code s2c}
 * @param frame number in the capture of the point
 * @param timeNanos by the clock of the point, nanoseconds since 1970
 * @param commonNanos the same on the clock of the first capture
 * @param source of the segment at this point
 * @param flags their first letters, such as {@code SA}; null besides TCP
 * @param position of its first byte, counted from the ISN; null besides TCP
 * @param isSentBefore whether all of its bytes were seen at this point before
 * @param previousPoint the point that it should have passed before; null for none
 * @param previousFrame the frame there; null if there is none
 * @param nextPoint the point that it should pass next; null for none
 * @param nextFrame the first frame there that carries a part of it; null if there is none
 * @param nextFrames how many do; null without a next point
 * @param delayNanos from this point to the next; includes the uncertainty of the clocks
 * @param fate what became of it on the way to the next point; null without one
 * @param lostBytes how many of its bytes did not arrive there
 * @param isDuplicate whether it arrived here twice and was sent once
 * @param changed what is not the same at the next point, such as {@code ttl 64>63}
 * @param protocol such as {@code TCP}
 * @param flow the place of the flow among those in the report, from 0; null for TCP
 */
record PacketRow(
    Integer connection,
    String direction,
    String point,
    int frame,
    long timeNanos,
    long commonNanos,
    String source,
    String destination,
    String flags,
    Long position,
    int payloadBytes,
    boolean isSentBefore,
    String previousPoint,
    Integer previousFrame,
    String nextPoint,
    Integer nextFrame,
    Integer nextFrames,
    Long delayNanos,
    Fate fate,
    Long lostBytes,
    boolean isDuplicate,
    List<String> changed,
    String protocol,
    Integer flow) {
  private static final double NANOS_OF_MILLISECOND = 1e6;

  /** The columns of the table. */
  static final CaseTable TABLE =
      new CaseTable(
          "packet",
          List.of(
              new Column("connection", CaseTable.Type.INTEGER, true),
              new Column("direction", CaseTable.Type.TEXT, false),
              new Column("point", CaseTable.Type.TEXT, false),
              new Column("frame", CaseTable.Type.INTEGER, false),
              new Column("time", CaseTable.Type.TIME, false),
              new Column("common_time", CaseTable.Type.TIME, false),
              new Column("source", CaseTable.Type.TEXT, false),
              new Column("destination", CaseTable.Type.TEXT, false),
              new Column("flags", CaseTable.Type.TEXT, true),
              new Column("position", CaseTable.Type.INTEGER, true),
              new Column("payload_bytes", CaseTable.Type.INTEGER, false),
              new Column("sent_before", CaseTable.Type.INTEGER, false),
              new Column("previous_point", CaseTable.Type.TEXT, true),
              new Column("previous_frame", CaseTable.Type.INTEGER, true),
              new Column("next_point", CaseTable.Type.TEXT, true),
              new Column("next_frame", CaseTable.Type.INTEGER, true),
              new Column("next_frames", CaseTable.Type.INTEGER, true),
              new Column("delay_ms", CaseTable.Type.REAL, true),
              new Column("fate", CaseTable.Type.TEXT, true),
              new Column("lost_bytes", CaseTable.Type.INTEGER, true),
              new Column("duplicate", CaseTable.Type.INTEGER, false),
              new Column("changed", CaseTable.Type.TEXT, true),
              new Column("protocol", CaseTable.Type.TEXT, false),
              new Column("flow", CaseTable.Type.INTEGER, true)),
          List.of("connection", "point", "frame"));

  PacketRow {
    changed = List.copyOf(changed);
  }

  /**
   * Whether the next point, or the one before, should have it and has not, or has one copy less, or
   * cannot tell.
   */
  boolean isMissing() {
    return isDuplicate
        || (fate != null && fate != Fate.ARRIVED)
        || (previousPoint != null && previousFrame == null);
  }

  /** Its values in the order of the columns, as {@code ParquetRows} takes them. */
  Object[] values() {
    return new Object[] {
      wide(connection),
      direction,
      point,
      (long) frame,
      timeNanos,
      commonNanos,
      source,
      destination,
      flags,
      position,
      (long) payloadBytes,
      isSentBefore ? 1L : 0L,
      previousPoint,
      wide(previousFrame),
      nextPoint,
      wide(nextFrame),
      wide(nextFrames),
      delayNanos == null ? null : (Object) (delayNanos / NANOS_OF_MILLISECOND),
      fate == null ? null : fate.words,
      lostBytes,
      isDuplicate ? 1L : 0L,
      changed.isEmpty() ? null : String.join(" ", changed),
      protocol,
      wide(flow)
    };
  }

  private static Long wide(Integer number) {
    return number == null ? null : (Long) number.longValue();
  }
}
