package org.mssbridge.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder appears whole or not at all, and never in the place of what is not its own. */
class WholeFolderTest {
  private static final Path FILE = Path.of("part", "file");

  @TempDir private Path folder;

  private Path output() {
    return folder.resolve("out");
  }

  private WholeFolder filled(String content) throws IOException {
    WholeFolder whole = new WholeFolder(output(), Set.of(FILE));
    Files.createDirectory(whole.path().resolve("part"));
    Files.writeString(whole.path().resolve(FILE), content);
    return whole;
  }

  private void commit(String content) throws IOException {
    try (WholeFolder whole = filled(content)) {
      whole.commit();
    }
  }

  private void assertAlone() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(output());
    }
  }

  @Test
  void appearsWithTheCommit() throws IOException {
    try (WholeFolder whole = filled("new")) {
      assertThat(output()).doesNotExist();
      whole.commit();
    }
    assertThat(output().resolve(FILE)).hasContent("new");
    commit("newer");
    assertThat(output().resolve(FILE)).hasContent("newer");
    assertAlone();
  }

  @Test
  void withoutACommitTheEarlierOneStays() throws IOException {
    commit("earlier");
    filled("new").close();
    assertThat(output().resolve(FILE)).hasContent("earlier");
    assertAlone();
  }

  @Test
  void whatAppearsMeanwhileStays() throws IOException {
    try (WholeFolder whole = filled("new")) {
      Files.createDirectory(output());
      Files.writeString(output().resolve("notes"), "mine");
      assertThatThrownBy(whole::commit)
          .isInstanceOf(OutputException.class)
          .hasMessageContaining("it holds other files, such as notes");
    }
    assertThat(output().resolve("notes")).hasContent("mine");
    assertAlone();
  }

  @Test
  void folderWithTheNameOfAFileIsForeign() throws IOException {
    Files.createDirectories(output().resolve(FILE));
    Files.writeString(output().resolve(FILE).resolve("deep"), "mine");
    assertThatThrownBy(() -> filled("new")).hasMessageContaining("part/file/deep");
    assertAlone();
  }
}
