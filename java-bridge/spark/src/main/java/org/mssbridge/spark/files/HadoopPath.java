package org.mssbridge.spark.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A path on a file system of Hadoop; as a text it is a URI, so that any program finds it. */
final class HadoopPath implements Path {
  private final HadoopFileSystem system;
  private final boolean isAbsolute;
  private final List<String> names;

  HadoopPath(HadoopFileSystem system, boolean isAbsolute, List<String> names) {
    this.system = system;
    this.isAbsolute = isAbsolute;
    this.names = List.copyOf(names);
  }

  /** A path from its text, which may begin with the name of the file system. */
  static HadoopPath parse(HadoopFileSystem system, String text) {
    String path =
        text.startsWith(system.name() + HadoopFileSystem.SEPARATOR)
            ? text.substring(system.name().length())
            : text;
    List<String> names =
        Stream.of(path.split(HadoopFileSystem.SEPARATOR)).filter(name -> !name.isEmpty()).toList();
    return new HadoopPath(system, path.startsWith(HadoopFileSystem.SEPARATOR), names);
  }

  /** The same path for Hadoop; it would read a colon in a name as the end of a scheme. */
  org.apache.hadoop.fs.Path hadoop() {
    URI root = system.files().getUri();
    String path = HadoopFileSystem.SEPARATOR + String.join(HadoopFileSystem.SEPARATOR, names);
    return new org.apache.hadoop.fs.Path(root.getScheme(), root.getAuthority(), path);
  }

  private HadoopPath with(List<String> others) {
    return new HadoopPath(system, isAbsolute, others);
  }

  private HadoopPath own(Path other) {
    if (other instanceof HadoopPath path && path.system.equals(system)) {
      return path;
    }
    throw new ProviderMismatchException();
  }

  @Override
  public HadoopFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return isAbsolute;
  }

  @Override
  public Path getRoot() {
    return isAbsolute ? system.root() : null;
  }

  @Override
  public Path getFileName() {
    return names.isEmpty()
        ? null
        : new HadoopPath(system, false, names.subList(names.size() - 1, names.size()));
  }

  @Override
  public Path getParent() {
    boolean hasParent = isAbsolute ? !names.isEmpty() : names.size() > 1;
    return hasParent ? with(names.subList(0, names.size() - 1)) : null;
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int begin, int end) {
    return new HadoopPath(system, false, names.subList(begin, end));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof HadoopPath path
        && path.system.equals(system)
        && path.isAbsolute == isAbsolute
        && path.names.size() <= names.size()
        && names.subList(0, path.names.size()).equals(path.names);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof HadoopPath path) || path.names.size() > names.size()) {
      return false;
    }
    int from = names.size() - path.names.size();
    return path.isAbsolute ? equals(path) : names.subList(from, names.size()).equals(path.names);
  }

  @Override
  public HadoopPath normalize() {
    List<String> plain = new ArrayList<>();
    for (String name : names) {
      boolean isParent = name.equals("..");
      if (isParent && !plain.isEmpty() && !plain.get(plain.size() - 1).equals("..")) {
        plain.remove(plain.size() - 1);
      } else if (!name.equals(".") && !(isParent && isAbsolute)) {
        plain.add(name);
      }
    }
    return with(plain);
  }

  @Override
  public Path resolve(Path other) {
    HadoopPath path = own(other);
    if (path.isAbsolute) {
      return path;
    }
    return with(Stream.concat(names.stream(), path.names.stream()).toList());
  }

  @Override
  public Path relativize(Path other) {
    List<String> to = own(other).names;
    int common = 0;
    while (common < Math.min(names.size(), to.size()) && names.get(common).equals(to.get(common))) {
      common++;
    }
    List<String> way = new ArrayList<>(Collections.nCopies(names.size() - common, ".."));
    way.addAll(to.subList(common, to.size()));
    return new HadoopPath(system, false, way);
  }

  @Override
  public URI toUri() {
    return URI.create(system.name() + hadoop().toUri().getRawPath());
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute ? this : new HadoopPath(system, true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    HadoopPath real = ((HadoopPath) toAbsolutePath()).normalize();
    system.provider().checkAccess(real);
    return real;
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(own(other).toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HadoopPath path
        && path.system.equals(system)
        && path.isAbsolute == isAbsolute
        && path.names.equals(names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(system, isAbsolute, names);
  }

  @Override
  public String toString() {
    String path = String.join(HadoopFileSystem.SEPARATOR, names);
    return isAbsolute ? system.name() + HadoopFileSystem.SEPARATOR + path : path;
  }
}
