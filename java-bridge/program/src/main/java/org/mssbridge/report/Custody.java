package org.mssbridge.report;

import java.util.ArrayList;
import java.util.List;

/** Of what, with what and how a report was made, for whoever has to defend it. */
final class Custody {
  private Custody() {}

  /** One line each: the captures with their digests, the programs, the command. */
  static List<String> of(Report report) {
    List<String> lines = new ArrayList<>();
    for (Report.File file : report.files()) {
      if (file.parts().isEmpty()) {
        lines.add(line(report.fileName(file.point()), file.bytes(), file.sha256()));
      }
      for (Report.Part part : file.parts()) {
        lines.add(line(String.valueOf(part.path().getFileName()), part.bytes(), part.sha256()));
      }
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

  private static String line(String name, long bytes, String sha256) {
    return name + ": " + bytes + " bytes, SHA-256 " + sha256;
  }
}
