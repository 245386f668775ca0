package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real Wireshark with a separate home folder, on a virtual display. */
final class WiresharkDesktop {
  private static final int COMMAND_PATIENCE_SECONDS = 20;

  private final Path folder;
  private final Path home;
  private final Installation program;
  private final Process display;
  private final String displayName;
  private Process wireshark;

  /** Skips the test if Wireshark, Xvfb or one of these programs is not installed. */
  WiresharkDesktop(Path folder, String... programs) throws IOException {
    for (String needed :
        Stream.concat(Stream.of("wireshark", "Xvfb"), Stream.of(programs)).toList()) {
      assumeThat(isInstalled(needed)).as(needed + " is installed").isTrue();
    }
    this.folder = folder;
    home = Files.createDirectory(folder.resolve("home"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    program = Installation.in(Files.createDirectory(folder.resolve("program")));
    // Xvfb picks a free display number and prints it. Without -noreset it would reset when a
    // program
    // ends, and reject a program that connects at that moment.
    display =
        new ProcessBuilder("Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", "1400x900x24")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(display.getInputStream(), StandardCharsets.US_ASCII));
    displayName = ":" + out.readLine();
    assertThat(displayName).as("Xvfb's display").matches(":\\d+");
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(path -> new File(path, program).canExecute());
  }

  /** The home folder. */
  Path home() {
    return home;
  }

  /** Runs {@code mssbridge install} for this user. */
  void install() throws Exception {
    CommandRun run = mssbridge("install");
    assertThat(run.status()).as(run.err()).isZero();
  }

  /** The folder of the installed Lua scripts. */
  Path scripts() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files.filter(f -> f.endsWith("mss_menu.lua")).findFirst().orElseThrow().getParent();
    }
  }

  /** Runs the program to its end. */
  CommandRun mssbridge(String... arguments) throws Exception {
    return Installation.run(
        command(
            Stream.concat(Stream.of(program.launcher()), Stream.of(arguments))
                .toArray(String[]::new)));
  }

  /** Prepares any command in this user's environment; standard output and error go to files. */
  ProcessBuilder command(String... words) throws IOException {
    ProcessBuilder builder = program.command((Object[]) words);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("WIRESHARK_"));
    environment.remove("WAYLAND_DISPLAY");
    environment.put("HOME", home.toString());
    environment.put("XDG_CONFIG_HOME", home + "/.config");
    environment.put("XDG_RUNTIME_DIR", home.toString());
    environment.put("TMPDIR", program.temporary().toString());
    environment.put("DISPLAY", displayName);
    environment.put("QT_QPA_PLATFORM", "xcb");
    environment.put("LC_ALL", "C.UTF-8");
    return builder;
  }

  /** The output of a command, whatever its exit status. */
  String output(String... command) throws Exception {
    ProcessBuilder builder = command(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    if (!process.waitFor(COMMAND_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    Path out = builder.redirectOutput().file().toPath();
    String text = Files.readString(out, StandardCharsets.ISO_8859_1);
    Files.delete(out);
    return text;
  }

  /** Starts Wireshark; ends the previous one. */
  void startWireshark(String... options) throws Exception {
    start(Stream.concat(Stream.of("wireshark"), Stream.of(options)).toArray(String[]::new));
  }

  /** Starts the program, which starts Wireshark and waits for it; ends the previous one. */
  void startProgram(String... arguments) throws Exception {
    start(
        Stream.concat(Stream.of(program.launcher()), Stream.of(arguments)).toArray(String[]::new));
  }

  private void start(String... words) throws Exception {
    endWireshark();
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // Since 4.4, Wireshark runs no scripts as root.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of(words));
    wireshark =
        command(command.toArray(String[]::new))
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
  }

  private Path log() {
    return folder.resolve("wireshark.log");
  }

  /** What Wireshark printed. */
  String said() throws IOException {
    return Files.readString(log(), StandardCharsets.ISO_8859_1);
  }

  void assertWiresharkRuns() throws IOException {
    assertThat(wireshark.isAlive()).as("Wireshark runs; it said: %s", said()).isTrue();
  }

  void endWireshark() throws InterruptedException {
    if (wireshark != null) {
      end(wireshark);
    }
  }

  private static void end(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  /** Ends Wireshark and the display. */
  void end() throws InterruptedException {
    endWireshark();
    end(display);
  }
}
