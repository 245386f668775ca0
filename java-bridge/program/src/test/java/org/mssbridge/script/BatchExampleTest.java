package org.mssbridge.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.ReportOf;

/** The committed captures of the batch example match its stories. */
class BatchExampleTest {
  private static final Path EXAMPLE = ReportOf.projectRoot().resolve("examples/batch");
  private static final long MAX_BYTES = 160_000;

  @Test
  void capturesComeFromTheStories(@TempDir Path directory) throws IOException {
    BatchExample.write(EXAMPLE, directory);

    for (String point : List.of("client", "server")) {
      Path committed = EXAMPLE.resolve(point);
      assertThat(names(directory.resolve(point))).isEqualTo(names(committed));
      for (String name : names(committed)) {
        assertThat(unpacked(committed.resolve(name)))
            .as(name)
            .isEqualTo(unpacked(directory.resolve(point).resolve(name)));
      }
    }
  }

  @Test
  void exampleIsSmall() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      assertThat(files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum())
          .isLessThan(MAX_BYTES);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The uncompressed content: compressed bytes differ between Java versions. */
  private static byte[] unpacked(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    return file.toString().endsWith(".gz")
        ? new GZIPInputStream(new ByteArrayInputStream(content)).readAllBytes()
        : content;
  }
}
