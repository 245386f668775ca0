package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;

/** Looks for some kinds of findings. A rule has no state and does not depend on other rules. */
public interface Rule {
  /** The kinds that it can find, each in one rule only. */
  List<Kind> kinds();

  /** Looks through the evidence and reports what it finds. */
  void check(Evidence evidence, Findings findings);
}
