package org.mssbridge.tshark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.SearchPath;

/** That tshark is not asked for its version at every start, and is where it may be another one. */
class KnownVersionsTest {
  /** What no tshark says of itself. */
  private static final TsharkVersion MADE_UP = new TsharkVersion(9, 8, "9.8.7");

  private static final Path SCRIPT = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private KnownVersions known;
  private Path program;

  @BeforeEach
  void copyTshark() throws IOException {
    known = new KnownVersions(Optional.of(folder.resolve("cache/tshark")));
    program = folder.resolve("tshark");
    Files.copy(
        SearchPath.find("tshark").orElseThrow().toRealPath(),
        program,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  private Tshark find(Path file, Sandbox.Mode mode) throws TsharkException {
    return Tshark.find(file.toString(), SCRIPT, PATIENCE, mode, known);
  }

  private Tshark find(Path file) throws TsharkException {
    return find(file, Sandbox.Mode.OFF);
  }

  @Test
  void whatTsharkSaidIsTakenAgain() throws Exception {
    TsharkVersion told = find(program).version();
    assertThat(known.find(program.toString(), Sandbox.NONE)).hasValue(told);

    known.keep(program.toString(), Sandbox.NONE, MADE_UP);
    assertThat(find(program).version()).isEqualTo(MADE_UP);
    Path link = Files.createSymbolicLink(folder.resolve("link"), program);
    assertThat(find(link).version()).isEqualTo(MADE_UP);
  }

  @Test
  void aSandboxHasItsOwn() throws Exception {
    Tshark first = find(program, Sandbox.Mode.AUTO);
    known.keep(program.toString(), first.sandbox(), MADE_UP);
    Tshark second = find(program, Sandbox.Mode.AUTO);
    assertThat(second.version()).isEqualTo(MADE_UP);
    assertThat(second.sandbox()).isEqualTo(first.sandbox());

    Sandbox broken = new Sandbox("broken", List.of("false"), true);
    known.keep(program.toString(), broken, MADE_UP);
    assertThat(known.find(program.toString(), broken)).hasValue(MADE_UP);
    assertThat(Tshark.versionIn(broken, program.toString(), known)).isEmpty();
  }

  @Test
  void anotherFileIsAskedAnew() throws Exception {
    TsharkVersion told = find(program).version();
    known.keep(program.toString(), Sandbox.NONE, MADE_UP);
    Files.setLastModifiedTime(program, FileTime.from(Instant.parse("2024-05-01T12:00:00Z")));
    assertThat(find(program).version()).isEqualTo(told);

    known.keep(program.toString(), Sandbox.NONE, MADE_UP);
    Files.delete(program);
    assertThatThrownBy(() -> find(program)).hasMessageContaining("cannot be started");
  }

  /** What a script starts may be another tshark tomorrow. */
  @Test
  void aScriptIsAskedAlways() throws Exception {
    Path script = folder.resolve("script");
    Files.writeString(script, "#!/bin/sh\nexec tshark \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    known.keep(script.toString(), Sandbox.NONE, MADE_UP);
    assertThat(find(script).version()).isNotEqualTo(MADE_UP);
  }

  @Test
  void whatIsDamagedOrCannotBeKeptIsAskedAgain() throws Exception {
    TsharkVersion told = find(program).version();
    try (Stream<Path> kept = Files.list(folder.resolve("cache/tshark"))) {
      for (Path file : kept.toList()) {
        Files.writeString(file, "damaged");
      }
    }
    assertThat(find(program).version()).isEqualTo(told);

    Path noFolder = Files.writeString(folder.resolve("file"), "");
    known = new KnownVersions(Optional.of(noFolder.resolve("tshark")));
    assertThat(find(program).version()).isEqualTo(told);
    assertThat(noFolder).isEmptyFile();

    known = new KnownVersions(Optional.empty());
    assertThat(find(program).version()).isEqualTo(told);
  }

  @Test
  void nothingElseStaysInTheCache() throws Exception {
    find(program);
    try (Stream<Path> kept = Files.list(folder.resolve("cache/tshark"))) {
      assertThat(kept).hasSize(1);
    }
  }
}
