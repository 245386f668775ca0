package org.mssbridge.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.Main;
import org.mssbridge.script.PacketScript;

/** Which connections a finding is about, in words. */
class ScopeTest {
  @TempDir private Path folder;

  /** A server's port, an address family or a subnet says more than a list of connections. */
  @Test
  void whatTheConnectionsHaveInCommonIsNamed() throws IOException {
    assertThat(compared(handshakes(4, 443, 1380) + handshakes(3, 8080, 1460)))
        .contains("4 of 4 connections to 198.51.100.20:443, 0 of 3 to port 8080");
    assertThat(compared(handshakes(2, 443, 1380) + handshakes(3, 8080, 1460)))
        .contains("2 of 5 connections, both to 198.51.100.20:443");
    assertThat(compared(handshakes(3, 443, 1380))).contains("all 3 connections");
    assertThat(compared(handshakes(1, 443, 1380) + handshakes(3, 8080, 1460)))
        .contains("192.0.2.10:40443 to 198.51.100.20:443");
  }

  @Test
  void theVerdictNamesTheConnectionsOfEachMiddlebox() throws IOException {
    assertThat(
            compared(
                handshakes(4, 443, 1380)
                    + handshakes(3, 8080, 1460).replace("delay 1ms", "delay 1ms hops 3")))
        .contains("an MSS clamp (1460 to 1380 in both directions) (4 connections to port 443); ")
        .contains("3 routers (3 connections to port 8080). ");
  }

  private static String handshakes(int count, int port, int mss) {
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String name = "c" + port + "x" + i;
      script.append(
          String.format(
              """
              between client server on %1$s  delay 1ms  clamp %4$d
              connection %1$s  192.0.2.10:%2$d -> 198.51.100.20:%3$d
              %5$d.000 handshake <mss 1460>
              %5$d.100 exchange 300 700
              %5$d.200 close

              """,
              name, 40_000 + port + 100 * i, port, mss, port + i));
    }
    return script.toString();
  }

  private String compared(String script) throws IOException {
    Path file = folder.resolve("story.txt");
    Files.writeString(file, "point client\npoint server\n" + script);
    Map<String, Path> captures = PacketScript.parse(file).writeTo(folder);
    StringWriter text = new StringWriter();
    Main.run(
        new String[] {
          "compare", captures.get("client").toString(), captures.get("server").toString()
        },
        new PrintWriter(text),
        new PrintWriter(new StringWriter()));
    return text.toString().replaceAll("\\s+", " ");
  }
}
