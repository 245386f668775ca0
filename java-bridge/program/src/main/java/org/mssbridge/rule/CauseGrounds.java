package org.mssbridge.rule;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.finding.Cause;

/** Collects what speaks for and against a cause, as far as it holds. */
final class CauseGrounds {
  private final List<String> supporting = new ArrayList<>();
  private final List<String> against = new ArrayList<>();

  void add(boolean holds, String text) {
    if (holds) {
      supporting.add(text);
    }
  }

  void addAgainst(boolean holds, String text) {
    if (holds) {
      against.add(text);
    }
  }

  Cause cause(String name, String source) {
    return new Cause(name, supporting, against, source);
  }
}
