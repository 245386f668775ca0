package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --version} says of the commit, and where the build has it from. */
class VersionTest {
  private static final Path SCRIPT = ReportOf.projectRoot().resolve(".ci/commit");

  @TempDir private Path folder;

  @Test
  void commitIsNamedWithItsDate() {
    assertThat(Version.commit("0123456789ab 2026-11-30\n"))
        .contains("(commit 0123456789ab of 2026-11-30)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "${mssbridge.commit}", "0123456789ab", "$Format:%H %cs$"})
  void nothingIsSaidWhereNobodyKnowsIt(String built) {
    assertThat(Version.commit(built)).isEmpty();
  }

  @Test
  void versionIsOneLine() {
    assertThat(CommandRun.of("--version").out()).matches("mssbridge \\S+( \\(commit .*\\))?\\R");
    assertThat(CommandRun.of("compare", "--version").out())
        .isEqualTo(CommandRun.of("--version").out());
  }

  @Test
  void buildAsksGitIfAllIsCommitted() throws Exception {
    Path script = copy();
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first");
    assertThat(run(script.toString())).matches("[0-9a-f]{12} \\d{4}-\\d{2}-\\d{2}\n");
    Files.writeString(folder.resolve("more"), "");
    assertThat(run(script.toString())).as("with a file that is not committed").isEmpty();
  }

  @Test
  void buildReadsWhatGitWroteIntoAnArchive() throws Exception {
    Path script = copy();
    assertThat(run(script.toString())).as("not from an archive").isEmpty();
    String text = Files.readString(script);
    String mark = "$Format:%H %cs$";
    assertThat(text).contains(mark);
    Files.writeString(
        script, text.replace(mark, "0123456789abcdef0123456789abcdef01234567 2026-11-30"));
    assertThat(run(script.toString())).isEqualTo("0123456789ab 2026-11-30\n");
    assertThat(Files.readString(ReportOf.projectRoot().resolve(".gitattributes")))
        .contains(".ci/commit export-subst");
  }

  private Path copy() throws IOException {
    Files.createDirectories(folder.resolve(".ci"));
    return Files.copy(SCRIPT, folder.resolve(".ci/commit"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void git(String... words) throws IOException, InterruptedException {
    String[] command = new String[words.length + 1];
    command[0] = "git";
    System.arraycopy(words, 0, command, 1, words.length);
    run(command);
  }

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().putAll(Map.of("GIT_CONFIG_NOSYSTEM", "1", "HOME", folder.toString()));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return said;
  }
}
