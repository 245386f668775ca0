package org.mssbridge.tshark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What keeps a tshark that a hostile capture has taken over from doing harm: it has no network,
 * sees all files read-only, has no privileges and gets none, and its memory, processes and
 * processor time are bounded. Only on Linux, where namespaces are allowed to users.
 *
 * @param name for people, such as {@code bubblewrap}
 * @param prefix the words before the program's name; empty without a sandbox
 * @param isWhole whether it keeps all of that
 */
public record Sandbox(String name, List<String> prefix, boolean isWhole) {
  /** Whether one is used. */
  public enum Mode {
    /** Where there is one. */
    AUTO,
    /** Always; otherwise nothing is read. */
    REQUIRE,
    /** Never. */
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** No sandbox. */
  static final Sandbox NONE = new Sandbox("none", List.of(), false);

  /**
   * None either, but tshark does not notice that it runs as root: from 4.1 on it then loads no
   * scripts.
   */
  static final Sandbox NO_ROOT =
      new Sandbox("a user namespace only", List.of("unshare", "-U"), false);

  /**
   * tshark itself is one process of a few threads. The kernel does not count those of root; they
   * end with the first one at the latest.
   */
  private static final String MOST_PROCESSES = "64";

  private static final String MOST_CPU_SECONDS = String.valueOf(24 * 60 * 60);

  private static final Path MEMORY = Path.of("/proc/meminfo");

  private static final String TOTAL = "MemTotal:";

  /**
   * Mounts everything read-only, and checks it, before it gives up the right to mount. A device can
   * be written to wherever it is. A mount whose name needs a backslash in that table is not looked
   * for: then there is no sandbox of this kind.
   */
  private static final String READ_ONLY =
      """
      while read -r _ _ _ _ at _; do
        mount -o remount,bind,ro "$at" 2>/dev/null
      done </proc/self/mountinfo
      while read -r _ _ _ _ at _; do
        case $at in *\\\\*) exit 125 ;; esac
        if [ -d "$at" ] || [ -f "$at" ]; then
          [ ! -w "$at" ] || exit 125
        fi
      done </proc/self/mountinfo
      exec "$@"
      """;

  public Sandbox {
    prefix = List.copyOf(prefix);
  }

  /** Those that may be possible here, the best one first. */
  static List<Sandbox> candidates() {
    return System.getProperty("os.name").equals("Linux")
        ? candidates(memoryBytes().map(bytes -> bytes / 4 * 3))
        : List.of();
  }

  /** The same with another limit of memory. */
  static List<Sandbox> candidates(Optional<Long> memoryBytes) {
    List<String> bubblewrap =
        List.of(
            ("bwrap --unshare-all --die-with-parent --uid 65534 --gid 65534 --cap-drop ALL"
                    + " --ro-bind / / --dev /dev --")
                .split(" "));
    List<String> namespaces =
        List.of(
            ("unshare --user --map-root-user --mount --net --ipc --uts --pid --fork --kill-child"
                    + " sh -c")
                .split(" "));
    // In a user namespace of its own it can undo nothing of this, and is not root.
    List<String> inside =
        List.of(READ_ONLY, "sh", "unshare", "--user", "setpriv", "--no-new-privs", "--");
    List<String> limits = limits(memoryBytes);
    return List.of(
        new Sandbox("bubblewrap", join(bubblewrap, limits), true),
        new Sandbox("namespaces", join(join(namespaces, inside), limits), true));
  }

  private static List<String> join(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** No file grows, so nothing is written into one either; a pipe is no file. */
  private static List<String> limits(Optional<Long> memoryBytes) {
    List<String> limits =
        new ArrayList<>(List.of("prlimit", "--fsize=0", "--core=0", "--nproc=" + MOST_PROCESSES));
    limits.add("--cpu=" + MOST_CPU_SECONDS);
    memoryBytes.ifPresent(bytes -> limits.add("--as=" + bytes));
    return limits;
  }

  /** The memory of this machine: whoever takes more makes all others wait. */
  private static Optional<Long> memoryBytes() {
    try (Stream<String> lines = Files.lines(MEMORY)) {
      return lines
          .filter(line -> line.startsWith(TOTAL))
          .map(line -> line.substring(TOTAL.length()).replace("kB", "").strip())
          .map(kib -> Long.parseLong(kib) * 1024)
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The command that runs another one in it. */
  List<String> around(List<String> command) {
    return join(prefix, command);
  }
}
