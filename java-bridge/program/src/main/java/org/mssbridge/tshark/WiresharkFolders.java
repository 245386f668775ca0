package org.mssbridge.tshark;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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
  /**
   * Parses the output of {@code tshark -G folders}.
   *
   * @param system true for the machine's folders, false for the user's
   */
  static Optional<WiresharkFolders> parse(String output, boolean system) {
    Map<String, Path> named = new HashMap<>();
    for (String line : output.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.substring(colon + 1).isBlank()) {
        named.putIfAbsent(
            line.substring(0, colon), Path.of(line.substring(colon + 1).stripLeading()));
      }
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
}
