package org.mssbridge.report;

/**
 * How a text report looks.
 *
 * @param colour whether severities are coloured by escape sequences of a terminal
 * @param columns the longest line, {@value #LEAST_COLUMNS} to {@value #MOST_COLUMNS}
 * @param detail how much it holds
 */
public record TextStyle(boolean colour, int columns, Detail detail) {
  /** A narrower terminal breaks the lines itself. */
  public static final int LEAST_COLUMNS = 72;

  /** Longer lines are hard to read. */
  public static final int MOST_COLUMNS = 120;

  /** Where there is no terminal. */
  public static final int USUAL_COLUMNS = 100;

  /** How much a report holds. */
  public enum Detail {
    /** The verdict, a line for each finding that matters, the next step. */
    SHORT,
    /** Causes and their grounds, frames, clocks, hops, digests as well. */
    MORE,
    /** Everything. */
    ALL;

    /** The detail for a number of {@code -v}. */
    public static Detail of(int verbosity) {
      return values()[Math.min(Math.max(verbosity, 0), values().length - 1)];
    }
  }

  public TextStyle {
    columns = Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS));
  }

  /** The usual width without colour. */
  public static TextStyle plain(Detail detail) {
    return new TextStyle(false, USUAL_COLUMNS, detail);
  }
}
