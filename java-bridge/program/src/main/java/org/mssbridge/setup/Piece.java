package org.mssbridge.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.tshark.WiresharkFolders;

/**
 * One file to install for Wireshark.
 *
 * @param part the part that it belongs to
 * @param source its path in this installation
 * @param target the path where Wireshark looks for it
 */
record Piece(Part part, Path source, Path target) {
  /** Placeholder in scripts for the path of the launcher. */
  private static final String PLACEHOLDER = "@MSSBRIDGE@";

  /** The parts that are installed for Wireshark. */
  enum Part {
    POST_DISSECTOR("post-dissector"),
    MENU("menu"),
    PROFILE("profile MSS"),
    EXTCAP("extcap");

    private final String label;

    Part(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /**
   * All files for these folders; those in Lua only if this Wireshark has Lua, and the extcap only
   * where there is a shell.
   *
   * @param home the folder that contains {@code lua} and {@code plugin}
   */
  static List<Piece> all(Path home, WiresharkFolders folders) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    Path plugin = home.resolve("plugin");
    if (folders.luaPlugins().isPresent()) {
      Path lua = folders.luaPlugins().get();
      Path source = home.resolve("lua");
      for (String name : List.of("mss.lua", "knowledge.tsv")) {
        pieces.add(new Piece(Part.POST_DISSECTOR, source.resolve(name), lua.resolve(name)));
      }
      addFolder(pieces, Part.POST_DISSECTOR, source.resolve("mss"), lua.resolve("mss"));
      addFolder(pieces, Part.MENU, plugin.resolve("menu"), lua);
    }
    Path profile = folders.configuration().resolve("profiles/MSS");
    addFolder(pieces, Part.PROFILE, plugin.resolve("profiles/MSS"), profile);
    if (!isOnWindows(home)) { // It is a script for a shell.
      addFolder(pieces, Part.EXTCAP, plugin.resolve("extcap"), folders.extcaps());
    }
    return pieces;
  }

  /** Whether a path is one of Windows. */
  static boolean isOnWindows(Path path) {
    return path.getFileSystem().getSeparator().equals("\\");
  }

  private static void addFolder(List<Piece> pieces, Part part, Path from, Path to)
      throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      files
          .sorted()
          .forEach(file -> pieces.add(new Piece(part, file, to.resolve(file.getFileName()))));
    }
  }

  boolean isExecutable() {
    return part == Part.EXTCAP;
  }

  /** The content of the target; in scripts, the path of the launcher replaces the placeholder. */
  byte[] content(Path launcher) throws IOException {
    byte[] bytes = Files.readAllBytes(source);
    if (part != Part.EXTCAP && part != Part.MENU) {
      return bytes;
    }
    String path = launcher.toString();
    String quoted = part == Part.EXTCAP ? inShell(path) : inLua(path);
    return new String(bytes, StandardCharsets.UTF_8)
        .replace(PLACEHOLDER, quoted)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Text for a place between apostrophes. */
  private static String inShell(String text) {
    return text.replace("'", "'\\''");
  }

  /** Text for a place between quotation marks. */
  private static String inLua(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\') {
                escaped.append(String.format("\\%03d", c));
              } else {
                escaped.append((char) c);
              }
            });
    return escaped.toString();
  }
}
