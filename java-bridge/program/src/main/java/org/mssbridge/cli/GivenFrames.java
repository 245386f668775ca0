package org.mssbridge.cli;

/** Which frames tshark is given. */
enum GivenFrames {
  ALL,
  EVIDENCE;

  @Override
  public String toString() {
    return this == ALL ? "all" : "evidence";
  }
}
