package org.mssbridge.discover;

/** A folder that cannot be searched; the message is one line. */
public final class DiscoverException extends Exception {
  private static final long serialVersionUID = 1L;

  DiscoverException(String message) {
    super(message);
  }
}
