package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.apache.commons.exec.Executor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What can only be seen from outside: signals, full disks, permissions, the locale. */
class LauncherTest {
  @TempDir private static Path installed;
  private static Installation program;

  @TempDir private Path work;

  @BeforeAll
  static void install() throws IOException {
    program = Installation.in(installed);
  }

  @BeforeEach
  void copyCaptures() throws IOException {
    program.forgetProcesses();
    for (Path capture : ReportOf.example("seed-20633")) {
      Files.copy(capture, work.resolve(capture.getFileName()));
    }
  }

  private ProcessBuilder compareInWork(Object... arguments) throws IOException {
    return program.compare(arguments).directory(work.toFile());
  }

  @Test
  void tsharkThatHangsIsEnded() throws Exception {
    Path hanging =
        program.tsharkThat("case $* in *server.pcap*) sleep 300 ;; *) tshark \"$@\" ;; esac");
    ProcessBuilder run =
        compareInWork(
            "client.pcap",
            "server.pcap",
            "--frames",
            "all",
            "--sandbox",
            "off",
            "--tshark",
            hanging);
    Installation.run(Installation.withJvm(run, "-Dmssbridge.patience_s=10"))
        .assertUnusable("server.pcap", "printed nothing for 10 s");
    program.assertNothingLeft();
  }

  @Test
  void tsharkKilledInMidRunIsNoFinishedRun() throws Exception {
    Path killed =
        program.tsharkThat(
            "case $* in *server.pcap*) tshark \"$@\" | head -n 40; kill -9 $$ ;;"
                + " *) tshark \"$@\"; exec sleep 300 ;; esac");
    ProcessBuilder run =
        compareInWork(
            "client.pcap",
            "server.pcap",
            "--frames",
            "all",
            "--sandbox",
            "off",
            "--tshark",
            killed,
            "--json",
            "r.json");
    Installation.run(run).assertUnusable("server.pcap", "status 137, killed");
    program.assertNothingLeft();
    assertOnlyInputsIn(work);
  }

  @Test
  void tsharkThatFailsOnTheEvidenceIsNotAskedAgain() throws Exception {
    Path killed =
        program.tsharkThat(
            "case $* in *'-r -'*) head -c 999 >/dev/null; kill -9 $$ ;; *) tshark \"$@\" ;; esac");
    Installation.run(
            compareInWork("client.pcap", "server.pcap", "--sandbox", "off", "--tshark", killed))
        .assertUnusable(".pcap", "status 137, killed");
    Path hanging = program.tsharkThat("case $* in *'-r -'*) sleep 300 ;; *) tshark \"$@\" ;; esac");
    ProcessBuilder run =
        compareInWork("client.pcap", "server.pcap", "--sandbox", "off", "--tshark", hanging);
    Installation.run(Installation.withJvm(run, "-Dmssbridge.patience_s=10"))
        .assertUnusable(".pcap", "printed nothing for 10 s");
    program.assertNothingLeft();
  }

  /** Alone, as {@code kill} sends it, or to all in the terminal's foreground. */
  @ParameterizedTest
  @CsvSource({"INT,'',130", "INT,-,130", "TERM,'',143", "TERM,-,143", "HUP,'',129", "HUP,-,129"})
  void signalEndsEverything(String signal, String group, int status) throws Exception {
    Path slow = program.tsharkThat("tshark \"$@\"; exec sleep 300");
    List<Object> command =
        new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,HUP,TERM"));
    assumeThat(statusOf(command, "true")).as("setsid and env can be used").isZero();
    command.addAll(List.of(program.launcher(), "compare", "client.pcap", "server.pcap"));
    command.addAll(
        List.of("--sandbox", "off", "--tshark", slow, "--json", "r.json", "--annotate", "."));
    ProcessBuilder builder = program.command(command.toArray()).directory(work.toFile());

    Process process = builder.start();
    program.awaitProcesses(2);
    assertThat(statusOf(List.of("kill", "-" + signal, "--"), group + process.pid())).isZero();

    CommandRun run = Installation.end(builder, process);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(status);
    program.assertNothingLeft();
    assertOnlyInputsIn(work);
  }

