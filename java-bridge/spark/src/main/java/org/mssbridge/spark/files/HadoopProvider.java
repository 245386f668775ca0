package org.mssbridge.spark.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;

/** Reads from a file system of Hadoop. Its own errors become those of {@code java.nio}. */
final class HadoopProvider extends FileSystemProvider {
  private final HadoopFileSystem system;

  HadoopProvider(HadoopFileSystem system) {
    this.system = system;
  }

  /** Asks Hadoop. */
  private interface Question<T> {
    T ask(org.apache.hadoop.fs.FileSystem files, org.apache.hadoop.fs.Path path) throws IOException;
  }

  private <T> T ask(Path path, Question<T> question) throws IOException {
    try {
      HadoopPath absolute = (HadoopPath) path.toAbsolutePath().normalize();
      return question.ask(system.files(), absolute.hadoop());
    } catch (FileNotFoundException e) {
      throw caused(new NoSuchFileException(path.toString()), e);
    } catch (AccessControlException e) {
      throw caused(new AccessDeniedException(path.toString()), e);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      throw caused(new FileSystemException(path.toString(), null, e.getMessage()), e);
    }
  }

  private static IOException caused(IOException failure, Exception cause) {
    failure.initCause(cause);
    return failure;
  }

  @Override
  public String getScheme() {
    return system.files().getScheme();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    return HadoopPath.parse(system, uri.getPath());
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    requireRead(Set.of(options));
    return ask(path, (files, hadoop) -> files.open(hadoop));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    requireRead(options);
    long bytes = attributes(path).size();
    return ask(path, (files, hadoop) -> new HadoopChannel(files.open(hadoop), bytes));
  }

  private static void requireRead(Set<? extends OpenOption> options) {
    if (options.stream().anyMatch(option -> option != StandardOpenOption.READ)) {
      throw new ReadOnlyFileSystemException();
    }
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> inside = new ArrayList<>();
    for (FileStatus status : ask(folder, (files, path) -> files.listStatus(path))) {
      Path path =
          folder.resolve(new HadoopPath(system, false, List.of(status.getPath().getName())));
      if (filter.accept(path)) {
        inside.add(path);
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return inside.iterator();
      }

      @Override
      public void close() {
        // All of it was read.
      }
    };
  }

  @Override
  public boolean isSameFile(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }

  @Override
  public boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    attributes(path);
    if (Arrays.asList(modes).contains(AccessMode.WRITE)) {
      throw new AccessDeniedException(path.toString());
    }
    if (Arrays.asList(modes).contains(AccessMode.READ)) {
      ask(
          path,
          (files, hadoop) -> {
            files.access(hadoop, FsAction.READ);
            return true;
          });
    }
  }

  @Override
  @SuppressWarnings("unchecked") // There is one kind of attributes.
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return null;
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class) {
      throw new UnsupportedOperationException();
    }
    return type.cast(attributes(path));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
    throw new UnsupportedOperationException();
  }

  private HadoopAttributes attributes(Path path) throws IOException {
    return ask(path, (files, hadoop) -> new HadoopAttributes(files.getFileStatus(hadoop)));
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void delete(Path path) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) {
    throw new ReadOnlyFileSystemException();
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
    throw new ReadOnlyFileSystemException();
  }
}
