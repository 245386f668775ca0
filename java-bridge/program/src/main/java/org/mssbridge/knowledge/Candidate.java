package org.mssbridge.knowledge;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.finding.Cause;

/** Collects the evidence for and against one possible cause. */
final class Candidate {
  static final int STRONG = 3;
  static final int FAIR = 2;
  static final int WEAK = 1;

  private final String cause;
  private final String source;
  private final boolean exact;
  private final List<String> supporting = new ArrayList<>();
  private final List<String> against = new ArrayList<>();
  private int weight;

  Candidate(String cause, String source, boolean exact) {
    this.cause = cause;
    this.source = source;
    this.exact = exact;
  }

  /** Adds evidence for it; more points rank it higher. */
  Candidate supports(int points, String what) {
    supporting.add(what);
    weight += points;
    return this;
  }

  /** Adds evidence against it. */
  Candidate contradicts(int points, String what) {
    against.add(what);
    weight -= points;
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
