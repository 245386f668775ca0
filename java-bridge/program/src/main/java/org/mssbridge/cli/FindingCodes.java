package org.mssbridge.cli;

import java.util.Iterator;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mssbridge.rule.Rules;

/** The codes of all findings, sorted: what options take, and what a shell completes. */
final class FindingCodes implements Iterable<String> {
  private final SortedSet<String> codes = new TreeSet<>();

  FindingCodes() {
    Rules.all().forEach(rule -> rule.kinds().forEach(kind -> codes.add(kind.code())));
  }

  SortedSet<String> sorted() {
    return codes;
  }

  @Override
  public Iterator<String> iterator() {
    return codes.iterator();
  }
}
