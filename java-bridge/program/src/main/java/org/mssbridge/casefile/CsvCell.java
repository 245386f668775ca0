package org.mssbridge.casefile;

import org.mssbridge.model.Printable;

/** A cell of a table for spreadsheets. */
public final class CsvCell {
  /** First characters of a formula in a spreadsheet; the last four are full-width forms. */
  private static final String FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

  private CsvCell() {}

  /** A text as a spreadsheet shows it: no formula, no control characters; empty for null. */
  public static String harmless(String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    String shown = Printable.of(text);
    return FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + shown : shown;
  }
}
