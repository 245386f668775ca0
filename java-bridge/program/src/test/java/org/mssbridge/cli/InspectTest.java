package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.script.PacketScript;

/** {@code mssbridge inspect}: findings from a single capture. */
class InspectTest {
  private static String inspect(Path capture, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] arguments =
        Stream.concat(Stream.of("inspect", capture.toString()), Stream.of(more))
            .toArray(String[]::new);
    int status = Main.run(arguments, new PrintWriter(out), new PrintWriter(err));
    assertThat(err.toString()).as("standard error").isEmpty();
    assertThat(status).as("exit status").isZero();
    return out.toString().replaceAll("\\s+", " ");
  }

  @Test
  void senderSideShowsOffloadTooBigAndTheMeaningOfTheMss() throws IOException {
    String text = inspect(ReportOf.example("seed-20633")[0]);
    assertThat(text)
        .contains("server announces MSS 1380: packets of 1420, 80 below 1500")
        .contains("WireGuard: 1420 - 40")
        .contains("client's TTL 128 is an initial one")
        .contains("WARN pmtud.too-big")
        .contains("CHAT offload.segmentation")
        .contains("taken on the sending host, most likely")
        .doesNotContain("mss.clamped")
        .doesNotContain("path.")
        .doesNotContain("isn.");
  }

  /** The numbers of a stray packet show to which connection it belongs, or that it does not. */
  @Test
  void packetsThatANatDidNotTranslateAreTold(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("connection.untranslated", "client", folder)))
        .contains("ERROR connection.untranslated")
        .contains("1 packet from 198.51.100.77:9000, expected from 203.0.113.2:9000")
        .doesNotContain("capture.no-handshake")
        .doesNotContain("connection.reset");
    assertThat(inspect(captureOf("strays", "client", folder)))
        .contains("capture.no-handshake")
        .doesNotContain("connection.untranslated");
  }

  /** A handshake that the client answers with RST is no connection that anyone forgot. */
  @Test
  void scansAreNoResets(@TempDir Path folder) throws IOException {
    assertThat(inspect(captureOf("scanners", "client", folder)))
        .contains("CHAT connection.reset handshakes are answered with RST by their client")
        .contains("refused by a RST of the host at capture itself")
        .doesNotContain("no longer has");
  }

  private static Path captureOf(String story, String point, Path folder) throws IOException {
    Path script = Story.FOLDER.resolve(story + ".txt");
    return PacketScript.parse(script)
        .writeTo(Files.createDirectories(folder.resolve(story)))
        .get(point);
  }

  @Test
  void captureWithoutOddSegmentsHasNoFinding() throws IOException {
    String text = inspect(ReportOf.example("lab-17-loss-dup")[1]);
    assertThat(text)
        .contains("and 15 more connections like it")
        .contains("client's TTL 63: 1 router away, if it started at 64")
        .contains("no findings");
  }
}
