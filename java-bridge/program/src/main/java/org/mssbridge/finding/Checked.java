package org.mssbridge.finding;

import java.util.List;

/**
 * What a rule looked for and did not find, or could not look for.
 *
 * @param kinds the kinds of finding that it would have been; none where the captures cannot show it
 * @param what the subject in a few words, such as {@code lost data}; empty where the captures
 *     cannot show it
 * @param line one line with the numbers behind it, or with the reason
 */
public record Checked(List<Kind> kinds, String what, String line) {
  public Checked {
    kinds = List.copyOf(kinds);
  }

  /** Whether the captures show that it is absent. */
  public boolean isAbsent() {
    return !what.isEmpty();
  }
}
