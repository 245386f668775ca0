package org.mssbridge.cli;

import java.time.Instant;
import java.util.Map;

/**
 * The environment variables that the program uses.
 *
 * @param variables values by name
 */
public record Environment(Map<String, String> variables) {
  public Environment {
    variables = Map.copyOf(variables);
  }

  /** Whether a variable has a value. */
  public boolean has(String name) {
    return !variables.getOrDefault(name, "").isEmpty();
  }

  /** Whether stack traces are shown, for a bug report. */
  public boolean showsTraces() {
    return "1".equals(variables.get("MSSBRIDGE_DEBUG"));
  }

  /** Whether text on a terminal may be coloured; see no-color.org. */
  public boolean allowsColour() {
    return !variables.containsKey("NO_COLOR") && !"dumb".equals(variables.get("TERM"));
  }

  /**
   * The time of the run for reports: now, or the time fixed by SOURCE_DATE_EPOCH in seconds since
   * 1970, so that reports can be compared byte for byte. See reproducible-builds.org.
   */
  public Instant runTime() {
    String fixed = variables.get("SOURCE_DATE_EPOCH");
    try {
      return fixed == null ? Instant.now() : Instant.ofEpochSecond(Long.parseLong(fixed));
    } catch (NumberFormatException e) {
      return Instant.now();
    }
  }
}
