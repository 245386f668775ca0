package org.mssbridge.report;

import java.util.stream.Collectors;
import org.mssbridge.model.Severity;

/** The report in a sentence or two. */
final class Verdict {
  private Verdict() {}

  static String of(Report report) {
    String middlebox =
        report.findings().stream()
            .map(reported -> reported.finding())
            .filter(finding -> finding.kind().code().equals("path.middlebox"))
            .map(finding -> finding.message())
            .distinct()
            .collect(Collectors.joining("; "));
    String errors =
        report.findings().stream()
            .map(reported -> reported.finding())
            .filter(finding -> finding.severity() == Severity.ERROR)
            .map(finding -> finding.message())
            .distinct()
            .collect(Collectors.joining("; "));
    String first = middlebox.isEmpty() ? "No connection is in more than one capture" : middlebox;
    return errors.isEmpty() ? first + "." : first + ". " + errors + ".";
  }
}
