package org.mssbridge.tshark;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.mssbridge.model.Leftover;

/**
 * An empty Wireshark configuration for one run of tshark, so that the user's preferences and
 * plugins cannot change what is read.
 */
record Configuration(Leftover folder) implements AutoCloseable {
  /**
   * Has glibc 2.35 and later ask for memory in pieces of 16 MiB and in huge pages. A start of
   * tshark allocates 80 MB for what its dissectors register, a page at a time: a third of its time.
   * Other C libraries do not look at it.
   */
  private static final String ALLOCATION =
      "glibc.malloc.hugetlb=1:glibc.malloc.top_pad=" + (16 << 20);

  static Configuration create() throws TsharkException {
    try {
      return new Configuration(Leftover.temporary());
    } catch (IOException e) {
      throw new TsharkException(e.getMessage(), e);
    }
  }

  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    for (String name : new String[] {"HOME", "XDG_CONFIG_HOME", "WIRESHARK_CONFIG_DIR"}) {
      environment.put(name, folder.path().toString());
    }
    environment.put("LC_ALL", "C.UTF-8");
    // Otherwise the C library checks the system's time zone for changes at each index line.
    environment.put("TZ", "UTC");
    environment.putIfAbsent("GLIBC_TUNABLES", ALLOCATION);
    environment.remove("WIRESHARK_RUN_FROM_BUILD_DIRECTORY");
    return environment;
  }

  @Override
  public void close() {
    folder.close();
  }
}
