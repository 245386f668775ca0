package org.mssbridge.model;

/** Which way a segment travels; the client is the sender of the first SYN. */
public enum Direction {
  /** From the client to the server. */
  C2S,
  /** From the server to the client. */
  S2C;

  /** The name in JSON, filters and code, {@code c2s} or {@code s2c}. */
  public String label() {
    return this == C2S ? "c2s" : "s2c";
  }

  /** The name in sentences, such as {@code client to server}. */
  public String words() {
    return this == C2S ? "client to server" : "server to client";
  }

  /** The other way. */
  public Direction reverse() {
    return this == C2S ? S2C : C2S;
  }
}
