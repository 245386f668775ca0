package org.mssbridge.mcp;

/** A tool cannot do what it is asked; the message is one line for the assistant. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  Refusal(String message) {
    super(message);
  }
}
