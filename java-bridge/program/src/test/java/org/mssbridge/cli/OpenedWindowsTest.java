package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare --open}, with the real Wireshark. */
class OpenedWindowsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * A script that notes each packet whose details Wireshark shows, with the file. Only there the
   * tree is visible.
   */
  private static final String SHOWN_PACKETS_TO_FILE =
      """
      local folder = debug.getinfo(1, "S").source:match("^@?(.*/)")
      local command = assert(io.open("/proc/self/cmdline", "rb")):read("*a")
      local name = command:match("([^/%z]*)%z*$")
      local proto = Proto("shownpackets", "Shown packets")
      function proto.dissector(_, pinfo, tree)
        if tree.visible then
          local file = assert(io.open(folder .. "shown", "ab"))
          file:write(name, " ", pinfo.number, "\\n")
          file:close()
        end
      end
      register_postdissector(proto)
      """;

  @TempDir private Path folder;

  private WiresharkDesktop desktop;
  private Path shown;

  @AfterEach
  void endPrograms() throws InterruptedException {
    if (desktop != null) {
      desktop.end();
    }
  }

  @Test
  void eachCaptureIsShownAtItsFirstEvidence() throws Exception {
    desktop = new WiresharkDesktop(folder);
    desktop.install();
    shown = desktop.scripts().resolve("shown");
    Files.writeString(desktop.scripts().resolve("shown_packets.lua"), SHOWN_PACKETS_TO_FILE);
    Path[] seed = ReportOf.example("seed-20633");

    desktop.startProgram("compare", "--open", seed[0].toString(), seed[1].toString());

    assertThat(awaitShown(Map.of("client.pcapng", 2, "server.pcapng", 14)))
        .as("the packet that each window shows; said: %s", desktop.said())
        .isEqualTo(Map.of("client.pcapng", 2, "server.pcapng", 14));
  }

  /** The last packet that each window shows, once they are as expected or it takes too long. */
  private Map<String, Integer> awaitShown(Map<String, Integer> expected) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<String, Integer> last = Map.of();
    while (!last.equals(expected) && System.nanoTime() < end) {
      desktop.assertWiresharkRuns();
      TimeUnit.MILLISECONDS.sleep(300);
      last = lastShown();
    }
    return last;
  }

  private Map<String, Integer> lastShown() throws IOException {
    Map<String, Integer> last = new TreeMap<>();
    if (Files.exists(shown)) {
      for (String line : Files.readAllLines(shown)) {
        int space = line.indexOf(' ');
        last.put(line.substring(0, space), Integer.valueOf(line.substring(space + 1)));
      }
    }
    return last;
  }
}
