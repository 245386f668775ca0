package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The installed program: the real launcher, which starts a JVM with the classes under test.
 *
 * @param folder where it is installed
 */
public record Installation(Path folder) {
  private static final Duration PATIENCE = Duration.ofMinutes(8);
  private static final Set<String> NOT_COPIED = Set.of(".git", "target");

  /** Installs into a folder that exists. */
  public static Installation in(Path folder) throws IOException {
    Path root = ReportOf.projectRoot();
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("tmp"));
    Files.copy(root.resolve("plugin/bin/mssbridge"), folder.resolve("bin/mssbridge"));
    copyTree(root.resolve("lua"), folder.resolve("lua"));
    copyTree(root.resolve("plugin"), folder.resolve("plugin"));
    Files.delete(folder.resolve("plugin/bin/mssbridge"));
    Files.createDirectories(folder.resolve("program"));
    writeJar(folder.resolve("program/mssbridge.jar"));
    return new Installation(folder);
  }

  /** Copies a folder with its contents, except build output. */
  static void copyTree(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (NOT_COPIED.contains(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Writes a jar that only refers to the classes under test and their libraries. Hadoop is not
   * among them: the program is compiled against it, and released without it.
   */
  static void writeJar(Path jar) throws IOException {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("hadoop-"))
            .map(entry -> Path.of(entry).toUri().toString())
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  public String launcher() {
    return folder.resolve("bin/mssbridge").toString();
  }

  /** The folder for the program's temporary files. */
  Path temporary() {
    return folder.resolve("tmp");
  }

  /** Prepares {@code mssbridge compare}; standard output and error go to files. */
  ProcessBuilder compare(Object... arguments) throws IOException {
    return command(Stream.concat(Stream.of(launcher(), "compare"), Stream.of(arguments)).toArray());
  }

  /** Prepares any command in the environment of this installation. */
  public ProcessBuilder command(Object... words) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(Stream.of(words).map(Object::toString).toList());
    Map<String, String> environment = builder.environment();
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put("TMPDIR", temporary().toString());
    environment.remove("MSSBRIDGE_OPTS");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    builder.redirectInput(new File("/dev/null"));
    builder.redirectOutput(Files.createTempFile(folder, "standard", ".out").toFile());
    builder.redirectError(Files.createTempFile(folder, "standard", ".err").toFile());
    return builder;
  }

  /** Runs a command to its end. */
  public static CommandRun run(ProcessBuilder builder) throws IOException, InterruptedException {
    return end(builder, builder.start());
  }

  /** Waits for a started process to end. */
  static CommandRun end(ProcessBuilder builder, Process process)
      throws IOException, InterruptedException {
    boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ends within %s", PATIENCE).isTrue();
    return new CommandRun(
        process.exitValue(),
        Files.readString(builder.redirectOutput().file().toPath(), StandardCharsets.UTF_8),
        Files.readString(builder.redirectError().file().toPath(), StandardCharsets.UTF_8));
  }

  /** Adds options for the JVM. */
  static ProcessBuilder withJvm(ProcessBuilder builder, String option) {
    builder.environment().merge("MSSBRIDGE_OPTS", option, (old, more) -> old + " " + more);
    return builder;
  }

  /**
   * Writes a program for {@code --tshark}: it reports the real version, records its process number
   * for {@link #processes} and runs the given commands. In a sandbox it could record nothing.
   */
  Path tsharkThat(String commands) throws IOException {
    Path script = Files.createTempFile(folder, "tshark", ".sh");
    Files.writeString(
        script,
        "#!/bin/sh\n[ \"$1\" != --version ] || exec tshark --version\n"
            + ("echo $$ >>'" + folder.toString().replace("'", "'\\''") + "/processes'\n")
            + (commands + "\n"));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  /** The numbers of the processes that {@link #tsharkThat} started. */
  List<String> processes() throws IOException {
    Path file = folder.resolve("processes");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Waits until {@code count} processes were started. */
  void awaitProcesses(int count) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (processes().size() < count && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(processes()).hasSize(count);
  }

  /** Forgets the recorded processes. */
  void forgetProcesses() throws IOException {
    Files.deleteIfExists(folder.resolve("processes"));
  }

  /** Asserts that no process is still running and no temporary file is left. */
  void assertNothingLeft() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> running;
    do {
      running = new ArrayList<>(processes());
      running.removeIf(Installation::hasEnded);
    } while (!running.isEmpty() && System.nanoTime() < end);
    assertThat(running).as("processes left").isEmpty();
    assertThat(temporary()).isEmptyDirectory();
  }

  /** Waits until nothing is left: the program still ends after the launcher did. */
  void awaitNothingLeft() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (temporary().toFile().list().length > 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertNothingLeft();
  }

  /** Whether a process has ended, even if its parent has not collected its status yet. */
  private static boolean hasEnded(String process) {
    try {
      Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", process).start();
      String state = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return state.isEmpty() || state.startsWith("Z");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
