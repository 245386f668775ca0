package org.mssbridge.timing;

/** What a run spends time on, in this order. */
public enum Stage {
  STARTING("starting Java"),
  TSHARK("finding tshark"),
  SPLITTING("looking for capture points"),
  READING("reading"),
  PAIRING("pairing"),
  ALIGNMENT("alignment"),
  CLOCKS("clocks"),
  RULES("rules"),
  WRITING("writing"),
  RECORDING("recording in the case"),
  PRINTING("printing the report");

  private final String label;

  Stage(String label) {
    this.label = label;
  }

  /** The words for people. */
  String label() {
    return label;
  }
}
