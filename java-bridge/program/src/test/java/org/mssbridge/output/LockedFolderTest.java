package org.mssbridge.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program uses a scratch folder alone, and never one with other files. */
class LockedFolderTest {
  @TempDir private Path parent;

  @Test
  void aLockedFolderCannotBeOpenedAgain() throws Exception {
    Path folder = parent.resolve("scratch");
    try (LockedFolder first = LockedFolder.open(folder).orElseThrow()) {
      assertThat(first.newFolder()).isDirectory();
      assertThat(LockedFolder.open(folder)).isEmpty();
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void filesOfAKilledProgramAreRemoved() throws Exception {
    Path left = Files.createDirectories(parent.resolve("scratch/1"));
    Files.createFile(left.resolve("joined.pcapng"));
    Files.createFile(left.resolveSibling("lock"));
    try (LockedFolder folder = LockedFolder.open(parent.resolve("scratch")).orElseThrow()) {
      assertThat(left).doesNotExist();
      assertThat(folder.path()).exists();
    }
  }

  @Test
  void filesOfAUserAreKept() throws Exception {
    Path file = Files.createFile(parent.resolve("capture.pcap"));
    assertThatThrownBy(() -> LockedFolder.open(parent))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("holds other files; move it");
    assertThat(file).exists();
    Files.createFile(parent.resolve("lock"));
    assertThatThrownBy(() -> LockedFolder.open(parent)).isInstanceOf(OutputException.class);
    assertThat(file).exists();
  }

  @Test
  void aCopyThatDoesNotFitOnTheDiskIsRejected() throws Exception {
    DiskSpace.require(parent, 1, "to join rotated files");
    assertThatThrownBy(() -> DiskSpace.require(parent, 1L << 60, "to join rotated files"))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(" MiB are needed there to join rotated files and ");
  }
}
