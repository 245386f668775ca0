package org.mssbridge.spark;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * A folder on any file system of Hadoop, to write to. What is written appears whole, by one rename,
 * or not at all.
 */
final class Store {
  /** Where files are written before they get their names; Parquet's readers skip it. */
  private static final String UNFINISHED = "_unfinished-";

  private final FileSystem files;
  private final Path root;

  private Store(FileSystem files, Path root) {
    this.files = files;
    this.root = root;
  }

  /**
   * Opens a folder, which need not exist.
   *
   * @param name a URI, or an absolute name of this machine
   */
  static Store of(String name, Configuration configuration) throws IOException {
    try {
      Path path = name.contains("://") ? new Path(name) : new Path("file", null, name);
      FileSystem files = path.getFileSystem(configuration);
      // Without the files of sums that Hadoop puts beside each.
      return new Store(files instanceof LocalFileSystem local ? local.getRaw() : files, path);
    } catch (IllegalArgumentException e) {
      throw new IOException(name + ": cannot be the name of a folder", e);
    }
  }

  /** A name that does not depend on the folder that the program was started in. */
  static String absolute(String name) {
    return name.contains("://") ? name : new File(name).getAbsoluteFile().toPath().normalize() + "";
  }

  /** The folder within this one. */
  Store in(String name) {
    return new Store(files, path(name));
  }

  private Path path(String name) {
    return name.isEmpty()
        ? root
        : new Path(
            root.toUri().getScheme(),
            root.toUri().getAuthority(),
            root.toUri().getPath().replaceAll("/+$", "") + "/" + name);
  }

  boolean exists(String name) throws IOException {
    return files.exists(path(name));
  }

  /** The names of what is in this folder, without what is unfinished; empty if there is none. */
  List<String> names() throws IOException {
    try {
      return Stream.of(files.listStatus(root))
          .map(status -> status.getPath().getName())
          .filter(name -> !name.startsWith(UNFINISHED))
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  void make() throws IOException {
    files.mkdirs(root);
  }

  void remove(String name) throws IOException {
    files.delete(path(name), true);
  }

  /** Removes what killed tasks did not finish. */
  void removeUnfinished() throws IOException {
    List<Path> left = new ArrayList<>();
    if (files.exists(root)) {
      for (FileStatus status : files.listStatus(root)) {
        if (status.getPath().getName().startsWith(UNFINISHED)) {
          left.add(status.getPath());
        }
      }
    }
    for (Path path : left) {
      files.delete(path, true);
    }
  }

  InputStream open(String name) throws IOException {
    return files.open(path(name));
  }

  String text(String name) throws IOException {
    try (InputStream content = open(name)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Copies a file, or a folder with all in it, to this folder; what has that name is replaced. */
  void put(java.nio.file.Path local, String name) throws IOException {
    Path unfinished = path(UNFINISHED + UUID.randomUUID());
    try {
      copy(local, unfinished);
      move(unfinished, path(name));
    } catch (IOException | RuntimeException | FSError e) {
      try {
        files.delete(unfinished, true);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      if (e instanceof FSError) {
        // So Hadoop's local file system says that a disk is full.
        throw new IOException(this + ": " + reason(e) + "; free some space", e);
      }
      throw e;
    }
  }

  private static String reason(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return String.valueOf(cause.getMessage());
  }

  private void move(Path from, Path to) throws IOException {
    if (!files.exists(to)) {
      rename(from, to);
    } else if (!files.getFileStatus(to).isFile() || !replace(from, to)) {
      files.delete(to, true);
      rename(from, to);
    }
  }

  /**
   * Replaces a file in one step, so that one of both is there whenever this program is killed.
   *
   * @return false if this file system has no such step
   */
  private boolean replace(Path from, Path to) throws IOException {
    if (isLocal()) {
      Files.move(
          local(from),
          local(to),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return true;
    }
    try {
      FileContext.getFileContext(files.getUri(), files.getConf())
          .rename(from, to, Options.Rename.OVERWRITE);
      return true;
    } catch (UnsupportedFileSystemException e) {
      return false;
    }
  }

  private boolean isLocal() {
    return files.getUri().getScheme().toLowerCase(Locale.ROOT).equals("file");
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("could not be renamed to " + to.getName());
    }
  }

  private void copy(java.nio.file.Path local, Path target) throws IOException {
    if (Files.isDirectory(local)) {
      files.mkdirs(target);
      try (Stream<java.nio.file.Path> inside = Files.list(local)) {
        for (java.nio.file.Path each : inside.sorted().toList()) {
          copy(each, new Path(target, new Path(null, null, each.getFileName().toString())));
        }
      }
      return;
    }
    try (OutputStream out = files.create(target, true)) {
      Files.copy(local, out);
    }
  }

  /** Moves a folder within this one; one of that name is moved out of the way before. */
  void replace(String name, String by, String outOfTheWay) throws IOException {
    if (files.exists(path(name))) {
      rename(path(name), path(outOfTheWay));
    }
    rename(path(by), path(name));
  }

  /**
   * Writes a small file unless it exists.
   *
   * @return false if it exists
   */
  boolean create(String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (isLocal()) {
        // Hadoop looks first and writes then.
        Files.write(local(path(name)), bytes, StandardOpenOption.CREATE_NEW);
        return true;
      }
      try (OutputStream out = files.create(path(name), false)) {
        out.write(bytes);
      }
      return true;
    } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return isLocal() ? root.toUri().getPath() : root.toString();
  }
}
