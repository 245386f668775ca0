package org.mssbridge.finding;

/**
 * A value that differs between two points, or before and after an event.
 *
 * @param subject what changed, such as {@code MSS} or {@code window scale}
 * @param near its value at the near point, or before
 * @param far its value at the far point, or after
 */
public record Change(String subject, String near, String far) {
  /** A change of numbers. */
  public static Change of(String subject, long near, long far) {
    return new Change(subject, Long.toString(near), Long.toString(far));
  }
}
