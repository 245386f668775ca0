package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leftover is removed, even when the program is stopped while it is being created. */
class LeftoverTest {
  @TempDir private Path folder;

  @Test
  void isRemovedWithItsContentsWhenClosed() throws IOException {
    try (Leftover leftover = Leftover.of(() -> Files.createDirectory(folder.resolve("scratch")))) {
      Files.writeString(leftover.path().resolve("part"), "half of it");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void staysWhenForgotten() throws IOException {
    Leftover leftover = Leftover.of(() -> Files.createFile(folder.resolve("output")));
    leftover.forget();
    assertThat(leftover.path()).exists();
  }

  @Test
  void failureToCreateIsReported() {
    Path nowhere = folder.resolve("none/part");
    assertThatThrownBy(() -> Leftover.of(() -> Files.createFile(nowhere)))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** Stops JVMs at every stage of creating files one after the other; none leaves a file. */
  @Test
  void isRemovedWheneverTheProgramIsStopped() throws Exception {
    for (int stop = 0; stop < 10; stop++) {
      Path made = Files.createDirectory(folder.resolve("run" + stop));
      Process program =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Makes.class.getName(),
                  made.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("words").toFile())
              .start();
      while (program.isAlive() && Files.notExists(made.resolve("begun"))) {
        Thread.sleep(5);
      }
      Thread.sleep(3L * stop);
      program.destroy();
      program.waitFor();
      Files.delete(made.resolve("begun"));
      assertThat(made).isEmptyDirectory();
    }
  }

  /** Creates and removes files until it is stopped. */
  static final class Makes {
    private Makes() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      Files.createFile(folder.resolve("begun"));
      for (int i = 0; true; i++) {
        Path part = folder.resolve(i + ".part");
        try (Leftover leftover = Leftover.of(() -> Files.createFile(part))) {
          Files.writeString(leftover.path(), "half of it");
        }
      }
    }
  }
}
