package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.List;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.report.InspectText;
import org.mssbridge.report.Report;
import org.mssbridge.report.TextStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge inspect FILE}. */
@Command(name = "inspect", description = "Says what one capture alone shows.")
final class InspectCommand extends ReportCommand {
  @Parameters(paramLabel = "CAPTURE", description = "the capture")
  private Path capture;

  @Override
  List<Path> captures() {
    return List.of(capture);
  }

  @Override
  List<CapturePoint> points() {
    return List.of(new CapturePoint("capture"));
  }

  @Override
  String render(Report report, TextStyle style) {
    return report.captures().size() == 1
        ? InspectText.render(report, style)
        : super.render(report, style);
  }
}
