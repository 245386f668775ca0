package org.mssbridge.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mssbridge.batch.ManifestWriter;
import org.mssbridge.discover.Discovery;
import org.mssbridge.discover.FoundPath;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.pairing.SharedConnections;

/**
 * What discover says at its end, and the manifest that it writes.
 *
 * @param discovery what was found
 */
public record DiscoverSummary(Discovery discovery) {
  private static final double SECOND_NANOS = 1e9;

  /**
   * Writes the paths as a manifest.
   *
   * @param manifest where it will be
   */
  public void writeManifest(Path manifest, OutputStream out) throws IOException {
    List<List<List<Path>>> pairs =
        discovery.paths().stream()
            .map(path -> path.points().stream().map(FoundPath.Point::files).toList())
            .toList();
    new ManifestWriter(manifest).write(points(), pairs, out);
  }

  /** The names of as many points as the longest path has; a manifest names two at least. */
  private List<CapturePoint> points() {
    return CompareCommand.points(
        discovery.paths().stream().mapToInt(path -> path.points().size()).max().orElse(2));
  }

  /**
   * Prints what was found, and what is left over.
   *
   * @param next the command line that compares the paths; empty if no manifest was written
   */
  public void print(Optional<String> next, PrintWriter out) {
    List<String> parts = new ArrayList<>();
    parts.add(count(discovery.captures(), "capture") + ", " + discovery.readNow() + " read now");
    parts.add(count(discovery.paths().size(), "path"));
    parts.add(discovery.leftOvers().size() + " left over");
    out.println(String.join("; ", parts));
    List<CapturePoint> names = points();
    int number = 1;
    for (FoundPath path : discovery.paths()) {
      out.println();
      out.println(
          "path "
              + number++
              + (path.isOrdered() ? "" : ": the captures do not show the order of all points"));
      for (int i = 0; i < path.points().size(); i++) {
        out.println("  " + names.get(i).name() + "  " + files(path.points().get(i).files()));
        if (i < path.steps().size()) {
          out.println("    " + words(path.steps().get(i)));
        }
      }
    }
    if (!discovery.leftOvers().isEmpty() || discovery.foreign() > 0) {
      out.println();
    }
    discovery
        .leftOvers()
        .forEach(
            left -> out.println("left over: " + Printable.of(left.file()) + ": " + left.reason()));
    if (discovery.foreign() > 0) {
      out.println(
          count(discovery.foreign(), "other file")
              + (discovery.foreign() == 1 ? " is" : " are")
              + " neither pcap nor pcapng");
    }
    if (next.isPresent() && !discovery.paths().isEmpty()) {
      out.println(next.get() + " compares them");
    }
  }

  private static String files(List<Path> files) {
    return files.stream().map(Printable::of).collect(Collectors.joining(", "));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String words(FoundPath.Step step) {
    String words =
        count(step.connections(), "shared connection")
            + String.format(Locale.ROOT, ", confidence %.3f", step.confidence());
    if (step.clock().isPresent()) {
      SharedConnections.Offset clock = step.clock().get();
      words += String.format(Locale.ROOT, "; clock %+.6f s", clock.nanos() / SECOND_NANOS);
      words +=
          clock.wayNanos().isPresent()
              ? String.format(
                  Locale.ROOT, " (± %.6f s)", clock.wayNanos().getAsLong() / SECOND_NANOS)
              : " and the time that packets need";
    }
    return words;
  }
}
