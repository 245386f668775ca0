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
@Command(
    name = "inspect",
    description = "Says what one capture alone shows, and where to take a second one.",
    footer = {
      "  mssbridge inspect server.pcap",
      "  mssbridge inspect server.pcap --open",
      "  mssbridge inspect server.pcap --filter 'ip.addr == 192.0.2.10'"
    })
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
