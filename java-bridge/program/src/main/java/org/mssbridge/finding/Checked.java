package org.mssbridge.finding;

/**
 * What a rule looked for and did not find, or could not look for.
 *
 * @param what the subject in a few words, such as {@code lost data}; empty where the captures
 *     cannot show it
 * @param line one line with the numbers behind it, or with the reason
 */
public record Checked(String what, String line) {
  /** Whether the captures show that it is absent. */
  public boolean isAbsent() {
    return !what.isEmpty();
  }
}
