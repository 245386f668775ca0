package org.mssbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installs the plugin into Wireshark and removes it again, in a separate home folder. */
class InstallTest {
  /** In a folder with all that the scripts must quote in the path of the launcher. */
  @TempDir private static Path parent;

  private static Installation program;

  @TempDir private Path home;

  @BeforeAll
  static void install() throws IOException {
    program = Installation.in(Files.createDirectory(parent.resolve("it's ]==] \"$HERE\" \\n\n")));
  }

  @BeforeEach
  void somethingIsThereBefore() throws IOException {
    Files.createDirectories(home.resolve(".config/wireshark/profiles/Mine"));
    Files.writeString(home.resolve(".config/wireshark/preferences"), "# mine\n");
  }

  private CommandRun run(Object... words) throws IOException, InterruptedException {
    ProcessBuilder builder =
        program.command(
            Stream.concat(Stream.of(words[0]), Stream.of(words).skip(1)).toArray(Object[]::new));
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CONFIG_HOME", home + "/.config");
    builder.environment().put("DISPLAY", ":9"); // Nothing here opens a window.
    builder.environment().keySet().removeIf(name -> name.startsWith("WIRESHARK_"));
    return Installation.run(builder);
  }

  private CommandRun mssbridge(String... words) throws IOException, InterruptedException {
    return run(Stream.concat(Stream.of(program.launcher()), Stream.of(words)).toArray());
  }

