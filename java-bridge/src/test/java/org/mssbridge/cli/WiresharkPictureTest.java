package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wireshark itself, with what {@code mssbridge install} put, on a display that nobody sees. */
class WiresharkPictureTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> PROGRAMS = List.of("wireshark", "Xvfb", "xwininfo", "import");

  /** A row is some 700 pixels wide and 15 high; half of one is its colour at least. */
  private static final int ROW_PIXELS = 5000;

  /** Of the profile's rules, as red, green and blue. */
  private static final int ERROR = 0xF09696;

  private static final int WARNING = 0xFFD688;
  private static final int CHAT = 0xDAECD2;

  @TempDir private Path folder;

  private Path home;
  private Path annotated;
  private Process display;
  private Process wireshark;
  private String displayName;

  @BeforeEach
  void installAndAnnotate() throws Exception {
    for (String program : PROGRAMS) {
      assumeThat(isInstalled(program)).as(program + " is installed").isTrue();
    }
    Path[] seed = ReportOf.example("seed-20633");
    Path annotations = folder.resolve("annotated");
    CommandRun run = CommandRun.compare("--quiet", "--annotate", annotations, seed[0], seed[1]);
    assertThat(run.status()).as(run.err()).isZero();
    annotated = annotations.resolve("client.pcapng");
    home = Files.createDirectory(folder.resolve("home"));
    startDisplay();
  }

  @AfterEach
  void endPrograms() throws InterruptedException {
    for (Process process : Stream.of(wireshark, display).filter(p -> p != null).toList()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(path -> new File(path, program).canExecute());
  }

  /** Of a number that is free: it prints which. */
  private void startDisplay() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24");
    display = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(display.getInputStream(), StandardCharsets.US_ASCII));
    displayName = ":" + out.readLine();
    assertThat(displayName).as("Xvfb's display").matches(":\\d+");
  }

  private ProcessBuilder atHome(ProcessBuilder builder) {
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("WIRESHARK_"));
    environment.putAll(
        Map.of(
            "HOME",
            home.toString(),
            "XDG_CONFIG_HOME",
            home + "/.config",
            "XDG_RUNTIME_DIR",
            home.toString(),
            "DISPLAY",
            displayName,
            "QT_QPA_PLATFORM",
            "xcb"));
    environment.remove("WAYLAND_DISPLAY");
    return builder;
  }

  private void install() throws Exception {
    Installation program = Installation.in(Files.createDirectory(folder.resolve("program")));
    CommandRun run = Installation.run(atHome(program.command(program.launcher(), "install")));
    assertThat(run.status()).as(run.err()).isZero();
  }

  private void startWireshark(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      // From 4.4 on Wireshark runs no script as root.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(List.of("wireshark", "-r", annotated.toString()));
    command.addAll(List.of(options));
    wireshark =
        atHome(new ProcessBuilder(command))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("wireshark.log").toFile())
            .start();
  }

  @Test
  void findingsStandOutInTheColoursOfTheProfile() throws Exception {
    install();
    startWireshark("-C", "MSS", "-Y", "mss.finding");

    Map<Integer, Integer> pixels = awaitPicture(ERROR, WARNING, CHAT);

    assertThat(pixels).as("colours: " + log()).hasSizeGreaterThan(50);
    for (int colour : List.of(ERROR, WARNING, CHAT)) {
      assertThat(pixels.getOrDefault(colour, 0))
          .as("pixels of colour %06x; Wireshark said: %s", colour, log())
          .isGreaterThan(ROW_PIXELS);
    }
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("wireshark.log"), StandardCharsets.ISO_8859_1);
  }

  /** The last picture before patience ends, or the first with rows of all these colours. */
  private Map<Integer, Integer> awaitPicture(int... colours) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<Integer, Integer> pixels = Map.of();
    boolean complete = false;
    while (!complete && System.nanoTime() < end) {
      assertThat(wireshark.isAlive()).as("Wireshark runs; it said: %s", log()).isTrue();
      TimeUnit.MILLISECONDS.sleep(300);
      if (output("xwininfo", "-root", "-tree").contains("client.pcapng")) {
        pixels = picture();
        Map<Integer, Integer> seen = pixels;
        complete =
            Arrays.stream(colours).allMatch(colour -> seen.getOrDefault(colour, 0) > ROW_PIXELS);
      }
    }
    return pixels;
  }

  /** How many pixels of each colour the display shows. */
  private Map<Integer, Integer> picture() throws Exception {
    Path file = folder.resolve("picture.png");
    output("import", "-window", "root", "png24:" + file);
    BufferedImage image = ImageIO.read(file.toFile());
    Map<Integer, Integer> pixels = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        pixels.merge(image.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
      }
    }
    return pixels;
  }

  private String output(String... command) throws Exception {
    Process process =
        atHome(new ProcessBuilder(command)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    process.waitFor();
    return text;
  }
}
