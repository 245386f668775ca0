package org.mssbridge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not stay does not, also when the program is told to stop just as it is made. */
class LeftoverTest {
  @TempDir private Path folder;

  @Test
  void isGoneWithAllThatIsInItWhenClosed() throws IOException {
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
  void whatCannotBeMadeIsTold() {
    Path nowhere = folder.resolve("none/part");
    assertThatThrownBy(() -> Leftover.of(() -> Files.createFile(nowhere)))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** Stops JVMs in every stage of making files one after the other; no moment leaves one. */
  @Test
  void isGoneWhereverTheProgramIsStopped() throws Exception {
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
              .start();
      InputStream progress = program.getInputStream();
      assertThat(progress.readNBytes(1 + 7 * stop)).hasSize(1 + 7 * stop);
      program.toHandle().destroy(); // Unlike the process itself it leaves the stream open.
      progress.readAllBytes();
      program.waitFor();
      assertThat(made).isEmptyDirectory();
    }
  }

  /** Makes and removes files until it is stopped, and prints a dot for each step. */
  static final class Makes {
    private Makes() {}

    public static void main(String[] arguments) throws IOException {
      Path folder = Path.of(arguments[0]);
      for (int i = 0; true; i++) {
        Path part = folder.resolve(i + ".part");
        System.out.write('.');
        System.out.flush();
        try (Leftover leftover = Leftover.of(() -> Files.createFile(part))) {
          System.out.write('.');
          System.out.flush();
          // As the program does: what the end of it has removed is not created anew.
          Files.writeString(leftover.path(), "half of it", StandardOpenOption.WRITE);
        }
      }
    }
  }
}