  @Test
  void assistantIsReadFromStandardInput() throws Exception {
    Path asked = work.resolve("asked");
    Files.writeString(asked, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
    ProcessBuilder builder = program.command(program.launcher(), "mcp", "--allow", work);
    CommandRun run = Installation.run(builder.redirectInput(asked.toFile()));
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
    assertThat(run.status()).isZero();
  }

  @Test
  void launcherKilledAloneEndsTheProgram() throws Exception {
    Path slow = program.tsharkThat("tshark \"$@\"; exec sleep 300");
    ProcessBuilder builder =
        compareInWork("client.pcap", "server.pcap", "--sandbox", "off", "--tshark", slow);
    Process process = builder.start();
    program.awaitProcesses(2);
    process.destroyForcibly();
    program.awaitNothingLeft();
  }

  @Test
  void nextStartClearsWhatAKilledOneLeft() throws Exception {
    Path slow = program.tsharkThat("tshark \"$@\"; exec sleep 300");
    assumeThat(statusOf(List.of("setsid"), "true")).as("setsid can be used").isZero();
    ProcessBuilder builder =
        program
            .command(
                "setsid",
                program.launcher(),
                "compare",
                "client.pcap",
                "server.pcap",
                "--sandbox",
                "off",
                "--tshark",
                slow)
            .directory(work.toFile());
    Process process = builder.start();
    program.awaitProcesses(2);
    Path foreign = Files.createDirectory(program.temporary().resolve("mssbridge-1-1"));
    assertThat(statusOf(List.of("kill", "-KILL", "--"), "-" + process.pid())).isZero();
    process.waitFor();
    assertThat(program.temporary().toFile().list()).hasSizeGreaterThan(1);

    Installation.run(compareInWork("client.pcap", "server.pcap")).assertDone();
    assertThat(program.temporary().toFile().list()).containsExactly("mssbridge-1-1");
    Files.delete(foreign);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx99999999g", "-XX:NoSuchOption", "--no-such-option"})
  void javaThatCannotStart(String option) throws Exception {
    ProcessBuilder builder = compareInWork("client.pcap", "server.pcap");
    Installation.run(Installation.withJvm(builder, option))
        .assertUnusable("MSSBRIDGE_OPTS", "Java could not run the program: ");
  }

  @Test
  void programThatIsDamaged() throws Exception {
    Installation damaged = Installation.in(Files.createDirectory(work.resolve("damaged")));
    Path jar = damaged.folder().resolve("program/mssbridge.jar");
    byte[] whole = Files.readAllBytes(jar);
    Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
    Installation.run(damaged.command(damaged.launcher(), "--help"))
        .assertUnusable(jar, "install mssbridge again");
  }

  @Test
  void statusOfTheProgramComesThrough() throws Exception {
    assertThat(Installation.run(compareInWork("client.pcap", "server.pcap", "--fail-on", "warn")))
        .extracting(CommandRun::status, CommandRun::err)
        .containsExactly(Main.FAILED_ON_FINDING, "");
    assertThat(Installation.run(compareInWork("--no-such-option")).status()).isEqualTo(Main.USAGE);
  }

  /** It learns which classes a comparison takes, and tshark may hang in that. */
  @ParameterizedTest
  @CsvSource({"INT,130", "TERM,143"})
  void interruptedFirstStartLeavesNothing(String signal, int status) throws Exception {
    Path folder = work.resolve("fresh");
    Installation fresh = Installation.in(Files.createDirectory(folder));
    Path examples = Files.createDirectories(folder.resolve("examples/seed-20633"));
    for (Path capture : ReportOf.example("seed-20633")) {
      Files.copy(capture, examples.resolve(capture.getFileName()));
    }
    Path path = Files.createDirectory(folder.resolve("path"));
    Path hanging = path.resolve("tshark");
    Files.writeString(hanging, "#!/bin/sh\necho $$ >>\"${0%/*}/../processes\"\nexec sleep 300\n");
    Files.setPosixFilePermissions(hanging, PosixFilePermissions.fromString("rwx------"));
    List<Object> command =
        new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,HUP,TERM"));
    assumeThat(statusOf(command, "true")).as("setsid and env can be used").isZero();
    command.addAll(List.of(fresh.launcher(), "explain", "1380"));
    ProcessBuilder builder = fresh.command(command.toArray());
    String real = builder.environment().get("PATH");
    builder.environment().put("PATH", path + File.pathSeparator + real);

    Process process = builder.start();
    fresh.awaitProcesses(1);
    assertThat(statusOf(List.of("kill", "-" + signal, "--"), "-" + process.pid())).isZero();

    CommandRun run = Installation.end(builder, process);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(status);
    fresh.assertNothingLeft();
    assertThat(folder.resolve("cache/mssbridge/start")).isEmptyDirectory();
  }

  /** A Java that only says with which options it was started. */
  private static Path fakeJava(Path home, String version) throws IOException {
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho '" + version + "' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  /** What the launcher starts where 21 is on the PATH, and these are in the folder of Javas. */
  private String started(String javaHome, String options, String... others) throws Exception {
    Path onPath = fakeJava(work.resolve("path-21"), "21.0.1").resolve("bin");
    Path javas = Files.createDirectories(work.resolve("javas"));
    for (String other : others) {
      fakeJava(javas.resolve("java-" + other), other);
    }
    ProcessBuilder builder = program.command(program.launcher(), "explain", "1380");
    Map<String, String> environment = builder.environment();
    environment.put("PATH", onPath + File.pathSeparator + environment.get("PATH"));
    environment.put("MSSBRIDGE_JVMS", javas.toString());
    environment.put("MSSBRIDGE_OPTS", options);
    environment.put("JAVA_HOME", javaHome);
    CommandRun run = Installation.run(builder);
    assertThat(run.err()).isEmpty();
    return run.out();
  }

  @Test
  void newestJavaIsTaken() throws Exception {
    assertThat(started("", "", "17.0.15", "1.8.0_402", "21.0.9")).startsWith("21.0.1 ");
    assertThat(started("", "", "25.0.3", "9", "24")).startsWith("25.0.3 ");
  }

  @Test
  void javaHomeWinsUnlessItIsTooOld() throws Exception {
    String home = fakeJava(work.resolve("own"), "17.0.1").toString();
    assertThat(started(home, "", "25")).startsWith("17.0.1 ");
    String old = fakeJava(work.resolve("old"), "11.0.2").toString();
    assertThat(started(old, "", "25")).startsWith("25 ");
  }

  @Test
  void javaThatCameWithTheProgramWinsOverOthers() throws Exception {
    Path own = fakeJava(installed.resolve("java"), "17.0.2");
    try {
      assertThat(started("", "", "25")).startsWith("17.0.2 ");
      String home = fakeJava(work.resolve("own"), "17.0.1").toString();
      assertThat(started(home, "")).startsWith("17.0.1 ");
    } finally {
      Files.move(own, work.resolve("moved"));
    }
  }

  @Test
  void programIsFoundThroughLinksFromAnyFolder() throws Exception {
    Path first = Files.createDirectory(work.resolve("a folder")).resolve("first");
    Files.createSymbolicLink(first, Path.of(program.launcher()));
    Path second = Files.createDirectory(work.resolve("bin")).resolve("mssbridge");
    Files.createSymbolicLink(second, Path.of("../a folder/first"));
    CommandRun run =
        Installation.run(
            program.command("bin/mssbridge", "explain", "1380").directory(work.toFile()));
    run.assertDone();
    assertThat(run.out()).contains("1380");
  }

  /** It cannot be run here: its parts are looked at. */
  @Test
  void launcherOfWindowsNamesWhatIsThere() throws Exception {
    Path launcher = ReportOf.projectRoot().resolve("plugin/bin/mssbridge.cmd");
    String script = Files.readString(launcher);
    assertThat(script.replace("\r\n", "")).as("lines end as on Windows").doesNotContain("\n");
    assertThat(script)
        .startsWith("@echo off")
        .contains("%root%\\program\\mssbridge.jar", "\"-Dmssbridge.home=%root%\"")
        .contains("-Dmssbridge.lua=%root%\\lua", "%*\r\nexit /b %ERRORLEVEL%");
    assertThat(script.chars().filter(c -> c == '"').count() % 2).as("quotes in pairs").isZero();
  }

  @Test
  void preparedFileFitsTheJava() throws Exception {
    assertThat(started("", "", "25")).contains("-XX:AOTCache=").doesNotContain("SharedArchive");
    String home = fakeJava(work.resolve("own"), "17.0.1").toString();
    assertThat(started(home, "")).contains("-XX:SharedArchiveFile=").doesNotContain("aot");
    assertThat(started("", "-Xshare:off", "25")).contains("-Xshare:off").doesNotContain("AOTCache");
  }

  /** What Java prepares holds no classes for Java 5: each start would read and verify them. */
  @ParameterizedTest
  @ValueSource(classes = {CommandLine.class, JsonFactory.class, ProgressBar.class, Executor.class})
  void librariesOfAStartCanBePrepared(Class<?> ofLibrary) throws IOException {
    try (InputStream stream = ofLibrary.getResourceAsStream(ofLibrary.getSimpleName() + ".class");
        DataInputStream header = new DataInputStream(stream)) {
      assertThat(header.readLong() & 0xffff).as("major version").isGreaterThanOrEqualTo(50);
    }
  }

  @Test
  void fullDiskLeavesNothingHalfWritten() throws Exception {
    for (String output :
        List.of("--json disk/r.json", "--ek disk/r.ek", "--annotate disk/copies")) {
      CommandRun run =
          onDisk(
              "size=16k",
              "head -c 12288 /dev/zero >disk/filler",
              "compare client.pcap server.pcap " + output);
      run.assertOutputsLost("disk/", "free some space");
    }
  }

  @Test
  void fullDiskLeavesNoTable() throws Exception {
    String pair = "a," + work.resolve("client.pcap") + "," + work.resolve("server.pcap");
    Path manifest = work.resolve("pairs.csv");
    Files.writeString(manifest, "id,client,server\n" + pair + "\n");
    CommandRun batch =
        CommandRun.of("batch", manifest, "--case", work.resolve("case.db"), "--quiet");
    assertThat(batch.status()).as(batch.err()).isEqualTo(Main.DONE);
    onDisk("size=16k", "head -c 8192 /dev/zero >disk/filler", "case case.db --parquet disk/tables")
        .assertOutputsLost("disk/tables", "free some space");
  }

  @Test
  void readOnlyDisk() throws Exception {
    String compare = "compare client.pcap server.pcap ";
    onDisk("ro", ":", compare + "--json disk/r.json").assertUnusable("disk/r.json", "Read-only");
    onDisk("ro", ":", compare + "--annotate disk").assertUnusable("disk", "cannot be written to");
    onDisk("ro", ":", compare + "--annotate disk/a").assertUnusable("disk/a", "cannot be made");
  }

  /**
   * Runs the program where {@code disk} is a file system of its own, which must hold what it held
   * before.
   */
  private CommandRun onDisk(String mountOptions, String prepare, String arguments)
      throws IOException, InterruptedException {
    Files.createDirectories(work.resolve("disk"));
    String script =
        String.join(
            "\n",
            "mount -t tmpfs -o " + mountOptions + " tmpfs disk && " + prepare + " || exit 99",
            "ls -A disk >before",
            "'" + program.launcher() + "' " + arguments,
            "status=$?",
            "rm -rf disk/copies",
            "ls -A disk >after",
            "exit $status");
    ProcessBuilder builder = program.command("unshare", "-rm", "sh", "-c", script);
    CommandRun run = Installation.run(builder.directory(work.toFile()));
    assumeThat(run.status()).as("mounting in a name space: " + run.err()).isNotIn(1, 99);
    assertThat(work.resolve("after")).hasSameTextualContentAs(work.resolve("before"));
    return run;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compare client.pcap server.pcap",
        "explain 1380",
        "--help",
        "--version",
        "doctor"
      })
  void standardOutputThatTakesNothing(String arguments) throws Exception {
    File full = new File("/dev/full");
    assumeThat(full).exists();
    String line = "'" + program.launcher() + "' " + arguments;
    ProcessBuilder builder = program.command("sh", "-c", "exec " + line).directory(work.toFile());
    Process process = builder.redirectOutput(full).start();
    assertThat(process.waitFor()).isEqualTo(Main.UNUSABLE);
    assertThat(Files.readAllLines(builder.redirectError().file().toPath()))
        .singleElement()
        .asString()
        .startsWith("mssbridge: standard output cannot be written");

    String unread = "{ " + line + "; echo $? >status; } | true";
    CommandRun run = Installation.run(program.command("sh", "-c", unread).directory(work.toFile()));
    assertThat(run.err()).isEmpty();
    assertThat(work.resolve("status")).hasContent("" + Main.UNREAD);
  }

  /** By the shell: a Java cannot make such names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cp client.pcap \"$n\" && \"$0\" compare \"$n\" server.pcap",
        "\"$0\" compare client.pcap server.pcap --json \"$n\"",
        "\"$0\" compare client.pcap server.pcap --annotate \"$n\"",
        "mkdir \"$n\" && cd \"$n\" && cp ../*.pcap . && \"$0\" compare client.pcap server.pcap"
      })
  void nameThatIsNoText(String commands) throws Exception {
    String script =
        "n=$(printf 'a\\377'); ( " + commands + " ); status=$?; rm -rf \"$n\"; exit $status";
    ProcessBuilder builder = program.command("sh", "-c", script, program.launcher());
    Installation.run(builder.directory(work.toFile())).assertUnusable("a\uFFFD", "is not text");
    assertOnlyInputsIn(work);
  }

  @Test
  void folderForTemporaryFilesThatIsForDataOnlyOrFull() throws Exception {
    Files.writeString(work.resolve("m.csv"), "id,client,server\nseed,client.pcap,server.pcap\n");
    String temporary = "export TMPDIR=$PWD/disk";
    assertThat(onDisk("noexec", temporary, "batch m.csv --case case.db").status()).isZero();
    assertThat(onDisk("ro", temporary, "case case.db").status()).isZero();
    onDisk("ro", temporary, "compare client.pcap server.pcap")
        .assertUnusable(work.resolve("disk"), "name another place with TMPDIR");
    CommandRun nowhere =
        onDisk("noexec", temporary + "; export XDG_CACHE_HOME=$PWD/disk/copies", "case case.db");
    assertThat(nowhere.status()).isEqualTo(Main.UNUSABLE);
    // The tests' class path has a logger that says how it can be set up.
    assertThat(nowhere.err().lines().filter(line -> !line.startsWith("SLF4J")))
        .singleElement()
        .asString()
        .contains(work.resolve("disk").toString(), "set XDG_CACHE_HOME");
  }

  /** In a name space root, too, has no more rights than the modes give. */
  @Test
  void permissions() throws Exception {
    assumeThat(statusOf(List.of("unshare", "-U"), "true")).as("unshare can be used").isZero();
    Path secret = Files.copy(work.resolve("client.pcap"), work.resolve("secret.pcap"));
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    unprivileged("secret.pcap", "server.pcap")
        .assertUnusable("secret.pcap", "check its permissions");

    Path shut = Files.createDirectory(work.resolve("shut"));
    Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("r-xr-xr-x"));
    unprivileged("client.pcap", "server.pcap", "--annotate", "shut")
        .assertUnusable("shut", "cannot be written to; name another folder");
    unprivileged("client.pcap", "server.pcap", "--json", "shut/r.json")
        .assertUnusable("shut/r.json", "permission denied");
    assertThat(shut).isEmptyDirectory();
  }

  private CommandRun unprivileged(Object... arguments) throws IOException, InterruptedException {
    Stream<Object> command = Stream.of("unshare", "-U", program.launcher(), "compare");
    ProcessBuilder builder =
        program.command(Stream.concat(command, Stream.of(arguments)).toArray());
    return Installation.run(builder.directory(work.toFile()));
  }

  @Test
  void namesThatOtherProgramsTakeForSomethingElse() throws Exception {
    Path client = work.resolve("client.pcap");
    Files.copy(client, work.resolve("@client"));
    Files.copy(client, work.resolve("--json"));
    Installation.run(compareInWork("@client", "server.pcap")).assertDone();
    Installation.run(compareInWork("--", "--json", "server.pcap")).assertDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "xx_XX.UTF-8"})
  void nameBeyondAsciiInAnyLocale(String locale) throws Exception {
    String name = "Übersicht-客户.pcap";
    // By the shell: this JVM may not be able to.
    String script =
        "cp client.pcap '" + name + "' && exec \"$0\" compare '" + name + "' server.pcap";
    ProcessBuilder builder = program.command("sh", "-c", script, program.launcher());
    builder.environment().put("LC_ALL", locale);
    CommandRun run = Installation.run(builder.directory(work.toFile()));
    run.assertDone();
    assertThat(run.out()).contains("client: " + name + ", 69 packets");
  }

  private static void assertOnlyInputsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("client.pcap", "server.pcap");
    }
  }

  private static int statusOf(List<?> command, String last) throws InterruptedException {
    try {
      return new ProcessBuilder(
              Stream.concat(command.stream(), Stream.of(last)).map(Object::toString).toList())
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1; // There is no such program.
    }
  }
}
