package org.mssbridge.cli;

import java.time.Instant;
import java.util.Map;

/**
 * What the environment asks of the program.
 *
 * @param variables their values by their names
 */
record Environment(Map<String, String> variables) {
  Environment {
    variables = Map.copyOf(variables);
  }

  /** Whether stack traces are shown, for a bug report. */
  boolean showsTraces() {
    return "1".equals(variables.get("MSSBRIDGE_DEBUG"));
  }

  /** Whether text on a terminal may be coloured; see no-color.org. */
  boolean allowsColour() {
    return !variables.containsKey("NO_COLOR") && !"dumb".equals(variables.get("TERM"));
  }

  /**
   * The time that a report names for its run: now, or what is fixed, so that reports can be
   * compared byte for byte. Seconds since 1970; see reproducible-builds.org, "SOURCE_DATE_EPOCH".
   */
  Instant runTime() {
    String fixed = variables.get("SOURCE_DATE_EPOCH");
    try {
      return fixed == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(fixed));
    } catch (NumberFormatException e) {
      return Instant.now();
    }
  }
}
