package org.mssbridge.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs what reads pages and completions, where it is installed. */
final class Tool {
  private Tool() {}

  /** Writes all files into a folder. */
  static void writeFiles(Path folder) throws IOException {
    for (Map.Entry<String, String> file :
        WritePages.files("0.2.0", LocalDate.of(2026, 11, 30)).entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /** Runs a command in a folder to its end, and returns all that it prints. */
  static String run(Path folder, String... command) throws IOException, InterruptedException {
    assumeThat(isThere(command[0])).as("%s is installed", command[0]).isTrue();
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().putAll(Map.of("HOME", folder.toString(), "LC_ALL", "C.UTF-8"));
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return said;
  }

  private static boolean isThere(String program) {
    return Pattern.compile(File.pathSeparator)
        .splitAsStream(System.getenv("PATH"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
