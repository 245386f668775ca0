package org.mssbridge.evidence;

import java.util.Locale;

/** What made a sender send data again. */
public enum RetransmissionCause {
  /** It did not reach the point nearest to the sender. */
  LOST_BEFORE,
  /** It was lost between two points. */
  LOST_BETWEEN,
  /**
   * It passed the point nearest to the receiver: lost or late behind that, or its acknowledgment
   * was before it came back to that point.
   */
  LOST_AFTER,
  /** The receiver had it, and its acknowledgment was lost; before the first point, perhaps late. */
  ACK_LOST,
  /** The receiver had it, and its report was late, or came and was not heeded. */
  NEEDLESS,
  /** It left the sender or arrived, and a capture lacks it: where it was lost is not known. */
  MISSED,
  /** The captures do not show it. */
  UNKNOWN;

  /** Whether a packet was lost, or may have been: the data or its acknowledgment. */
  public boolean isLoss() {
    return this == LOST_BEFORE || this == LOST_BETWEEN || this == LOST_AFTER || this == ACK_LOST;
  }

  /** Its name in tables and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
