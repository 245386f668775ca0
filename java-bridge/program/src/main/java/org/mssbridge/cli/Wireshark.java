package org.mssbridge.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/** Starts the Wireshark desktop program. */
final class Wireshark {
  static final String PROGRAM = "wireshark";

  /** A Wireshark that cannot open its window exits within this time. */
  private static final int FAILS_WITHIN_MS = 1500;

  private static final int MOST_LINES = 2;

  private Wireshark() {}

  /** Whether a program of this name can be started. */
  static boolean isThere(String program) {
    if (program.contains(File.separator)) {
      return Files.isExecutable(Path.of(program));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(path)
        .filter(folder -> !folder.isEmpty())
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String firstLines(String said) {
    return said.lines().limit(MOST_LINES).collect(Collectors.joining(" / "));
  }

  /**
   * Starts programs that outlive this one.
   *
   * @throws IOException with the program's error output, if one exits at once with an error
   */
  static void start(List<List<String>> commands) throws IOException, InterruptedException {
    try (Leftover folder = Leftover.temporary()) {
      Path words = folder.path().resolve("words");
      List<Process> started = new ArrayList<>();
      for (List<String> command : commands) {
        started.add(
            new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(words.toFile()))
                .start());
      }
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAILS_WITHIN_MS);
      for (Process process : started) {
        long leftNanos = Math.max(0, end - System.nanoTime());
        if (process.waitFor(leftNanos, TimeUnit.NANOSECONDS) && process.exitValue() != 0) {
          String said = Files.readString(words, StandardCharsets.UTF_8).strip();
          throw new IOException(
              "wireshark ended with status "
                  + process.exitValue()
                  + "; it said: "
                  + Printable.of(said.isEmpty() ? "nothing" : firstLines(said)));
        }
      }
    }
  }
}
