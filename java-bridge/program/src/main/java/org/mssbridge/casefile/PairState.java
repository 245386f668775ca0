package org.mssbridge.casefile;

import java.util.Locale;

/** How the comparison of a pair ended. */
public enum PairState {
  /** Its captures were compared. */
  COMPARED,

  /** It could not be compared. */
  FAILED,

  /** A capture of it has no counterpart. */
  UNPAIRED;

  /** Its name in the case file, such as {@code compared}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of that name. */
  static PairState of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
