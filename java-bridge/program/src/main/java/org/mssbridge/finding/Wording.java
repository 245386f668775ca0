package org.mssbridge.finding;

/**
 * What an {@link Occurrence} says beyond its frames. A rule that has something to say of each of a
 * million connections keeps the numbers, and makes the words when they are asked for.
 */
public interface Wording {
  /** The text for these frames; empty to use the finding's own message. */
  String message();

  /** Facts of this occurrence only. */
  Facts facts();
}
