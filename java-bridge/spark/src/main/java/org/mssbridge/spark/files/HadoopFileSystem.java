package org.mssbridge.spark.files;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;

/** A file system of Hadoop, to read from. */
final class HadoopFileSystem extends FileSystem {
  static final String SEPARATOR = "/";

  private final org.apache.hadoop.fs.FileSystem files;
  private final String name;
  private final HadoopProvider provider = new HadoopProvider(this);

  /**
   * @param name scheme and authority, such as {@code hdfs://one}
   */
  HadoopFileSystem(org.apache.hadoop.fs.FileSystem files, String name) {
    this.files = files;
    this.name = name;
  }

  org.apache.hadoop.fs.FileSystem files() {
    return files;
  }

  String name() {
    return name;
  }

  HadoopPath root() {
    return new HadoopPath(this, true, List.of());
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("Hadoop closes it");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public String getSeparator() {
    return SEPARATOR;
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(root());
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic");
  }

  @Override
  public Path getPath(String first, String... more) {
    String whole = more.length == 0 ? first : first + SEPARATOR + String.join(SEPARATOR, more);
    return HadoopPath.parse(this, whole);
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    throw new UnsupportedOperationException();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
