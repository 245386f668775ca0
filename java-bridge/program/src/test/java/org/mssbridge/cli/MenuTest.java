package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The menu <i>Tools, MSS</i>, used with mouse and keyboard in the real Wireshark. */
class MenuTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long to wait for the effect of a key before it is pressed again. */
  private static final Duration PRESS_AGAIN = Duration.ofSeconds(10);

  /**
   * A menu entry.
   *
   * @param above number of entries above it
   * @param title title of the window that it opens
   */
  private record Entry(int above, String title) {}

  private static final Entry COMPARE = new Entry(1, "Compare with another capture point");
  private static final Entry COMPARE_INSIDE = new Entry(0, "MSS: compare");
  private static final Entry EXPLAIN = new Entry(2, "Explain this MSS");
  private static final Entry FINDINGS = new Entry(3, "MSS: findings");

  /**
   * A script besides the menu's, which writes the text of each window to a file named after its
   * title.
   */
  private static final String WINDOWS_TO_FILES =
      """
      local folder = debug.getinfo(1, "S").source:match("^@?(.*[/\\\\])")
      local real = _G.TextWindow
      local function write(title, text)
        local path = folder .. title .. ".txt"
        local file = assert(io.open(path .. ".new", "wb"))
        file:write(text)
        file:close()
        os.rename(path .. ".new", path)
      end
      _G.TextWindow = real and {
        new = function(title)
          local window, shown = real.new(title), {}
          function shown:set(text)
            window:set(text)
            write(title, window:get_text())
            return self
          end
          function shown:append(text)
            window:append(text)
            write(title, window:get_text())
            return self
          end
          function shown:add_button(label, action)
            window:add_button(label, action)
            return self
          end
          return shown
        end
      }
      """;

  @TempDir private static Path parent;

  /** The folder of the captures; its name has characters that are special to a shell. */
  private static Path folder;

  private static WiresharkDesktop desktop;
  private static Path scripts;

  /** Part of the title of Wireshark's own window. */
  private String mainTitle;

  @BeforeAll
  static void install() throws Exception {
    desktop = new WiresharkDesktop(Files.createDirectory(parent.resolve("it's-here")), "xdotool");
    folder = Files.createDirectory(parent.resolve("it's $HOME"));
    desktop.install();
    scripts = desktop.scripts();
    Files.writeString(scripts.resolve("windows_to_files.lua"), WINDOWS_TO_FILES);
    Path[] seed = ReportOf.example("seed-20633");
    Files.copy(seed[0], folder.resolve("client.pcap"));
    Files.copy(seed[1], folder.resolve("server.pcap"));
  }

  @AfterAll
  static void endPrograms() throws InterruptedException {
    if (desktop != null) {
      desktop.end();
    }
  }

  @Test
  void explainShowsKnownMeaningsAtOnceAndThenTheProgramsOutput() throws Exception {
    open(folder.resolve("client.pcap"));
    fillIn(choose(EXPLAIN), "1380");
    assertThat(awaitText("MSS: explain", text -> text.contains("runs in the background")))
        .contains("MSS 1380: an MTU of 1420 with IPv4, of 1440 with IPv6")
        .contains("WireGuard");

    assertThat(showResult("MSS: explain"))
        .contains(desktop.mssbridge("explain", "1380").out().strip());
  }

  @Test
  void compareShowsTheReportAndOpensAnnotatedCapturesWithTheirFindings() throws Exception {
    open(folder.resolve("client.pcap"));
    choose(FINDINGS);
    awaitText(
        "MSS: findings", text -> text.contains("No packet of this capture carries a finding"));

    compare("client.pcap", "server.pcap", "annotated");
    assertThat(showResult("MSS: compare"))
        .contains("WARN mss.clamped")
        .contains("client annotated: " + folder.resolve("annotated/client.pcapng"));
    press("MSS: compare", 1);
    await("the annotated capture is open", () -> !windows("client.pcapng").isEmpty());

    choose(FINDINGS);
    String findings = awaitText("MSS: findings", text -> text.contains("findings on"));
    assertThat(findings)
        .containsPattern(
            "(?s)ERROR +sack.untranslated, 6 packets\\R.*\\R +frames 14, 16, 18, .*"
                + "WARN +mss.clamped, 2 packets\\R +MSS 1460 became 1380 between client and server\\R"
                + " +frames 1, 2\\R.*CHAT ");
    assertThat(findings.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(80));
    press("MSS: findings", 0);
    awaitText("MSS: findings", text -> text.startsWith("Shown: packets with error "));
    press("MSS: findings", 1);
    awaitText(
        "MSS: findings", text -> text.startsWith("Shown: frame 57, packet 2 of 2 with error "));
    press("MSS: findings", 3);
    awaitText("MSS: findings", text -> text.startsWith("Shown: all packets"));
  }

  @Test
  void compareInsideFindsTheOpenCaptureByItself() throws Exception {
    Story.of(Story.FOLDER.resolve("capture.several-points-sll2.txt")).captures(folder);
    open(folder.resolve("all.pcap"));
    choose(COMPARE_INSIDE);
    assertThat(showResult("MSS: compare"))
        .contains("NOTE capture.several-points")
        .contains("all.pcap annotated: ");
    press("MSS: compare", 1);
    await("the annotated capture is open", () -> !windows("all.pcapng").isEmpty());

    choose(FINDINGS);
    assertThat(awaitText("MSS: findings", text -> text.contains("findings on")))
        .containsPattern(
            "WARN +mss.clamped, 4 packets\\R +MSS 1460 became 1380 .*\\R +frames 1, 2, 3, 4");
  }

  /**
   * A file that is dragged into a field becomes a URL; a name is looked for in the folder used
   * last.
   */
  @Test
  void compareTakesTheOpenCaptureUrlsAndNamesInTheFolderUsedLast() throws Exception {
    open(folder.resolve("client.pcap"));
    String url = folder.resolve("server.pcap").toUri().toString();
    fillIn(choose(COMPARE), "", url, folder + "/by-url");
    assertThat(showResult("MSS: compare"))
        .contains("client annotated: " + folder.resolve("by-url/client.pcapng"));

    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.copy(folder.resolve("client.pcap"), elsewhere.resolve("client.pcap"));
    open(elsewhere.resolve("client.pcap"));
    fillIn(choose(COMPARE), "", "server.pcap", folder + "/by-name");
    assertThat(showResult("MSS: compare"))
        .contains("client annotated: " + folder.resolve("by-name/client.pcapng"));
  }

  @Test
  void compareShowsTheProgramsErrorMessage() throws Exception {
    open(folder.resolve("client.pcap"));
    Files.writeString(folder.resolve("notes.txt"), "no capture at all\n");
    compare("client.pcap", "notes.txt", "nothing");
    CommandRun same = desktop.mssbridge("compare", folder + "/client.pcap", folder + "/notes.txt");
    assertThat(same.err()).contains("notes.txt");
    assertThat(showResult("MSS: compare"))
        .contains("mssbridge could not do it (status 3)")
        .contains(same.err().strip());
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void compareReportsAMissingCaptureAtOnce() throws Exception {
    open(folder.resolve("client.pcap"));
    compare("client.pcap", "elsewhere.pcap", "nothing");
    awaitText(
        "MSS: compare",
        text -> text.startsWith("This capture cannot be read: " + folder + "/elsewhere.pcap"));
  }

  @Test
  void extcapStreamHasTheFindingsOfBothPoints() throws Exception {
    open(
        "MSS compare: captures of two points",
        "-k",
        "-i",
        "mssbridge",
        "-o",
        "extcap.mssbridge.client:" + folder + "/client.pcap",
        "-o",
        "extcap.mssbridge.server:" + folder + "/server.pcap");
    await(
        "the findings of both are listed",
        () -> {
          choose(FINDINGS);
          return eventually(PRESS_AGAIN, () -> text(FINDINGS.title).contains("findings on"));
        });
    assertThat(text(FINDINGS.title))
        .contains("WARN    mss.clamped, 4 packets")
        .contains("MSS 1460 became 1380 between client and server");
  }

  private void open(Path capture) throws Exception {
    open(capture.getFileName().toString(), "-r", capture.toString());
  }

  private void open(String title, String... options) throws Exception {
    for (String window : List.of("MSS: explain", "MSS: compare", "MSS: findings")) {
      Files.deleteIfExists(scripts.resolve(window + ".txt"));
    }
    mainTitle = title;
    desktop.startWireshark(options);
    await(title + " is open", () -> !windows(title).isEmpty());
  }

  private void compare(String client, String server, String target) throws Exception {
    fillIn(choose(COMPARE), folder + "/" + client, folder + "/" + server, folder + "/" + target);
  }

  /** Chooses from the menu and returns the window that opens. */
  private String choose(Entry entry) throws Exception {
    List<String> before = windows(entry.title);
    List<String> opened = new ArrayList<>();
    await(
        entry + " opens a window",
        () -> {
          focus(mainTitle);
          // MSS is the last entry of Tools.
          desktop.output("xdotool", "key", "Escape", "Escape", "alt+t", "Up", "Right");
          for (int above = 0; above < entry.above; above++) {
            desktop.output("xdotool", "key", "Down");
          }
          desktop.output("xdotool", "key", "Return");
          return eventually(
              PRESS_AGAIN,
              () -> {
                opened.addAll(windows(entry.title));
                opened.removeAll(before);
                return !opened.isEmpty();
              });
        });
    return opened.get(0);
  }

  /** Fills in the fields of a dialog, from top to bottom. */
  private static void fillIn(String window, String... texts) throws Exception {
    desktop.output("xdotool", "windowfocus", "--sync", window);
    int width =
        desktop
            .output("xdotool", "getwindowgeometry", "--shell", window)
            .lines()
            .filter(line -> line.startsWith("WIDTH="))
            .mapToInt(line -> Integer.parseInt(line.substring("WIDTH=".length())))
            .findFirst()
            .orElseThrow();
    click(window, width - 60, 18);
    for (String text : texts) {
      desktop.output("xdotool", "type", "--delay", "3", text);
      desktop.output("xdotool", "key", "Tab");
    }
    // Back to the last field, where Return means OK.
    desktop.output("xdotool", "key", "shift+Tab", "Return");
  }

  /** Presses the button until the program is done. */
  private static String showResult(String title) throws Exception {
    String[] text = {""};
    await(
        "a result in " + title,
        () -> {
          press(title, 0);
          text[0] = text(title);
          return !text[0].contains("Not done yet") && !text[0].contains("runs in the background");
        });
    return text[0];
  }

  /** Presses the button with {@code before} buttons before it. */
  private static void press(String title, int before) throws Exception {
    String window = focus(title);
    // From the text through the field Highlight to the first button.
    click(window, 30, 30);
    desktop.output("xdotool", "key", "Tab", "Tab");
    for (int button = 0; button < before; button++) {
      desktop.output("xdotool", "key", "Tab");
    }
    desktop.output("xdotool", "key", "space");
  }

  private static void click(String window, int right, int down) throws Exception {
    desktop.output("xdotool", "mousemove", "--window", window, right + "", down + "", "click", "1");
  }

  private static String awaitText(String title, Predicate<String> expected) throws Exception {
    await("the right text in " + title, () -> expected.test(text(title)));
    return text(title);
  }

  /** The text of the window with this title; empty if there was none. */
  private static String text(String title) throws IOException {
    Path file = scripts.resolve(title + ".txt");
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }

  /** Waits for a window with this title, and gives it the keyboard focus. */
  private static String focus(String title) throws Exception {
    List<String> found = new ArrayList<>();
    await(
        title + " is open",
        () -> {
          found.addAll(windows(title));
          return !found.isEmpty();
        });
    desktop.output("xdotool", "windowfocus", "--sync", found.get(0));
    return found.get(0);
  }

  /** The windows with a text in their title, the last opened first. */
  private static List<String> windows(String title) throws Exception {
    return desktop
        .output("xdotool", "search", "--onlyvisible", "--name", title)
        .lines()
        .sorted((one, other) -> Long.compare(Long.parseLong(other), Long.parseLong(one)))
        .toList();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static boolean eventually(Duration patience, Condition condition) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    boolean holds = condition.holds();
    while (!holds && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
      holds = condition.holds();
    }
    return holds;
  }

  private static void await(String what, Condition condition) throws Exception {
    boolean holds =
        eventually(
            PATIENCE,
            () -> {
              desktop.assertWiresharkRuns();
              return condition.holds();
            });
    assertThat(holds).as("%s; Wireshark said: %s", what, desktop.said()).isTrue();
  }
}
