package org.mssbridge.evidence;

/** Why the time of a request and its response cannot be divided. The first that holds counts. */
public enum LeftOut {
  /** Its answer, or a part of it, was made on the way. */
  FORGED("forged", "answered by a device on the way"),

  /** No data of the server follows. */
  UNANSWERED("unanswered", "without an answer"),

  /** The server sends first, so nothing was asked. */
  UNASKED("unasked", "sent by the server first"),

  /** An end sends before it has all data of the other one: pipelining, or both talk at once. */
  INTERLEAVED("interleaved", "pipelined or interleaved"),

  /** A pause within a request or response, or before it, after which other data may begin. */
  PAUSED("paused", "with a pause, perhaps of several messages"),

  /** A receiver closes its window meanwhile. */
  WINDOW_CLOSED("window_closed", "held up by a closed window"),

  /** The captures do not hold the same of it, or not its beginning or end. */
  NOT_WHOLE("not_whole", "not whole in all captures"),

  /** The clock of a capture was set meanwhile, or what was sent again cannot be followed. */
  TIMES_UNCLEAR("times_unclear", "with times that do not fit together");

  private final String label;
  private final String words;

  LeftOut(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** Its name in reports for machines. */
  public String label() {
    return label;
  }

  /** What follows a number of requests, such as {@code without an answer}. */
  public String words() {
    return words;
  }
}
