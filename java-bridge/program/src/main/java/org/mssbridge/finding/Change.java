package org.mssbridge.finding;

/**
 * What something was before and what it became.
 *
 * @param near its value at the near point, or before
 * @param far its value at the far point, or after
 */
public record Change(String near, String far) {
  /** A change of numbers. */
  public static Change of(long near, long far) {
    return new Change(Long.toString(near), Long.toString(far));
  }
}
