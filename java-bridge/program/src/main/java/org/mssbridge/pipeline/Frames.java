package org.mssbridge.pipeline;

import java.util.Optional;

/**
 * Which frames of a capture are looked at, and by whom. All three ways to read a capture say the
 * same of the same frames.
 *
 * @param displayFilter only frames that match it, all where empty
 * @param isSifted whether tshark is only given what may be evidence, see {@link
 *     org.mssbridge.sieve.Sieve}
 */
public record Frames(Optional<String> displayFilter, boolean isSifted) {
  /** Why tshark is given all frames; empty where it is not. */
  Optional<String> whyNotSifted() {
    if (isSifted) {
      return Optional.empty();
    }
    return Optional.of(displayFilter.isPresent() ? "display filter" : "--frames all");
  }

  /** tshark reads all frames. */
  public static Frames all() {
    return new Frames(Optional.empty(), false);
  }

  /** All frames count; tshark reads those that may be evidence. */
  public static Frames evidence() {
    return new Frames(Optional.empty(), true);
  }

  /** Only frames that match a display filter count; tshark reads all to find them. */
  public static Frames matching(String displayFilter) {
    return new Frames(Optional.of(displayFilter), false);
  }
}
