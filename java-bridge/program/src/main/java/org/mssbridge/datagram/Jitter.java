package org.mssbridge.datagram;

/**
 * The interarrival jitter of packets (RFC 3550, section 6.4.1 and appendix A.8): how much the time
 * between two of them differs from what it was before, smoothed.
 */
public final class Jitter {
  private static final int SMOOTHING = 16;

  private int count;
  private long lastTransitNanos;
  private double nanos;
  private double sumNanos;
  private double mostNanos;

  /** Adds the next packet. */
  void add(long sentNanos, long arrivedNanos) {
    long transit = arrivedNanos - sentNanos;
    if (count > 0) {
      nanos += (Math.abs(transit - lastTransitNanos) - nanos) / SMOOTHING;
    }
    lastTransitNanos = transit;
    count++;
    if (count > SMOOTHING) {
      sumNanos += nanos;
      mostNanos = Math.max(mostNanos, nanos);
    }
  }

  /** Whether enough packets were added for the smoothed value to mean something. */
  public boolean isKnown() {
    return count > SMOOTHING;
  }

  /** Its mean. */
  public long meanNanos() {
    return isKnown() ? Math.round(sumNanos / (count - SMOOTHING)) : 0;
  }

  /** Its highest value. */
  public long mostNanos() {
    return Math.round(mostNanos);
  }
}
