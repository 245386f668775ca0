package org.mssbridge.pipeline;

import java.util.Optional;
import org.mssbridge.sieve.Refereeing;

/**
 * Which frames of a capture are used, and whether the sieve or tshark reads them. The choice of
 * reader never changes the result for a frame.
 *
 * @param displayFilter only frames that match it are used; empty for all
 * @param refereeing how the sieve is refereed, see {@link org.mssbridge.sieve.Sieve}; empty if
 *     tshark reads everything itself
 * @param onlyTcp whether packets of other protocols are left out, unless they carry TCP or are ICMP
 *     errors about it
 */
public record Frames(
    Optional<String> displayFilter, Optional<Refereeing> refereeing, boolean onlyTcp) {
  /** Whether tshark reads only what the sieve cannot, and a share of the rest. */
  boolean isSifted() {
    return refereeing.isPresent();
  }

  /** Why tshark reads all frames; empty if it does not. */
  Optional<String> whyNotSifted() {
    if (isSifted()) {
      return Optional.empty();
    }
    return Optional.of(displayFilter.isPresent() ? "display filter" : "--frames all");
  }

  /** All frames are used; tshark reads all of them. */
  public static Frames all() {
    return new Frames(Optional.empty(), Optional.empty(), false);
  }

  /**
   * All frames are used; tshark reads those that the sieve cannot, and a share of the rest, chosen
   * in each capture by itself.
   */
  public static Frames evidence() {
    return new Frames(Optional.empty(), Optional.of(Refereeing.ofEachCapture()), false);
  }

  /**
   * The same for the captures of one run, in which the share is counted over all of them: most
   * small captures need no tshark.
   */
  public static Frames evidenceOfRun() {
    return new Frames(Optional.empty(), Optional.of(Refereeing.ofRun()), false);
  }

  /** Only frames that match a display filter are used; tshark reads all frames to find them. */
  public static Frames matching(String displayFilter) {
    return new Frames(Optional.of(displayFilter), Optional.empty(), false);
  }

  /** The same without what is there besides TCP. */
  public Frames withoutOthers() {
    return new Frames(displayFilter, refereeing, true);
  }
}
