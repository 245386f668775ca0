package org.mssbridge.capturefile;

/**
 * What a reader does when a capture deviates from the specification of its format. There is one
 * reader for all callers: it reports each deviation here, and continues if it may.
 */
@FunctionalInterface
public interface Strictness {
  /** Continues as tshark does, which usually means to ignore the deviation or to stop before it. */
  Strictness LIKE_TSHARK = what -> {};

  /**
   * Accepts a deviation, or throws an exception of its own to end the reading.
   *
   * @param what a description that contains no data from the file
   */
  void odd(String what);
}
