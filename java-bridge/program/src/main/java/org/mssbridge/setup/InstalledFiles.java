package org.mssbridge.setup;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;

/**
 * The manifest of an installation, so that exactly the installed files can be removed: one line per
 * file, with the SHA-256 of its content, and one line for each folder that was created. A file has
 * several checksums while it is being replaced.
 */
final class InstalledFiles {
  private static final String FOLDER = "folder";

  private final Map<Path, Set<String>> sums = new LinkedHashMap<>();
  private final Set<Path> folders = new TreeSet<>();

  /** Reads a manifest; it is empty if there is no such file. */
  static InstalledFiles read(Path file) throws IOException {
    InstalledFiles manifest = new InstalledFiles();
    if (!Files.exists(file)) {
      return manifest;
    }
    try {
      for (String line : lines(file)) {
        int gap = line.indexOf("  ");
        Path path =
            file.getFileSystem().getPath(line.substring(gap < 0 ? line.length() + 1 : gap + 2));
        if (line.startsWith(FOLDER)) {
          manifest.folders.add(path);
        } else {
          manifest.add(path, line.substring(0, gap));
        }
      }
      return manifest;
    } catch (CharacterCodingException | IndexOutOfBoundsException | InvalidPathException e) {
      throw new IOException(
          Printable.of(file) + ": is no list of installed files; remove it, then install again", e);
    }
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(Printable.of(file) + ": is no regular file; move it away");
    }
    return Files.readAllLines(file);
  }

  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    sums.forEach((path, each) -> each.forEach(sum -> lines.add(sum + "  " + path)));
    folders.forEach(folder -> lines.add(FOLDER + "  " + folder));
    lines.add("");
    write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8), "rw-r--r--");
  }

  /** Writes a file that a Wireshark that starts meanwhile sees whole or not at all. */
  static void write(Path file, byte[] content, String permissions) throws IOException {
    try (Leftover part =
        Leftover.of(
            () -> Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part"))) {
      // Not created anew: a program that is being stopped may have removed it.
      Files.write(part.path(), content, StandardOpenOption.WRITE);
      Permissions.set(part.path(), permissions);
      // Not all systems replace a file without being asked.
      Files.move(
          part.path(), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  void add(Path path, String sum) {
    sums.computeIfAbsent(path, p -> new LinkedHashSet<>()).add(sum);
  }

  /** Replaces all checksums of the file by this one. */
  void replace(Path path, String sum) {
    sums.put(path, new LinkedHashSet<>(Set.of(sum)));
  }

  void forget(Path path) {
    sums.remove(path);
  }

  void addFolder(Path folder) {
    folders.add(folder);
  }

  boolean isEmpty() {
    return sums.isEmpty();
  }

  List<Path> files() {
    return List.copyOf(sums.keySet());
  }

  /** The folders that were created, each before its subfolders. */
  List<Path> folders() {
    return List.copyOf(folders);
  }

  boolean holds(Path path) {
    return sums.containsKey(path);
  }

  /** Whether a file exists and is unchanged since it was installed. */
  boolean isUntouched(Path path) throws IOException {
    return Files.isRegularFile(path)
        && sums.getOrDefault(path, Set.of()).contains(sha256(Files.readAllBytes(path)));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
