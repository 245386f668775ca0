package org.mssbridge.rule;

import java.util.List;
import org.mssbridge.evidence.Evidence;
import org.mssbridge.finding.Findings;
import org.mssbridge.finding.Kind;

/** Finds some kinds of findings. A rule has no state and does not depend on other rules. */
public interface Rule {
  /** The kinds that it can find; each kind belongs to one rule. */
  List<Kind> kinds();

  /** Checks the evidence and adds what it finds. */
  void check(Evidence evidence, Findings findings);
}
