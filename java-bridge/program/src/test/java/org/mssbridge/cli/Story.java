package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.mssbridge.script.PacketScript;

/**
 * One of the stories in {@code resources/cases}.
 *
 * @param file its file
 * @param script its content
 */
public record Story(Path file, PacketScript script) {
  public static final Path FOLDER =
      ReportOf.projectRoot().resolve("java-bridge/program/src/test/resources/cases");

  static Stream<Story> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().map(Story::of).toList().stream();
    }
  }

  public static Story of(Path file) {
    return new Story(file, PacketScript.parse(file));
  }

  /**
   * Writes the captures into a folder, which need not exist; returns them in the order of the path.
   */
  public Path[] captures(Path folder) throws IOException {
    Map<String, Path> written = script.writeTo(Files.createDirectories(folder));
    return script.given().stream().map(written::get).distinct().toArray(Path[]::new);
  }

  /** The report on a script of two points, without line breaks; captures go into the folder. */
  static String report(String script, Path folder) throws IOException {
    Path[] captures =
        new Story(folder, PacketScript.parse(script)).captures(folder.resolve("captures"));
    CommandRun run = CommandRun.compare(captures[0], captures[1]);
    run.assertDone();
    return run.out().replaceAll("\\s+", " ");
  }

  /** The report's name for a point of the story. */
  String reported(String point) {
    if (script.isOneFile()) {
      return point.replace('_', ' ');
    }
    int place = script.given().indexOf(point);
    if (script.points().size() == 1) {
      return "capture";
    }
    return script.points().size() == 2
        ? List.of("client", "server").get(place)
        : "point" + (place + 1);
  }

  /**
   * The numbers of the story's connections in a report, by name. A connection has more than one
   * number if the report takes its sightings for different connections; two names may share one.
   */
  Map<String, Set<Long>> connections(ReportOf report) {
    Map<String, Set<Long>> ids = new HashMap<>();
    for (String point : script.points()) {
      Map<Set<String>, List<String>> names = new HashMap<>();
      script
          .endpoints(point)
          .forEach(
              (name, ends) ->
                  names.computeIfAbsent(Set.copyOf(ends), k -> new ArrayList<>()).add(name));
      names.forEach(
          (ends, alike) -> {
            List<Long> found = report.connectionsAt(reported(point), ends);
            for (int i = 0; i < Math.min(alike.size(), found.size()); i++) {
              ids.computeIfAbsent(alike.get(i), k -> new HashSet<>()).add(found.get(i));
            }
          });
    }
    return ids;
  }

  /** A line of the story, without its comment. */
  String line(int number) throws IOException {
    return Files.readAllLines(file).get(number - 1).split("#", 2)[0].strip();
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
