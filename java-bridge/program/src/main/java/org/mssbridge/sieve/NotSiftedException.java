package org.mssbridge.sieve;

/**
 * A capture is not structured as the sieve expects, or tshark disagrees with the sieve; tshark must
 * then read the whole capture.
 */
public final class NotSiftedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotSiftedException(String reason) {
    super(reason);
  }
}
