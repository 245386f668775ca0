package org.mssbridge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mssbridge.cli.ReportOf;
import org.mssbridge.tshark.WiresharkFolders;

/** On a file system with the paths of Windows, without permissions and shell: in memory. */
class WindowsInstallTest {
  /** As Wireshark 4.4 prints them there. */
  private static final String FOLDERS =
      """
      Temp:                \tC:\\Users\\me\\AppData\\Local\\Temp
      Personal configuration:\tC:\\Users\\me\\AppData\\Roaming\\Wireshark\\
      Global configuration:\tC:\\Program Files\\Wireshark
      Personal Lua Plugins:\tC:\\Users\\me\\AppData\\Roaming\\Wireshark\\plugins
      Global Lua Plugins:  \tC:\\Program Files\\Wireshark\\plugins
      Personal Extcap path:\tC:\\Users\\me\\AppData\\Roaming\\Wireshark\\extcap
      Global Extcap path:  \tC:\\Program Files\\Wireshark\\extcap\\wireshark
      """
          .replace("\n", "\r\n");

  private FileSystem disk;
  private Path home;

  @BeforeEach
  void unpack() throws IOException {
    disk = Jimfs.newFileSystem(Configuration.windows());
    home = disk.getPath("C:\\Users\\me\\mssbridge 0.2");
    for (String folder : List.of("lua", "plugin/menu", "plugin/profiles", "plugin/extcap")) {
      copy(ReportOf.projectRoot().resolve(folder), home.resolve(folder.replace('/', '\\')));
    }
  }

  @AfterEach
  void close() throws IOException {
    disk.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString().replace('/', '\\'));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private Installer installer(boolean system) throws IOException {
    return new Installer(home, WiresharkFolders.parse(FOLDERS, system, disk).orElseThrow());
  }

  @Test
  void foldersAreThoseOfWireshark() {
    WiresharkFolders own = WiresharkFolders.parse(FOLDERS, false, disk).orElseThrow();
    assertThat(own.configuration()).hasToString("C:\\Users\\me\\AppData\\Roaming\\Wireshark");
    assertThat(own.luaPlugins().orElseThrow())
        .hasToString("C:\\Users\\me\\AppData\\Roaming\\Wireshark\\plugins");
    WiresharkFolders shared = WiresharkFolders.parse(FOLDERS, true, disk).orElseThrow();
    assertThat(shared.configuration()).hasToString("C:\\Program Files\\Wireshark");
    assertThat(shared.extcaps()).hasToString("C:\\Program Files\\Wireshark\\extcap\\wireshark");
  }

  @Test
  void everythingButTheExtcapIsInstalledAndRemoved() throws IOException {
    Installer.Outcome outcome = installer(false).install();
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.put())
        .hasSizeGreaterThan(8)
        .extracting(Path::toString)
        .contains(
            "C:\\Users\\me\\AppData\\Roaming\\Wireshark\\plugins\\mss.lua",
            "C:\\Users\\me\\AppData\\Roaming\\Wireshark\\profiles\\MSS\\preferences")
        .noneMatch(file -> file.contains("extcap"));
    assertThat(installer(false).isComplete()).isTrue();
    assertThat(installer(false).install().put()).isEmpty();
    assertThat(installer(false).uninstall().removed()).hasSameSizeAs(outcome.put());
    assertThat(installer(false).isAbsent()).isTrue();
  }

  @Test
  void menuNamesTheLauncherOfWindows() throws IOException {
    installer(true).install();
    Path menu = disk.getPath("C:\\Program Files\\Wireshark\\plugins\\mss_menu.lua");
    assertThat(Files.readString(menu))
        .contains(
            "local PROGRAM = \"C:\\092Users\\092me\\092mssbridge 0.2\\092bin\\092mssbridge.cmd");
  }
}
