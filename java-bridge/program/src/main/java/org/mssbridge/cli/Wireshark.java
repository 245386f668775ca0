package org.mssbridge.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.model.SearchPath;

/** Starts the Wireshark desktop program. */
final class Wireshark {
  static final String PROGRAM = "wireshark";

  /** The profile of this program's columns, colours and buttons. */
  static final String PROFILE = "MSS";

  /** Any of these variables says where a window can be, on systems with X11 or Wayland. */
  private static final List<String> DISPLAYS =
      List.of("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM");

  /** A Wireshark that cannot open its window exits within this time. */
  private static final int FAILS_WITHIN_MS = 1500;

  private static final int MOST_LINES = 2;

  private static final String SYSTEM = System.getProperty("os.name", "");

  private static final boolean IS_WINDOWS = SYSTEM.startsWith("Windows");

  private Wireshark() {}

  /**
   * Checks that a Wireshark could open its window.
   *
   * @param otherwise what to do where it cannot
   * @throws IOException if it is not installed, or there is no display
   */
  static void require(String program, Environment environment, String otherwise)
      throws IOException {
    if (SearchPath.find(program).isEmpty()) {
      throw new IOException(
          Printable.of(program)
              + ": is not installed here; install Wireshark (Debian: apt-get install wireshark), or "
              + otherwise);
    }
    boolean isItsOwnDisplay = IS_WINDOWS || SYSTEM.startsWith("Mac");
    if (!isItsOwnDisplay && DISPLAYS.stream().noneMatch(environment::has)) {
      throw new IOException("no display to open Wireshark on (DISPLAY is not set): " + otherwise);
    }
  }

  /** The command that opens a capture, at a frame if one is given. */
  static List<String> command(
      String program, boolean withProfile, Path capture, OptionalInt frame) {
    List<String> command = new ArrayList<>(List.of(program));
    if (withProfile) {
      command.addAll(List.of("-C", PROFILE));
    }
    frame.ifPresent(number -> command.addAll(List.of("-g", String.valueOf(number))));
    command.addAll(List.of("-r", capture.toAbsolutePath().toString()));
    return command;
  }

  private static String firstLines(String said) {
    return said.lines().limit(MOST_LINES).collect(Collectors.joining(" / "));
  }

  /**
   * Starts programs that outlive this one, and returns them.
   *
   * @throws IOException with the program's error output, if one exits at once with an error
   */
  static List<Process> start(List<List<String>> commands) throws IOException, InterruptedException {
    try (Leftover folder = Leftover.temporary()) {
      Path words = folder.path().resolve("words");
      List<Process> started = new ArrayList<>();
      for (List<String> command : commands) {
        started.add(
            new ProcessBuilder(command)
                .redirectInput(new File(IS_WINDOWS ? "NUL" : "/dev/null"))
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
      return started;
    }
  }
}
