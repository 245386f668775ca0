package org.mssbridge.model;

import java.util.Locale;

/** How much a finding matters, in the words and the order of Wireshark's expert infos. */
public enum Severity {
  COMMENT,
  CHAT,
  NOTE,
  WARN,
  ERROR;

  /** The name as reports write it, such as {@code warn}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
