package org.mssbridge.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir private Path folder;

  @Test
  void aFullDiskIsAnErrorThatNamesTheFolderAndLeavesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("rows"), "many");
    Path full = Files.createDirectory(folder.resolve("full"));
    Configuration configuration = new Configuration();
    configuration.set("fs.other.impl", OtherFileSystem.class.getName());
    Store store = Store.of("other://place" + full, configuration);

    assertThatThrownBy(() -> store.put(file, "part"))
        .isInstanceOf(IOException.class)
        .hasMessage("other://place" + full + ": No space left on device; free some space");
    assertThat(full).isEmptyDirectory();

    Store.of("other://place" + folder, configuration).put(file, "part");

    assertThat(folder.resolve("part")).hasContent("many");
  }
}
