package org.mssbridge.sieve;

/**
 * A capture is not built as the sieve expects, or tshark says otherwise than the sieve: then tshark
 * is to read all of it.
 */
public final class NotSiftedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NotSiftedException(String reason) {
    super(reason);
  }
}
