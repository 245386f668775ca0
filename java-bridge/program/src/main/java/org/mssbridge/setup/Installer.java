package org.mssbridge.setup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.WiresharkFolders;

/**
 * Puts the post-dissector, menu, profile and extcap where a Wireshark looks for them, and takes
 * them away again. A file that is there and was not put by this program, or was changed since, is
 * never touched.
 */
public final class Installer {
  private static final String MANIFEST = "mssbridge.manifest";

  private final Path launcher;
  private final Path manifestFile;
  private final List<Piece> pieces;

  /** How a file stands that is to be there. */
  enum State {
    CURRENT,
    MISSING,
    /** As put by an earlier version, or not executable any more. */
    OUTDATED,
    /** Put by this program, and changed by somebody since. */
    CHANGED,
    /** Put by somebody else. */
    FOREIGN
  }

  /**
   * What was done.
   *
   * @param put files that were written
   * @param removed files that were taken away
   * @param left files that were left as they are, with the reason
   */
  public record Outcome(List<Path> put, List<Path> removed, List<String> left) {}

  /**
   * Looks at what there is to install.
   *
   * @param home this program's installation or checkout: what holds {@code lua} and {@code plugin}
   * @throws IOException if the installation is not whole
   */
  public Installer(Path home, WiresharkFolders folders) throws IOException {
    Path checkout = home.resolve("plugin/bin/mssbridge");
    this.launcher = Files.exists(checkout) ? checkout : home.resolve("bin/mssbridge");
    this.manifestFile = folders.configuration().resolve(MANIFEST);
    this.pieces = Piece.all(home, folders);
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** How the target of a piece stands. */
  State state(Piece piece) throws IOException {
    return state(piece, InstalledFiles.read(manifestFile));
  }

  private State state(Piece piece, InstalledFiles manifest) throws IOException {
    Path target = piece.target();
    if (!Files.exists(target)) {
      return State.MISSING;
    }
    boolean same =
        Files.isRegularFile(target)
            && Arrays.equals(Files.readAllBytes(target), piece.content(launcher));
    if (same && (!piece.isExecutable() || Files.isExecutable(target))) {
      return State.CURRENT;
    }
    if (manifest.isUntouched(target)) {
      return State.OUTDATED;
    }
    return manifest.holds(target) ? State.CHANGED : State.FOREIGN;
  }

  /**
   * Puts what is missing or outdated, and takes away what an earlier version put and this one does
   * not. Does nothing where all is current.
   *
   * @throws IOException if a folder cannot be written to; what was put until then is in the
   *     manifest
   */
  public Outcome install() throws IOException {
    InstalledFiles manifest = InstalledFiles.read(manifestFile);
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    List<Piece> toPut = new ArrayList<>();
    for (Piece piece : pieces) {
      switch (state(piece, manifest)) {
        case CURRENT -> {}
        case MISSING, OUTDATED -> toPut.add(piece);
        case CHANGED -> outcome.left.add(Printable.of(piece.target()) + ": was changed");
        case FOREIGN ->
            outcome.left.add(Printable.of(piece.target()) + ": was there, not put by mssbridge");
      }
    }
    List<Path> targets = pieces.stream().map(Piece::target).toList();
    List<Path> obsolete =
        manifest.files().stream().filter(file -> !targets.contains(file)).toList();
    if (toPut.isEmpty() && obsolete.isEmpty()) {
      return outcome;
    }
    // The manifest first: whatever happens then, it names all that may have been put.
    makeFolders(manifestFile.getParent(), manifest);
    for (Piece piece : toPut) {
      manifest.put(piece.target(), InstalledFiles.sha256(piece.content(launcher)));
      noteFolders(piece.target().getParent(), manifest);
    }
    write(manifest);
    for (Piece piece : toPut) {
      put(piece, manifest);
      outcome.put.add(piece.target());
    }
    remove(obsolete, manifest, outcome);
    write(manifest);
    return outcome;
  }

  /**
   * Takes away what was put and not changed since, then the folders that were made for it and are
   * empty, then the list of it.
   */
  public Outcome uninstall() throws IOException {
    InstalledFiles manifest = InstalledFiles.read(manifestFile);
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    remove(manifest.files(), manifest, outcome);
    deleteIfThere(manifestFile);
    List<Path> deepestFirst = new ArrayList<>(manifest.folders());
    Collections.reverse(deepestFirst);
    for (Path folder : deepestFirst) {
      if (isEmptyFolder(folder)) {
        deleteIfThere(folder);
      }
    }
    return outcome;
  }

  private void remove(List<Path> files, InstalledFiles manifest, Outcome outcome)
      throws IOException {
    for (Path file : files) {
      if (manifest.isUntouched(file)) {
        deleteIfThere(file);
        outcome.removed.add(file);
      } else if (Files.exists(file)) {
        outcome.left.add(Printable.of(file) + ": was changed");
      }
      manifest.forget(file);
    }
  }

  private void put(Piece piece, InstalledFiles manifest) throws IOException {
    Path target = piece.target();
    byte[] content = piece.content(launcher);
    try {
      Files.createDirectories(target.getParent());
      // Beside its place first: a Wireshark that starts meanwhile sees it whole or not at all.
      Path part = target.resolveSibling("." + target.getFileName() + ".part");
      Files.write(part, content);
      Files.setPosixFilePermissions(
          part, PosixFilePermissions.fromString(piece.isExecutable() ? "rwxr-xr-x" : "rw-r--r--"));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
    manifest.settle(target, InstalledFiles.sha256(content));
  }

  private void write(InstalledFiles manifest) throws IOException {
    try {
      manifest.write(manifestFile);
    } catch (IOException e) {
      throw cannotWrite(manifestFile, e);
    }
  }

  private static void makeFolders(Path folder, InstalledFiles manifest) throws IOException {
    noteFolders(folder, manifest);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
  }

  private static void noteFolders(Path folder, InstalledFiles manifest) {
    for (Path each = folder; each != null && !Files.exists(each); each = each.getParent()) {
      manifest.putFolder(each);
    }
  }

  private static void deleteIfThere(Path path) throws IOException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw cannotWrite(path, e);
    }
  }

  private static boolean isEmptyFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  private static IOException cannotWrite(Path path, IOException cause) {
    boolean denied = cause instanceof AccessDeniedException;
    String why = denied ? "permission denied" : Printable.of(String.valueOf(cause.getMessage()));
    String wayOut =
        denied ? "; --system needs root, and without it your own folders must be yours" : "";
    return new IOException(Printable.of(path) + ": cannot be written: " + why + wayOut, cause);
  }
}
