package org.mssbridge.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mssbridge.cli.ReportOf.map;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.cli.Installation;
import org.mssbridge.cli.ReportOf;

/** The protocol's own client, from npm, against the launcher. */
@Tag("slow")
class McpClientTest {
  private static final String CLIENT = "@modelcontextprotocol/sdk@1.32.2";

  @TempDir private Path folder;

  @Test
  void comparesExplainsAndIsRefused() throws Exception {
    assumeThat(new ProcessBuilder("which", "npm").start().waitFor()).as("npm is there").isZero();
    Path root = ReportOf.projectRoot();
    run("npm", "install", "--silent", "--no-fund", "--no-audit", CLIENT);
    Files.copy(
        root.resolve("java-bridge/program/src/test/resources/mcp/client.mjs"),
        folder.resolve("client.mjs"));
    Installation installed = Installation.in(Files.createDirectory(folder.resolve("program")));
    String said =
        run(
            "node",
            "client.mjs",
            root.resolve("examples/seed-20633").toString(),
            installed.folder().resolve("bin/mssbridge").toString(),
            "mcp");
    Map<String, Object> session = map(JsonMessage.parse(said));
    assertThat(session.get("tools"))
        .isEqualTo(List.of("compare", "inspect", "explain", "case", "files"));
    assertThat(session.get("verdict").toString()).startsWith("The clamp of 1380 is 1 byte too");
    assertThat((int) session.get("size")).isLessThanOrEqualTo(20_000);
    assertThat(session).containsEntry("refused", true).containsEntry("explained", true);
    assertThat(map(session.get("server"))).containsEntry("name", "mssbridge");
  }

  private String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
