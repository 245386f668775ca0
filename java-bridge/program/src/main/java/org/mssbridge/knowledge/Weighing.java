package org.mssbridge.knowledge;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.finding.Cause;

/** Collects what speaks for and against one candidate. */
final class Weighing {
  static final int STRONG = 3;
  static final int FAIR = 2;
  static final int WEAK = 1;

  private final String cause;
  private final String source;
  private final boolean exact;
  private final List<String> supporting = new ArrayList<>();
  private final List<String> against = new ArrayList<>();
  private int weight;

  Weighing(String cause, String source, boolean exact) {
    this.cause = cause;
    this.source = source;
    this.exact = exact;
  }

  /** Notes evidence for it; the heavier, the further up it goes. */
  Weighing supports(int heaviness, String what) {
    supporting.add(what);
    weight += heaviness;
    return this;
  }

  /** Notes evidence against it. */
  Weighing contradicts(int heaviness, String what) {
    against.add(what);
    weight -= heaviness;
    return this;
  }

  boolean exact() {
    return exact;
  }

  int weight() {
    return weight;
  }

  Cause toCause() {
    return new Cause(cause, supporting, against, source);
  }
}
