package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.SearchPath;

/**
 * The versions that tsharks told earlier runs of this program, kept in its cache. tshark needs as
 * long to tell its version as to read a small capture. What is kept holds for one state of one
 * program's file in one sandbox.
 *
 * @param folder the program's cache; empty where nothing is kept
 */
record KnownVersions(Optional<Path> folder) {
  /** A program that the system itself runs. What a script starts may change without it. */
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private static final List<String> STATE = List.of("size", "lastModifiedTime", "ctime", "ino");

  private static final String END = "\n";

  /** A program's file in a state, and where what it said is kept. */
  private record Entry(Path file, String state) {}

  /** Those in the cache that the launcher names. */
  static KnownVersions inCache() {
    return new KnownVersions(
        Optional.of(System.getProperty("mssbridge.cache", ""))
            .filter(cache -> !cache.isEmpty())
            .map(cache -> Path.of(cache, "tshark-versions")));
  }

  /** The version that the program has told in this sandbox; empty if it has to be asked. */
  Optional<TsharkVersion> find(String program, Sandbox sandbox) {
    return entry(program, sandbox)
        .flatMap(
            entry -> {
              try {
                String kept = Files.readString(entry.file());
                String before = entry.state() + END;
                return kept.startsWith(before)
                    ? TsharkVersion.parse(kept.substring(before.length()))
                    : Optional.empty();
              } catch (IOException e) {
                return Optional.empty();
              }
            });
  }

  /** Keeps the version, if it can. */
  void keep(String program, Sandbox sandbox, TsharkVersion version) {
    entry(program, sandbox)
        .ifPresent(
            entry -> {
              try {
                Path folder = Files.createDirectories(entry.file().getParent());
                Leftover.clear(folder);
                try (Leftover scratch = Leftover.folder(folder, false)) {
                  Path part = scratch.path().resolve(entry.file().getFileName());
                  Files.writeString(part, entry.state() + END + version.line());
                  Files.move(
                      part,
                      entry.file(),
                      StandardCopyOption.ATOMIC_MOVE,
                      StandardCopyOption.REPLACE_EXISTING);
                }
              } catch (IOException e) {
                return; // The next run asks again.
              }
            });
  }

  /** Empty where nothing may be kept of this program. */
  private Optional<Entry> entry(String program, Sandbox sandbox) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    return SearchPath.find(program)
        .flatMap(
            found -> {
              try {
                Path real = found.toRealPath();
                return isRunBySystem(real) ? Optional.of(entry(real, sandbox)) : Optional.empty();
              } catch (IOException | UnsupportedOperationException e) {
                return Optional.empty(); // Also where files have no such state, as on Windows.
              }
            });
  }

  private Entry entry(Path real, Sandbox sandbox) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(real, "unix:" + String.join(",", STATE), LinkOption.NOFOLLOW_LINKS);
    StringBuilder state = new StringBuilder().append(real).append(END);
    STATE.forEach(name -> state.append(attributes.get(name)).append(' '));
    state
        .append(END)
        .append(System.getenv().getOrDefault("LD_LIBRARY_PATH", ""))
        .append(END)
        .append(String.join(" ", sandbox.prefix()).replaceAll("\\s+", " "));
    String name = Integer.toHexString(real.hashCode()) + "-" + sandbox.name().replace(' ', '-');
    return new Entry(folder.orElseThrow().resolve(name), state.toString());
  }

  private static boolean isRunBySystem(Path real) throws IOException {
    try (InputStream content = Files.newInputStream(real)) {
      return Arrays.equals(content.readNBytes(ELF.length), ELF);
    }
  }
}
