package org.mssbridge.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The points keep the order of the path, even if the first line leaves one out. */
class ManifestTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        id,client,middle,server
        first,c,,s
        all,c,m,s
        """,
        """
        {"id": "first", "client": "c", "middle": null, "server": "s"}
        {"id": "all", "server": "s", "middle": "m", "client": "c"}
        """
      })
  void pointMissingInTheFirstLineKeepsItsPlace(String text) throws Exception {
    Path manifest = Files.writeString(folder.resolve("manifest"), text);
    assertThat(Manifest.read(manifest).get(1).sources())
        .extracting(source -> source.point().name())
        .containsExactly("client", "middle", "server");
  }
}
