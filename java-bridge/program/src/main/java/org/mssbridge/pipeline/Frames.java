package org.mssbridge.pipeline;

import java.util.Optional;

/**
 * Which frames of a capture are used, and whether the sieve or tshark reads them. The choice of
 * reader never changes the result for a frame.
 *
 * @param displayFilter only frames that match it are used; empty for all
 * @param isSifted whether tshark reads only what the sieve cannot, and a sample, see {@link
 *     org.mssbridge.sieve.Sieve}
 */
public record Frames(Optional<String> displayFilter, boolean isSifted) {
  /** Why tshark reads all frames; empty if it does not. */
  Optional<String> whyNotSifted() {
    if (isSifted) {
      return Optional.empty();
    }
    return Optional.of(displayFilter.isPresent() ? "display filter" : "--frames all");
  }

  /** All frames are used; tshark reads all of them. */
  public static Frames all() {
    return new Frames(Optional.empty(), false);
  }

  /** All frames are used; tshark reads those that the sieve cannot, and a sample. */
  public static Frames evidence() {
    return new Frames(Optional.empty(), true);
  }

  /** Only frames that match a display filter are used; tshark reads all frames to find them. */
  public static Frames matching(String displayFilter) {
    return new Frames(Optional.of(displayFilter), false);
  }
}
