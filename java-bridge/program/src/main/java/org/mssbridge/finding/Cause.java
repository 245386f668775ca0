package org.mssbridge.finding;

import java.util.List;

/**
 * One candidate for what lies behind a finding; never the only one that a number allows.
 *
 * @param cause what it may be
 * @param supporting what speaks for it
 * @param against what speaks against it
 * @param source where the candidate is documented
 */
public record Cause(String cause, List<String> supporting, List<String> against, String source) {
  /** Keeps copies of the lists. */
  public Cause {
    supporting = List.copyOf(supporting);
    against = List.copyOf(against);
  }
}
