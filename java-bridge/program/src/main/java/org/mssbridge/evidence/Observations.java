package org.mssbridge.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects observations for and against something. They are made for every connection and read for
 * a few, so they are put into words only where that is asked for.
 */
final class Observations {
  /** How observations are collected. */
  enum Form {
    COUNTED,
    IN_WORDS
  }

  private final Form form;
  private final List<String> supporting = new ArrayList<>(0);
  private final List<String> against = new ArrayList<>(0);
  private int supports;

  Observations(Form form) {
    this.form = form;
  }

  Form form() {
    return form;
  }

  void support(Supplier<String> words) {
    supports++;
    if (form == Form.IN_WORDS) {
      supporting.add(words.get());
    }
  }

  void oppose(Supplier<String> words) {
    if (form == Form.IN_WORDS) {
      against.add(words.get());
    }
  }

  /** Whether anything supports it. */
  boolean isSupported() {
    return supports > 0;
  }

  /** The observations so far; empty lists where they are only counted. */
  Grounds grounds() {
    return new Grounds(supporting, against);
  }
}
