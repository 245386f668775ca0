package org.mssbridge.capturefile;

/**
 * What a reader does about a capture that is not built as its format's description has it. The
 * reader itself is the same for all: it reports what is odd here, and goes on where it may.
 */
@FunctionalInterface
public interface Strictness {
  /** Goes on as tshark does, which mostly means: ignore it, or end before it. */
  Strictness LIKE_TSHARK = what -> {};

  /**
   * Takes note of something odd, or throws an exception of its own to end the reading.
   *
   * @param what in words, without anything from the file
   */
  void odd(String what);
}
