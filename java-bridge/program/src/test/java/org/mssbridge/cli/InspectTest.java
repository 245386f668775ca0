package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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

  @Test
  void captureWithoutOddSegmentsHasNoFinding() throws IOException {
    String text = inspect(ReportOf.example("lab-17-loss-dup")[1]);
    assertThat(text)
        .contains("and 15 more connections like it")
        .contains("client's TTL 63: 1 router away, if it started at 64")
        .contains("no findings");
  }
}