  private Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(home)) {
      for (Path path : paths.filter(p -> !p.equals(home)).toList()) {
        tree.put(
            home.relativize(path).toString(),
            Files.isDirectory(path)
                ? "folder"
                : Files.readString(path, StandardCharsets.UTF_8) + Files.getLastModifiedTime(path));
      }
    }
    return tree;
  }

  @Test
  void uninstallRemovesExactlyWhatWasInstalled() throws Exception {
    Map<String, String> before = tree();
    assertThat(mssbridge("install").status()).isZero();
    Map<String, String> installed = tree();
    assertThat(installed).containsAllEntriesOf(before).hasSizeGreaterThan(before.size() + 10);

    CommandRun again = mssbridge("install");
    assertThat(again.out()).startsWith("nothing to do");
    assertThat(again.status()).isZero();
    assertThat(tree()).as("after the second install").isEqualTo(installed);

    assertThat(mssbridge("install", "--uninstall").status()).isZero();
    assertThat(tree()).as("after the uninstall").isEqualTo(before);
  }

  @Test
  void filesChangedByTheUserAreKeptAndNamed() throws Exception {
    mssbridge("install");
    Path colours = home.resolve(".config/wireshark/profiles/MSS/colorfilters");
    Files.writeString(colours, "# mine now\n");

    CommandRun again = mssbridge("install");
    assertThat(again.out()).contains("left", colours + ": was changed");
    assertThat(again.status()).isEqualTo(1);
    CommandRun removed = mssbridge("install", "--uninstall");
    assertThat(removed.out()).contains("left     " + colours + ": was changed");
    assertThat(removed.status()).isEqualTo(1);
    assertThat(colours).hasContent("# mine now\n");
    assertThat(home.resolve(".local")).doesNotExist();
  }

  @Test
  void foreignFilesAreNeverReplaced() throws Exception {
    Path script =
        Files.createDirectories(home.resolve(".local/lib/wireshark/plugins")).resolve("mss.lua");
    Files.writeString(script, "-- another plugin of this name\n");

    CommandRun run = mssbridge("install");
    assertThat(run.out()).contains("left     " + script + ": was there, not put by mssbridge");
    assertThat(run.err()).contains("move it away");
    assertThat(run.status()).isEqualTo(1);
    mssbridge("install", "--uninstall");
    assertThat(script).hasContent("-- another plugin of this name\n");
  }

  @Test
  void earlierVersionIsReplaced() throws Exception {
    mssbridge("install");
    Path script = home.resolve(".local/lib/wireshark/plugins/mss.lua");
    Path source = program.folder().resolve("lua/mss.lua");
    String text = Files.readString(source);
    Files.writeString(source, text + "-- newer\n");
    try {
      assertThat(mssbridge("doctor").out()).contains(script + " is of another version");
      assertThat(mssbridge("install").out().lines().toList()).containsExactly("put      " + script);
      assertThat(script).hasContent(text + "-- newer\n");
    } finally {
      Files.writeString(source, text);
    }
  }

  @Test
  void leftoverOfAnEarlierVersionIsNamedAndRemoved() throws Exception {
    Path module = program.folder().resolve("lua/mss/old.lua");
    Files.writeString(module, "return {}\n");
    try {
      mssbridge("install");
    } finally {
      Files.delete(module);
    }
    Path left = home.resolve(".local/lib/wireshark/plugins/mss/old.lua");
    CommandRun ill = mssbridge("doctor");
    assertThat(ill.out()).contains("bad   " + left + " is left from an earlier version");
    assertThat(ill.status()).isEqualTo(1);
    assertThat(mssbridge("install").out().lines().toList()).containsExactly("removed  " + left);
    assertThat(mssbridge("doctor").out()).doesNotContain("earlier version");
  }

  @Test
  void whatIsInstalledForAllIsNotInstalledTwice() throws Exception {
    Path tshark = tsharkOfAll();
    mssbridge("install", "--system", "--tshark", tshark.toString());
    Map<String, String> before = tree();
    CommandRun own = mssbridge("install", "--tshark", tshark.toString());
    assertThat(own.out()).contains("this version is installed for all users of this machine");
    assertThat(own.status()).isZero();
    before.remove("all"); // A folder in both.
    assertThat(tree()).containsAllEntriesOf(before).doesNotContainKey(".local");
    // As Wireshark copies it when it is used; then another version comes for all.
    Path copy = Files.createDirectories(home.resolve(".config/wireshark/profiles/MSS"));
    for (String name : List.of("preferences", "colorfilters", "dfilter_buttons")) {
      Files.copy(home.resolve("all/share/profiles/MSS/" + name), copy.resolve(name));
    }
    Files.writeString(copy.resolve("colorfilters"), "# of another version\n");
    assertThat(mssbridge("install", "--tshark", tshark.toString()).out()).contains("nothing to do");
    assertThat(mssbridge("doctor", "--tshark", tshark.toString()).out())
        .contains("note  the profile MSS that Wireshark copied for you is of another version")
        .doesNotContain("bad   the profile");
    Files.delete(home.resolve("all/lib/mss.lua"));
    assertThat(mssbridge("install", "--tshark", tshark.toString()).out()).contains("put ");
  }

  @Test
  void doctorReportsMissingFilesAndThenSuccess() throws Exception {
    CommandRun ill = mssbridge("doctor");
    assertThat(ill.status()).isEqualTo(1);
    assertThat(ill.out())
        .contains("ok    faster starts are prepared, once for this version")
        .contains("bad   the post-dissector is not installed: run: mssbridge install")
        .contains("bad   the profile MSS is not installed")
        .contains("bad   the extcap is not installed");
    mssbridge("install");
    CommandRun well = mssbridge("doctor");
    assertThat(well.out()).doesNotContain("bad ").contains("ok    post-dissector in");
    assertThat(well.status()).isZero();
  }

  @Test
  void doctorReportsAScriptThatDoesNotLoad() throws Exception {
    mssbridge("install");
    Path module = home.resolve(".local/lib/wireshark/plugins/mss/fields.lua");
    Files.writeString(module, "this is no Lua");
    assertThat(mssbridge("doctor").out())
        .contains("fields.lua was changed by you")
        .contains("bad   post-dissector")
        .contains("tshark does not take it");
  }

  @Test
  void doctorNamesAProgramThatIsNotTshark() throws Exception {
    CommandRun run = mssbridge("doctor", "--tshark", "/bin/true");
    assertThat(run.out()).contains("bad   /bin/true: is not tshark");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void menuKnowsTheLauncherWhateverItsPath() throws Exception {
    mssbridge("install");
    Path menu = home.resolve(".local/lib/wireshark/plugins/mss_menu.lua");
    String line =
        Files.readString(menu).lines().filter(l -> l.contains("local PROGRAM =")).findFirst().get();
    ProcessBuilder lua = program.command("lua5.4", "-e", line + "\nio.write(PROGRAM)");
    assertThat(Installation.run(lua).out()).isEqualTo(program.launcher());
  }

  /** A tshark whose folders for all users are in the home folder. */
  private Path tsharkOfAll() throws IOException {
    String all = home.resolve("all").toString();
    return program.tsharkThat(
        "[ \"$*\" != '-G folders' ] || { tshark -G folders | grep ^Personal; printf '%s:\\t%s\\n'"
            + (" 'Global configuration' '" + all + "/share' 'Global Lua Plugins' '" + all + "/lib'")
            + (" 'Extcap path' '" + all + "/extcap'; exit; }; exec tshark \"$@\""));
  }

  @Test
  void whatIsForAllCanBeReadByAll() throws Exception {
    Path tshark = tsharkOfAll();
    String narrow = "umask 077; exec \"$@\"";
    run("sh", "-c", narrow, "sh", program.launcher(), "install", "--system", "--tshark", tshark);
    try (Stream<Path> paths = Files.walk(home.resolve("all"))) {
      assertThat(paths)
          .hasSizeGreaterThan(10)
          .allSatisfy(path -> assertThat(modeOf(path)).matches("rw.r-[x-]r-[x-]"))
          .filteredOn(Files::isDirectory)
          .allSatisfy(folder -> assertThat(modeOf(folder)).isEqualTo("rwxr-xr-x"));
    }
    Path shut = home.resolve("all/share");
    Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("---------"));
    String system = "mssbridge install --system";
    CommandRun ill = run("unshare", "-U", program.launcher(), "doctor", "--tshark", tshark);
    assertThat(ill.out()).contains(shut + "/profiles/MSS/preferences cannot be read", system);
    assertThat(mssbridge("install", "--system", "--tshark", tshark.toString()).status()).isZero();
    assertThat(modeOf(shut)).isEqualTo("rwxr-xr-x");
  }

  private static String modeOf(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void foreignFoldersAreNotTouchedWithoutPermission() throws Exception {
    Path fake =
        program.tsharkThat(
            "printf 'Global configuration:\\t/proc/none\\nGlobal Lua Plugins:\\t/proc/none\\n"
                + "Extcap path:\\t/proc/none\\n'");
    CommandRun run = mssbridge("install", "--system", "--tshark", fake.toString());
    run.assertUnusable("/proc/none", "cannot be written");
  }

  @Test
  void openSaysWhatIsMissing() throws Exception {
    mssbridge("open", home.toString()).assertUnusable(home, "holds no annotated capture");
    Files.writeString(home.resolve("a.pcapng"), "");
    mssbridge("open", home.toString(), "--wireshark", "no-wireshark")
        .assertUnusable("no-wireshark", "install Wireshark");
  }

  @Test
  void openStartsOneWindowPerPointWithTheProfile() throws Exception {
    mssbridge("install");
    Path log = home.resolve("started");
    Path wireshark = program.tsharkThat("echo \"$*\" >>'" + log + "'");
    for (String name : List.of("client", "server")) {
      Files.writeString(home.resolve(name + ".pcapng"), "");
    }
    CommandRun run = mssbridge("open", home.toString(), "--wireshark", wireshark.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(Files.readAllLines(log).stream().sorted().collect(Collectors.toList()))
        .containsExactly(
            "-C MSS -r " + home.resolve("client.pcapng"),
            "-C MSS -r " + home.resolve("server.pcapng"));
  }

  @Test
  void extcapStreamsTheAnnotatedCaptures() throws Exception {
    mssbridge("install");
    assertThat(run("tshark", "-D").out())
        .contains("mssbridge (MSS compare: captures of two points)");
    Path[] captures = ReportOf.example("seed-20633");
    for (String point : List.of("client", "both")) {
      CommandRun shown =
          run(
              "tshark",
              "-i",
              "mssbridge",
              "-o",
              "extcap.mssbridge.client:" + captures[0],
              "-o",
              "extcap.mssbridge.server:" + captures[1],
              "-o",
              "extcap.mssbridge.point:" + point,
              "-T",
              "fields",
              "-e",
              "frame.interface_name",
              "-e",
              "mss.finding.code");
      List<String> lines = shown.out().lines().toList();
      assertThat(lines).as(shown.err()).hasSize(point.equals("both") ? 149 : 69);
      assertThat(lines).anyMatch(line -> line.contains("mss.clamped"));
    }
    Path ended = Files.copy(captures[0], home.resolve("client.pcap\n"));
    CommandRun named =
        run(
            "sh",
            "-c",
            "cd \"$3\" && mkfifo pipe || exit; \"$0\" --capture --fifo pipe --client \"$1\""
                + " --server \"$2\" --point client & grep -a -o 'MSS 1460 became 1380' pipe",
            home.resolve(".config/wireshark/extcap/mssbridge"),
            ended,
            captures[1],
            home);
    assertThat(named.out()).as(named.err()).contains("MSS 1460 became 1380");
    CommandRun failed = run("tshark", "-i", "mssbridge");
    assertThat(failed.err()).contains("choose the captures of both points first");
    assertThat(failed.status()).isNotZero();
  }
}
