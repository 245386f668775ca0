package org.mssbridge.sieve;

/**
 * A capture is not structured as the sieve expects, or tshark disagrees with the sieve; tshark must
 * then read the whole capture.
 */
public final class NotSiftedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean isDifference;

  NotSiftedException(String reason) {
    this(reason, false);
  }

  private NotSiftedException(String reason, boolean isDifference) {
    super(reason);
    this.isDifference = isDifference;
  }

  /** tshark and the sieve read the same segment differently. */
  static NotSiftedException difference(String what) {
    return new NotSiftedException(what, true);
  }

  boolean isDifference() {
    return isDifference;
  }
}
