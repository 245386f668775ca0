package org.mssbridge.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.mssbridge.batch.Batch;
import org.mssbridge.casefile.Expectations;
import org.mssbridge.model.Printable;
import org.mssbridge.output.OutputException;

/**
 * What a batch says at its end.
 *
 * @param out where it says it
 */
public record BatchSummary(PrintWriter out) {
  private static final int MOST_LINES = 20;

  /** Prints how many pairs were compared, and why the others were not. */
  public void print(int pairs, Batch.Outcome outcome) {
    List<String> parts = new ArrayList<>();
    parts.add(outcome.compared() + " compared");
    if (outcome.before() > 0) {
      parts.add(outcome.before() + " compared before");
    }
    if (!outcome.failures().isEmpty()) {
      parts.add(outcome.failures().size() + " could not be compared");
    }
    if (!outcome.unpaired().isEmpty()) {
      parts.add(outcome.unpaired().size() + " without a partner");
    }
    out.println(pairs + (pairs == 1 ? " pair: " : " pairs: ") + String.join(", ", parts));
    if (outcome.replaced() > 0) {
      out.println(
          outcome.replaced()
              + " of them replaced what the case held: files or options had changed");
    }
    List<String> lines = new ArrayList<>();
    outcome.failures().forEach(f -> lines.add("failed: " + line(f)));
    outcome.unpaired().forEach(f -> lines.add("no partner: " + line(f)));
    lines(lines);
  }

  /** Prints the findings that reached a severity and are not expected. */
  public void print(List<Expectations.Unexpected> unexpected) {
    lines(
        unexpected.stream()
            .map(
                u ->
                    "not expected: "
                        + u.severity()
                        + " "
                        + u.code()
                        + (u.way().isEmpty() ? "" : " " + u.way())
                        + " on "
                        + u.connections()
                        + (u.connections() == 1 ? " connection in " : " connections in ")
                        + u.pairs()
                        + (u.pairs() == 1 ? " pair: " : " pairs: ")
                        + u.message())
            .toList());
  }

  /** Prints a line of the policy, in words, that accepts no finding. */
  public void printUnused(String words) {
    out.println("expected and not found: " + words);
  }

  /** Why outputs could not be written, at most so many and their number. */
  public static List<OutputException> first(List<OutputException> failures) {
    if (failures.size() <= MOST_LINES) {
      return failures;
    }
    List<OutputException> first = new ArrayList<>(failures.subList(0, MOST_LINES));
    int more = failures.size() - MOST_LINES;
    first.add(new OutputException("and " + more + " more outputs could not be written"));
    return first;
  }

  private static String line(Batch.Failure failure) {
    String id = Printable.of(failure.id());
    return failure.reason().startsWith(id + ": ") ? failure.reason() : id + ": " + failure.reason();
  }

  private void lines(List<String> lines) {
    lines.stream().limit(MOST_LINES).forEach(out::println);
    if (lines.size() > MOST_LINES) {
      out.println("and " + (lines.size() - MOST_LINES) + " more, in the case");
    }
  }
}
