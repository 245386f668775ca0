package org.mssbridge.tshark;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a Wireshark looks for what extends it, for one user or for all of the machine.
 *
 * @param configuration where profiles have their folder
 * @param luaPlugins empty if it was built without Lua
 * @param extcaps programs that stand in the list of interfaces
 */
public record WiresharkFolders(Path configuration, Optional<Path> luaPlugins, Path extcaps) {
  /**
   * What {@code tshark -G folders} said.
   *
   * @param system the machine's folders instead of the user's
   */
  static Optional<WiresharkFolders> parse(String output, boolean system) {
    Map<String, Path> named = new HashMap<>();
    for (String line : output.lines().toList()) {
      int colon = line.indexOf(':');
      if (colon > 0 && !line.substring(colon + 1).isBlank()) {
        named.putIfAbsent(line.substring(0, colon), Path.of(line.substring(colon + 1).strip()));
      }
    }
    Path configuration = named.get(system ? "Global configuration" : "Personal configuration");
    if (configuration == null) {
      return Optional.empty();
    }
    Path lua = named.get(system ? "Global Lua Plugins" : "Personal Lua Plugins");
    // Up to 4.0 a user's extcaps are in the configuration, and the list names the machine's only.
    Path extcaps = named.get(system ? "Global Extcap path" : "Personal Extcap path");
    if (extcaps == null && system) {
      extcaps = named.get("Extcap path");
    }
    return Optional.of(
        new WiresharkFolders(
            configuration,
            Optional.ofNullable(lua),
            extcaps == null ? configuration.resolve("extcap") : extcaps));
  }
}
