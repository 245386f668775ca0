package org.mssbridge.cli;

/** Which frames tshark reads. */
enum GivenFrames {
  ALL,
  EVIDENCE;

  @Override
  public String toString() {
    return this == ALL ? "all" : "evidence";
  }
}
