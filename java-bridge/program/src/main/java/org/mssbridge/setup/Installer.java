package org.mssbridge.setup;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.WiresharkFolders;

/**
 * Installs the post-dissector, menu, profile and extcap in the folders where a Wireshark looks for
 * them, and uninstalls them. An existing file that this program did not install, or that was
 * changed since, is never touched.
 */
public final class Installer {
  private static final String MANIFEST = "mssbridge.manifest";
  private static final String READABLE = "rw-r--r--";

  /** A program, or a folder. */
  private static final String EXECUTABLE = "rwxr-xr-x";

  private final Path launcher;
  private final boolean isShared;
  private final Path manifestFile;
  private final List<Piece> pieces;

  /** The state of a file that should be installed. */
  enum State {
    CURRENT,
    MISSING,
    /** Installed by another version and unchanged since, or not with the right permissions. */
    OUTDATED,
    /** This user cannot read it, or not see whether it is there. */
    UNREADABLE,
    /** Installed by this program and changed since. */
    CHANGED,
    /** Not installed by this program. */
    FOREIGN
  }

  /**
   * What was done.
   *
   * @param put files that were written
   * @param removed files that were removed
   * @param left files that were left as they are, with the reason
   * @param failed files that could not be written or removed, with the reason
   */
  public record Outcome(
      List<Path> put, List<Path> removed, List<String> left, List<String> failed) {
    static Outcome empty() {
      return new Outcome(
          new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /**
   * Finds the files to install.
   *
   * @param home this program's installation or checkout, which contains {@code lua} and {@code
   *     plugin}
   * @throws IOException if the installation is incomplete
   */
  public Installer(Path home, WiresharkFolders folders) throws IOException {
    Path checkout = home.resolve("plugin/bin/mssbridge");
    this.launcher =
        Piece.isOnWindows(home)
            ? home.resolve("bin/mssbridge.cmd")
            : Files.exists(checkout) ? checkout : home.resolve("bin/mssbridge");
    this.isShared = folders.isShared();
    this.manifestFile = folders.configuration().resolve(MANIFEST);
    this.pieces = Piece.all(home, folders);
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** The state of the target of a piece. */
  State state(Piece piece) throws IOException {
    return isUnreadable(piece.target()) || isUnreadable(manifestFile)
        ? State.UNREADABLE
        : state(piece, InstalledFiles.read(manifestFile));
  }

  /** Not if it is surely missing. */
  private static boolean isUnreadable(Path file) {
    return !Files.notExists(file) && !Files.isReadable(file);
  }

  private State state(Piece piece, InstalledFiles manifest) throws IOException {
    Path target = piece.target();
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return State.MISSING;
    }
    boolean same =
        Files.isRegularFile(target)
            && Arrays.equals(Files.readAllBytes(target), piece.content(launcher));
    if (same
        && (!piece.isExecutable() || Files.isExecutable(target))
        && isForItsUsers(target, manifest)) {
      return State.CURRENT;
    }
    if (manifest.isUntouched(target)) {
      return State.OUTDATED;
    }
    return manifest.holds(target) ? State.CHANGED : State.FOREIGN;
  }

  /** Whether a shared file and the folders that were made for it can be read by all. */
  private boolean isForItsUsers(Path target, InstalledFiles manifest) throws IOException {
    if (!isShared) {
      return true;
    }
    for (Path each = target; each != null; each = each.getParent()) {
      if ((each.equals(target) || manifest.folders().contains(each))
          && !Permissions.isReadableByAll(each)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Installs missing and outdated files, and removes files of an earlier version that this version
   * no longer has. Does nothing if everything is current. A file that cannot be written does not
   * keep the others from being installed.
   *
   * @throws IOException if the manifest cannot be written
   */
  public Outcome install() throws IOException {
    InstalledFiles manifest = InstalledFiles.read(manifestFile);
    Outcome outcome = Outcome.empty();
    List<Piece> toInstall = new ArrayList<>();
    for (Piece piece : pieces) {
      switch (state(piece, manifest)) {
        case CURRENT -> {}
        case MISSING, OUTDATED -> toInstall.add(piece);
        case CHANGED -> outcome.left.add(Printable.of(piece.target()) + ": was changed");
        case UNREADABLE -> outcome.left.add(Printable.of(piece.target()) + ": cannot be read");
        case FOREIGN ->
            outcome.left.add(Printable.of(piece.target()) + ": was there, not put by mssbridge");
      }
    }
    List<Path> obsolete = obsolete(manifest);
    if (toInstall.isEmpty() && obsolete.isEmpty()) {
      return outcome;
    }
    // The manifest first, so that it names every installed file even if the program is interrupted.
    makeFolders(manifestFile.getParent(), manifest);
    for (Piece piece : toInstall) {
      manifest.add(piece.target(), InstalledFiles.sha256(piece.content(launcher)));
      noteFolders(piece.target().getParent(), manifest);
    }
    write(manifest);
    for (Piece piece : toInstall) {
      try {
        install(piece, manifest);
        outcome.put.add(piece.target());
      } catch (IOException e) {
        outcome.failed.add(e.getMessage());
      }
    }
    remove(obsolete, manifest, outcome);
    write(manifest);
    if (isShared) {
      openToAll(manifest);
    }
    return outcome;
  }

  /** What an earlier version installed and this version does not have, whether changed or not. */
  private List<Path> obsolete(InstalledFiles manifest) {
    Set<Path> targets = pieces.stream().map(Piece::target).collect(Collectors.toSet());
    return manifest.files().stream().filter(file -> !targets.contains(file)).toList();
  }

  /** The files of an earlier version that are still there, and that this version does not have. */
  List<Path> leftovers() throws IOException {
    return isUnreadable(manifestFile)
        ? List.of()
        : obsolete(InstalledFiles.read(manifestFile)).stream().filter(Files::exists).toList();
  }

  /** Whether all files of this version are installed and unchanged. */
  public boolean isComplete() throws IOException {
    return all(pieces, State.CURRENT);
  }

  /**
   * Whether no file is there, except perhaps of the profile: Wireshark itself copies one that is
   * for all users into the user's folder when it is used.
   */
  public boolean isAbsent() throws IOException {
    return all(
        pieces.stream().filter(piece -> piece.part() != Piece.Part.PROFILE).toList(),
        State.MISSING);
  }

  private boolean all(List<Piece> some, State common) throws IOException {
    for (Piece piece : some) {
      if (state(piece) != common) {
        return false;
      }
    }
    return true;
  }

  /** Also what a narrow umask closed to others. */
  private void openToAll(InstalledFiles manifest) throws IOException {
    Permissions.set(manifestFile, READABLE);
    for (Path folder : manifest.folders()) {
      if (Files.isDirectory(folder)) {
        Permissions.set(folder, EXECUTABLE);
      }
    }
  }

  /**
   * Removes the files that were installed and not changed since, then the manifest, then the
   * folders that were created for them and are empty.
   */
  public Outcome uninstall() throws IOException {
    InstalledFiles manifest = InstalledFiles.read(manifestFile);
    Outcome outcome = Outcome.empty();
    remove(manifest.files(), manifest, outcome);
    if (!outcome.failed.isEmpty()) {
      write(manifest); // It still names what is left.
      return outcome;
    }
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

  private static void remove(List<Path> files, InstalledFiles manifest, Outcome outcome) {
    for (Path file : files) {
      try {
        if (manifest.isUntouched(file)) {
          deleteIfThere(file);
          outcome.removed.add(file);
        } else if (Files.exists(file)) {
          outcome.left.add(Printable.of(file) + ": was changed");
        }
        manifest.forget(file);
      } catch (IOException e) {
        outcome.failed.add(e.getMessage());
      }
    }
  }

  private void install(Piece piece, InstalledFiles manifest) throws IOException {
    Path target = piece.target();
    byte[] content = piece.content(launcher);
    try {
      Files.createDirectories(target.getParent());
      InstalledFiles.write(target, content, piece.isExecutable() ? EXECUTABLE : READABLE);
    } catch (IOException e) {
      throw cannotWrite(target, e);
    }
    manifest.replace(target, InstalledFiles.sha256(content));
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
      manifest.addFolder(each);
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
