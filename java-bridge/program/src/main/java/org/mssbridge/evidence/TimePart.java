package org.mssbridge.evidence;

/** What the time from a request to the end of its response is spent on. */
public enum TimePart {
  /** Behind the last point: the server, and the way to it. */
  SERVER,

  /** Before the first point: pauses of the client within its request. */
  CLIENT,

  /** The way between the first and the last point and back. */
  NETWORK,

  /** Silence before something is sent again. */
  RETRANSMISSION,

  /** The rest, which data takes after its first byte: bandwidth, windows and acknowledgments. */
  TRANSFER
}
