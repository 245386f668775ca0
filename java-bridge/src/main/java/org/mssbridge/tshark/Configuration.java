package org.mssbridge.tshark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * An empty configuration for one run of tshark, so that neither preferences nor plugins of the user
 * change what is read.
 */
record Configuration(Path folder) implements AutoCloseable {
  static Configuration create() throws IOException {
    Path folder = Files.createTempDirectory("mssbridge-");
    folder.toFile().deleteOnExit(); // also when the program is interrupted
    return new Configuration(folder);
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    for (String name : new String[] {"HOME", "XDG_CONFIG_HOME", "WIRESHARK_CONFIG_DIR"}) {
      environment.put(name, folder.toString());
    }
    environment.put("LC_ALL", "C.UTF-8");
    // Else the C library looks for a change of the system's zone at the date of each index line.
    environment.put("TZ", "UTC");
    environment.remove("WIRESHARK_RUN_FROM_BUILD_DIRECTORY");
    return environment;
  }

  @Override
  public void close() throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
