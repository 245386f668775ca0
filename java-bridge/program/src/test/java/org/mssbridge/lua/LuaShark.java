package org.mssbridge.lua;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.tshark.UnpackedTsharks;

/**
 * One installed tshark with the post-dissector: the one on this machine, or one that {@code
 * .ci/tshark-versions} unpacked.
 */
record LuaShark(String program) {
  static final Path LUA = Path.of(System.getProperty("mssbridge.lua", "../lua")).toAbsolutePath();

  static Stream<LuaShark> installed() {
    List<LuaShark> found = new ArrayList<>();
    found.add(new LuaShark(System.getProperty("mssbridge.tshark", "tshark")));
    Path versions = UnpackedTsharks.folder();
    if (Files.isDirectory(versions)) {
      try (Stream<Path> folders = Files.list(versions)) {
        folders
            .map(folder -> folder.resolve("bin/tshark"))
            .filter(Files::isExecutable)
            .sorted()
            .forEach(program -> found.add(new LuaShark(program.toString())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found.stream();
  }

  boolean is(String version) throws IOException, InterruptedException {
    return run(Path.of("."), Path.of("/nonexistent"), List.of(program, "-v"))
        .get(0)
        .contains(" " + version + ".");
  }

  /** One line per frame with the values of the fields; an empty value is {@code -}. */
  List<String> read(Path capture, List<String> options, String... fields)
      throws IOException, InterruptedException {
    return read(LUA.resolve("mss.lua"), capture, options, fields);
  }

  List<String> read(Path script, Path capture, List<String> options, String... fields)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "-n", "-r", capture.toString()));
    command.addAll(List.of("-X", "lua_script:" + script, "-T", "fields", "-E", "separator=|"));
    command.addAll(options);
    for (String field : fields) {
      command.addAll(List.of("-e", field));
    }
    command.addAll(List.of("-e", "_ws.lua.error"));
    Path home = Files.createTempDirectory(capture.toAbsolutePath().getParent(), "home");
    return run(LUA, home, command).stream().map(line -> tidy(line, fields.length)).toList();
  }

  /** Runs a command with only the configuration in the given home; fails if the command fails. */
  static List<String> run(Path folder, Path home, List<String> command)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // Wireshark 4.4 and later run no scripts as root.
      line.addAll(List.of("unshare", "-U"));
    }
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("WIRESHARK_"));
    builder
        .environment()
        .putAll(
            java.util.Map.of(
                "LC_ALL",
                "C.UTF-8",
                "HOME",
                home.toString(),
                "XDG_CONFIG_HOME",
                home + "/.config"));
    Path complaints = Files.createTempFile("tshark", ".err");
    Process process = builder.redirectError(complaints.toFile()).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    String complaint = Files.readString(complaints);
    Files.delete(complaints);
    if (status != 0) {
      throw new AssertionError("status " + status + " of " + line + ": " + complaint);
    }
    return text.lines().toList();
  }

  private static String tidy(String line, int fieldCount) {
    String[] values = line.split("\\|", -1);
    if (!values[fieldCount].isEmpty()) {
      throw new AssertionError("Lua error: " + values[fieldCount]);
    }
    // 4.4 and later print booleans as words.
    return String.join(
        " ",
        Arrays.stream(values, 0, fieldCount)
            .map(value -> value.isEmpty() ? "-" : value.replace("True", "1"))
            .toList());
  }

  @Override
  public String toString() {
    return program;
  }
}
