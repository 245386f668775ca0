package org.mssbridge.report;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Numbers;

/** The provenance of a report: its inputs, the program versions and the command line. */
final class Provenance {
  private Provenance() {}

  /** One line each: the captures with their digests, the programs, the command. */
  static List<String> of(Report report) {
    List<String> lines = new ArrayList<>();
    for (ReadCapture capture : report.captures()) {
      capture.input().files().forEach(file -> lines.add(line(file)));
    }
    Report.Tool tool = report.tool();
    lines.add(
        "mssbridge "
            + tool.version()
            + ", tshark "
            + tool.tshark()
            + ", "
            + tool.started()
            + " (all times in UTC)");
    lines.add("mssbridge " + String.join(" ", tool.command()));
    return lines;
  }

  private static String line(FileState file) {
    return file.name()
        + ": "
        + Numbers.count(file.bytes(), "byte")
        + ", SHA-256 "
        + file.sha256().orElse("");
  }
}
