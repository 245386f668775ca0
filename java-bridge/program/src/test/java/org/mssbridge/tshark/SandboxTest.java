package org.mssbridge.tshark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a program that a hostile capture has taken over can still do. */
class SandboxTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long MEMORY_BYTES = 500_000_000;

  /** Somebody without rights: the kernel does not count the processes of root. */
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  @TempDir private Path folder;

  /** All that are possible on this machine; one that is not is another one's business. */
  static Stream<Sandbox> possible() {
    return Sandbox.candidates(Optional.of(MEMORY_BYTES)).stream()
        .filter(sandbox -> run(sandbox, "echo here").output().equals("here\n"));
  }

  private static Child.Result run(Sandbox sandbox, String script) {
    return run(List.of(), sandbox, script);
  }

  private static Child.Result run(List<String> before, Sandbox sandbox, String script) {
    List<String> command = new ArrayList<>(before);
    command.addAll(sandbox.around(List.of("bash", "-c", script)));
    try {
      return Child.run(command, Map.of("LC_ALL", "C.UTF-8"), PATIENCE);
    } catch (IOException e) {
      return new Child.Result(127, "", e.getMessage());
    }
  }

  @Test
  void oneIsPossibleWhereTheTestsRun() {
    assumeThat(Path.of("/usr/bin/bwrap")).isExecutable();
    assertThat(possible().map(Sandbox::name)).contains("bubblewrap");
  }

  @ParameterizedTest
  @MethodSource("possible")
  void nothingIsWrittenDeletedOrChanged(Sandbox sandbox) throws IOException {
    Path kept = Files.writeString(folder.resolve("kept"), "as it was");
    Child.Result result =
        run(
            sandbox,
            ("echo bad > %1$s/new; echo bad > %1$s/kept; rm %1$s/kept; chmod 777 %1$s/kept;"
                    + " mkdir %1$s/d; echo bad > /tmp/mssbridge-sandbox-test; mount -o remount,rw /;"
                    + " head -c 5000 /dev/zero > /dev/shm/x && echo written; cat %1$s/kept")
                .formatted(folder));
    assertThat(result.output()).as("read, and nothing else").isEqualTo("as it was");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(kept);
    }
    assertThat(kept).hasContent("as it was");
    assertThat(Path.of("/tmp/mssbridge-sandbox-test")).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("possible")
  void nobodyIsReached(Sandbox sandbox) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String connect = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort() + " && echo reached";
      assertThat(run(Sandbox.NONE, connect).output()).isEqualTo("reached\n");
      assertThat(run(sandbox, connect).output()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("possible")
  void memoryIsBounded(Sandbox sandbox) {
    String eat = "head -c 900000000 /dev/zero | tail -c 800000000 | wc -c";
    assertThat(run(sandbox, eat).output().strip()).isEqualTo("0");
  }

  @ParameterizedTest
  @MethodSource("possible")
  void processesAreBoundedAndEndWithTheFirst(Sandbox sandbox) {
    String mark = "98765.4321";
    String forks =
        "for i in $(seq 200); do sleep " + mark + " & done 2>/dev/null; jobs -p | wc -l; exit 0";
    List<String> before =
        System.getProperty("user.name").equals("root") ? AS_NOBODY : List.<String>of();
    Child.Result result = run(before, sandbox, forks);
    assertThat(result.output().strip().isEmpty() ? 0 : Integer.parseInt(result.output().strip()))
        .as(result.complaint())
        .isLessThan(64);
    assertThat(
            ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(mark) && !line.contains("seq")))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("possible")
  void noPrivilegeIsLeftOrGained(Sandbox sandbox) {
    String shown = run(sandbox, "id -u; grep -E 'CapEff|NoNewPrivs' /proc/self/status").output();
    assertThat(shown.replaceAll("\\s+", " "))
        .isEqualTo("65534 CapEff: 0000000000000000 NoNewPrivs: 1 ");
  }

  @Test
  void requiredSandboxThatIsNotPossibleIsAnError() throws IOException {
    // In no sandbox can it write, so it never says its version there.
    Path said = folder.resolve("said");
    Path program = folder.resolve("tshark");
    Files.writeString(program, "#!/bin/sh\necho > " + said + " && exec tshark --version\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    assertThatThrownBy(
            () -> Tshark.find(program.toString(), script, PATIENCE, Sandbox.Mode.REQUIRE))
        .isInstanceOf(TsharkException.class)
        .hasMessageContaining("no sandbox is possible here; install bubblewrap")
        .message()
        .hasLineCount(1);
  }

  @Test
  void tsharkIsFoundInASandbox() throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    Tshark found = Tshark.find("tshark", script, PATIENCE, Sandbox.Mode.AUTO);
    assertThat(found.sandbox().isWhole()).isEqualTo(possible().findAny().isPresent());
    assertThat(Tshark.find("tshark", script, PATIENCE).sandbox().isWhole()).isFalse();
  }
}
