package org.mssbridge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.mssbridge.model.CapturePoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mssbridge compare CLIENT SERVER [MORE…]}. */
@Command(
    name = "compare",
    description = "Says what the devices between the capture points changed or broke.")
final class CompareCommand extends ReportCommand {
  @Parameters(
      arity = "2..*",
      paramLabel = "CAPTURE",
      description = "captures in the order of the path, from the client's side on")
  private List<Path> captures;

  @Override
  List<Path> captures() {
    return captures;
  }

  @Override
  List<CapturePoint> points() {
    return points(captures.size());
  }

  /** The default names of {@code count} capture points. */
  static List<CapturePoint> points(int count) {
    if (count == 2) {
      return List.of(new CapturePoint("client"), new CapturePoint("server"));
    }
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> new CapturePoint("point" + number))
        .toList();
  }
}
