package org.mssbridge.tshark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * Queries the features of a tshark, with the configuration and plugins of the user.
 *
 * @param tshark the tshark to query
 */
public record Probe(Tshark tshark) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * The folders where it looks for plugins, profiles and extcaps.
   *
   * @param system true for the machine's folders, false for the user's
   * @throws TsharkException if it does not name them
   */
  public WiresharkFolders folders(boolean system) throws TsharkException {
    // Not in a user namespace, where it would name the folders of user "nobody".
    Child.Result result = run(false, "-G", "folders");
    WiresharkFolders folders =
        WiresharkFolders.parse(result.output(), system)
            .orElseThrow(
                () ->
                    new TsharkException(
                        program() + " does not name its folders; it said: " + result.complaint()));
    if (!folders.areText()) {
      throw new TsharkException(
          Printable.of(folders.configuration())
              + ": a folder of Wireshark's whose name is not text, or has a line break, cannot be"
              + " used; look at HOME and XDG_CONFIG_HOME");
    }
    return folders;
  }

  /** Whether it was built with Lua. */
  public boolean hasLua() throws TsharkException {
    String words = run(false, "--version").output().replaceAll("\\s+", " ");
    return words.contains("with Lua") || words.contains("+Lua"); // "+Lua" since 4.6
  }

  /** Whether it knows a field, for example of a plugin. */
  public boolean knowsField(String field) throws TsharkException, IOException {
    return readsNothing("-T", "fields", "-e", field);
  }

  /** Whether it finds a profile by its name. */
  public boolean hasProfile(String profile) throws TsharkException, IOException {
    return readsNothing("-C", profile);
  }

  /** Whether it lists an interface of this name; empty if it cannot list interfaces. */
  public Optional<Boolean> hasInterface(String name) throws TsharkException {
    Child.Result result = run(false, "-D");
    return result.status() == 0
        ? Optional.of(result.output().lines().anyMatch(line -> line.contains(". " + name + " (")))
        : Optional.empty();
  }

  /** Whether it silently skips this user's plugins. */
  public boolean skipsPlugins() {
    return tshark.skipsScripts();
  }

  private String program() {
    return Printable.of(tshark.program());
  }

  private boolean readsNothing(String... options) throws TsharkException, IOException {
    try (Leftover folder = Leftover.temporary()) {
      Path empty = Files.createFile(folder.path().resolve("empty.pcap"));
      List<String> arguments = new ArrayList<>(List.of("-n", "-r", empty.toString()));
      arguments.addAll(List.of(options));
      return run(true, arguments.toArray(String[]::new)).status() == 0;
    }
  }

  private Child.Result run(boolean withPlugins, String... arguments) throws TsharkException {
    List<String> command =
        new ArrayList<>(withPlugins ? tshark.command() : List.of(tshark.program()));
    command.addAll(List.of(arguments));
    try {
      return Child.run(command, Map.of("LC_ALL", "C.UTF-8"), PATIENCE);
    } catch (IOException e) {
      throw new TsharkException(program() + ": could not be run", e);
    }
  }
}
