package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Wireshark with the installed plugin, on a virtual display. */
class WiresharkPictureTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A row is about 700 pixels wide and 15 high; at least half of it has its colour. */
  private static final int ROW_PIXELS = 5000;

  /** The colours of the profile's rules, as red, green and blue. */
  private static final int ERROR = 0xF09696;

  private static final int WARNING = 0xFFD688;
  private static final int CHAT = 0xDAECD2;

  @TempDir private Path folder;

  private WiresharkDesktop desktop;
  private Path annotated;

  @BeforeEach
  void annotate() throws Exception {
    desktop = new WiresharkDesktop(folder, "xwininfo", "import");
    Path[] seed = ReportOf.example("seed-20633");
    Path annotations = folder.resolve("annotated");
    CommandRun run = CommandRun.compare("--quiet", "--annotate", annotations, seed[0], seed[1]);
    assertThat(run.status()).as(run.err()).isZero();
    annotated = annotations.resolve("client.pcapng");
  }

  @AfterEach
  void endPrograms() throws InterruptedException {
    if (desktop != null) {
      desktop.end();
    }
  }

  @Test
  void findingsHaveTheColoursOfTheProfile() throws Exception {
    desktop.install();
    desktop.startWireshark("-r", annotated.toString(), "-C", "MSS", "-Y", "mss.finding");

    Map<Integer, Integer> pixels = awaitPicture(ERROR, WARNING, CHAT);

    assertThat(pixels).as("colours: " + desktop.said()).hasSizeGreaterThan(50);
    for (int colour : List.of(ERROR, WARNING, CHAT)) {
      assertThat(pixels.getOrDefault(colour, 0))
          .as("pixels of colour %06x; Wireshark said: %s", colour, desktop.said())
          .isGreaterThan(ROW_PIXELS);
    }
  }

  /** The first picture with rows of all these colours, or the last one before the time limit. */
  private Map<Integer, Integer> awaitPicture(int... colours) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<Integer, Integer> pixels = Map.of();
    boolean complete = false;
    while (!complete && System.nanoTime() < end) {
      desktop.assertWiresharkRuns();
      TimeUnit.MILLISECONDS.sleep(300);
      if (desktop.output("xwininfo", "-root", "-tree").contains("client.pcapng")) {
        pixels = picture();
        Map<Integer, Integer> seen = pixels;
        complete =
            Arrays.stream(colours).allMatch(colour -> seen.getOrDefault(colour, 0) > ROW_PIXELS);
      }
    }
    return pixels;
  }

  /** Counts the pixels of each colour on the display. */
  private Map<Integer, Integer> picture() throws Exception {
    Path file = folder.resolve("picture.png");
    desktop.output("import", "-window", "root", "png24:" + file);
    BufferedImage image = ImageIO.read(file.toFile());
    Map<Integer, Integer> pixels = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        pixels.merge(image.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
      }
    }
    return pixels;
  }
}
