package org.mssbridge.evidence;

/**
 * A RST or FIN at the far point that the sender of its direction did not send. Rows are those of
 * the far point's segment table; -1 is one that does not exist.
 *
 * @param row the segment
 * @param fin whether it is a FIN and no RST
 * @param proof what shows that it was made on the way
 * @param isBetween whether it was surely made between the two points
 * @param ttl how its TTL compares with those of the flow's own segments
 * @param isTimestampEarlier whether its TSval is below that of the sender's segment before it
 * @param flowRow the flow's own segment before it
 * @param answeredRow the segment of the other end that it answers, where that can be known
 * @param earliestRow the first segment of the other end that it may answer, or itself
 * @param crosses whether that segment arrived at the near point all the same
 * @param answerNanos how long after that segment it came
 * @param leastAnswerNanos the shortest time in which the sender itself ever answered; 0 where this
 *     is unknown or about as soon
 * @param idleNanos the silence before what it answers, or before itself
 * @param survivedNanos the longest silence before that one
 * @param ignored whether it is a RST and its receiver goes on with the connection
 * @param isOtherNumber whether its sequence number is not the next one that the receiver expects
 */
public record InjectedSegment(
    int row,
    boolean fin,
    Proof proof,
    boolean isBetween,
    Ttl ttl,
    boolean isTimestampEarlier,
    int flowRow,
    int answeredRow,
    int earliestRow,
    Crossing crosses,
    long answerNanos,
    long leastAnswerNanos,
    long idleNanos,
    long survivedNanos,
    boolean ignored,
    boolean isOtherNumber) {
  /** Devices hardly forget a connection that was idle for less. */
  public static final long LEAST_IDLE_NANOS = 1_000_000_000L;

  /** What shows that it was made on the way, the strongest first. */
  public enum Proof {
    /** The near point's capture was running and does not hold it. */
    ABSENCE,
    /** It answers far sooner than its sender can. */
    TIME,
    /** Its TTL is not that of the flow, which is no more than a likelihood. */
    TTL
  }

  /** How a segment's TTL compares with those of the flow's own segments. */
  public enum Ttl {
    SAME,
    OTHER,
    UNKNOWN
  }

  /** Whether the segment that it answers arrived at the near point. */
  public enum Crossing {
    ARRIVED,
    LOST,
    UNKNOWN
  }

  /**
   * Whether it ends a silence as the connection had none before: a device may have forgotten it.
   */
  public boolean isAfterIdle() {
    return idleNanos >= LEAST_IDLE_NANOS && idleNanos > survivedNanos;
  }
}
