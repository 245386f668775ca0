package org.mssbridge.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mssbridge.cli.Main;

/** Writes all pages and completions into a folder: {@code man/} and {@code completion/}. */
public final class WritePages {
  private WritePages() {}

  /** Takes the folder, the version, and the time of the release in ISO 8601. */
  public static void main(String[] arguments) throws IOException {
    LocalDate date = Instant.parse(arguments[2]).atZone(ZoneOffset.UTC).toLocalDate();
    for (Map.Entry<String, String> file : files(arguments[1], date).entrySet()) {
      Path path = Path.of(arguments[0]).resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }

  /**
   * Contents by name of file.
   *
   * @param date of the release
   */
  static Map<String, String> files(String version, LocalDate date) {
    Program program = Program.of(Main.commandLine());
    Map<String, String> files = new LinkedHashMap<>();
    ManPage page = new ManPage(program, version, date);
    files.put("man/" + program.name() + ".1", page.ofProgram());
    for (Program.Command command : program.commands()) {
      files.put("man/" + program.name() + "-" + command.name() + ".1", page.of(command));
    }
    files.put("completion/" + program.name() + ".bash", BashCompletion.of(Main.commandLine()));
    files.put("completion/_" + program.name(), ZshCompletion.of(program));
    files.put("completion/" + program.name() + ".fish", FishCompletion.of(program));
    return files;
  }
}
