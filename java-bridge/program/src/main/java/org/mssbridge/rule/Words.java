package org.mssbridge.rule;

/** Phrases shared by several rules. */
final class Words {
  private Words() {}

  /** A suffix for a sentence, such as {@code (3 connections)}. */
  static String on(int connections) {
    return " (" + connections + (connections == 1 ? " connection)" : " connections)");
  }
}
