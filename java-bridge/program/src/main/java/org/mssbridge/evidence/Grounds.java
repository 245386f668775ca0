package org.mssbridge.evidence;

import java.util.List;

/**
 * The evidence for and against something, in words.
 *
 * @param supporting evidence for it
 * @param against evidence against it
 */
public record Grounds(List<String> supporting, List<String> against) {
  public Grounds {
    supporting = List.copyOf(supporting);
    against = List.copyOf(against);
  }

  /** The grounds for the opposite. */
  public Grounds reversed() {
    return new Grounds(against, supporting);
  }
}
