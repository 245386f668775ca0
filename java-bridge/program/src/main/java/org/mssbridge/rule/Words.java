package org.mssbridge.rule;

/** Phrases that several rules use. */
final class Words {
  private Words() {}

  /** Such as {@code (3 connections)}, to be put after a sentence. */
  static String on(int connections) {
    return " (" + connections + (connections == 1 ? " connection)" : " connections)");
  }
}
