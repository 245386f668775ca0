package org.mssbridge.model;

import java.util.Locale;

/** What a finding is about: the subset of Wireshark's expert groups that the catalogue uses. */
public enum Group {
  ASSUMPTION,
  PROTOCOL,
  RESPONSE,
  SECURITY,
  SEQUENCE,
  UNDECODED;

  /** The name as reports write it, such as {@code protocol}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
