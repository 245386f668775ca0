package org.mssbridge.tshark;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;

/**
 * The folders where a Wireshark looks for extensions, for one user or for the whole machine.
 *
 * @param configuration contains the folder of the profiles
 * @param luaPlugins empty if Wireshark was built without Lua
 * @param extcaps contains programs that appear in the list of interfaces
 * @param isShared whether they are for all users of the machine
 */
public record WiresharkFolders(
    Path configuration, Optional<Path> luaPlugins, Path extcaps, boolean isShared) {
  /** A line, and more of them where the path has line breaks. */
  private static final Pattern ENTRY =
      Pattern.compile(
          "^([^:\\n]+):[ \t]*(\\S[^\\n]*(?:\\n(?![^:\\n]+:[ ]*\t)[^\\n]+)*)", Pattern.MULTILINE);

  /**
   * Parses the output of {@code tshark -G folders}.
   *
   * @param system true for the machine's folders, false for the user's
   */
  static Optional<WiresharkFolders> parse(String output, boolean system) {
    return parse(output, system, FileSystems.getDefault());
  }

  /**
   * The same on another system.
   *
   * @param output of tshark; on Windows its lines end with CR LF
   */
  public static Optional<WiresharkFolders> parse(String output, boolean system, FileSystem files) {
    boolean isWindows = files.getSeparator().equals("\\");
    Map<String, Path> named = new HashMap<>();
    Matcher entry = ENTRY.matcher(isWindows ? output.replace("\r\n", "\n") : output);
    while (entry.find()) {
      named.putIfAbsent(entry.group(1), files.getPath(entry.group(2)));
    }
    Path configuration = named.get(system ? "Global configuration" : "Personal configuration");
    if (configuration == null) {
      return Optional.empty();
    }
    Path lua = named.get(system ? "Global Lua Plugins" : "Personal Lua Plugins");
    // Up to 4.0, a user's extcaps are in the configuration folder, and the output names only the
    // machine's folder.
    Path extcaps = named.get(system ? "Global Extcap path" : "Personal Extcap path");
    if (extcaps == null && system) {
      extcaps = named.get("Extcap path");
    }
    return Optional.of(
        new WiresharkFolders(
            configuration,
            Optional.ofNullable(lua),
            extcaps == null ? configuration.resolve("extcap") : extcaps,
            system));
  }

  /** Whether all names are text of one line, as it is kept in lists. */
  boolean areText() {
    return Stream.of(Optional.of(configuration), luaPlugins, Optional.of(extcaps))
        .flatMap(Optional::stream)
        .map(Path::toString)
        .allMatch(name -> Printable.isText(name) && !name.contains("\n"));
  }
}
