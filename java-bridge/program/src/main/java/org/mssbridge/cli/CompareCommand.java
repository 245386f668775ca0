package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Given;
import org.mssbridge.pipeline.SplitInputs;
import org.mssbridge.tshark.TsharkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge compare CLIENT SERVER [MORE…]}. */
@Command(
    name = "compare",
    description = "Says what the devices between the capture points changed or broke.",
    footer = {
      "  mssbridge compare client.pcap server.pcap",
      "  mssbridge compare firewall.pcapng          one file with several points",
      "  mssbridge compare client.pcap server.pcap --open",
      "  mssbridge compare client.pcap fw.pcap server.pcap --html report.html",
      "  mssbridge compare client.pcap server.pcap --fail-on warn --json report.json"
    })
final class CompareCommand extends ReportCommand {
  static final String NEEDS_TWO =
      "compare needs at least two captures (one with several points is enough)";

  @Parameters(
      arity = "1..*",
      paramLabel = "CAPTURE",
      description =
          "captures in path order, the client's side first; one file that holds several points is enough")
  private List<Path> captures;

  @CommandLine.Mixin private GivenOptions given;

  @Override
  Given given() {
    return given.given();
  }

  @Override
  List<Path> captures() {
    return captures;
  }

  @Override
  List<CapturePoint> points() {
    return points(captures.size());
  }

  @Override
  void checkPoints(SplitInputs split) throws TsharkException {
    split.requireTwo();
  }

  /** The default names of {@code count} capture points. */
  static List<CapturePoint> points(int count) {
    if (count <= 2) {
      return List.of(new CapturePoint("client"), new CapturePoint("server")).subList(0, count);
    }
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> new CapturePoint("point" + number))
        .toList();
  }
}
