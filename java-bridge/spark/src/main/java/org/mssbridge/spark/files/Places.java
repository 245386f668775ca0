package org.mssbridge.spark.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Makes paths of names: a URI such as {@code s3a://bucket/a.pcap}, or a name of this machine. */
public final class Places {
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/.*)?", Pattern.DOTALL);

  private final Configuration configuration;
  private final Map<String, Path> roots = new HashMap<>();

  public Places(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * The path of a name.
   *
   * @throws IOException if the name is a URI of a file system that cannot be used
   */
  public Path path(String name) throws IOException {
    Matcher uri = NAME.matcher(name);
    if (!uri.matches()) {
      return Path.of(name);
    }
    return root(uri.group(1), uri.group(2)).resolve(Optional.ofNullable(uri.group(3)).orElse("/"));
  }

  /**
   * The root folder of a file system.
   *
   * @param uri such as {@code hdfs://one}, without a path
   * @return empty if there is no such file system
   */
  public Optional<Path> root(String uri) {
    Matcher parts = NAME.matcher(uri);
    try {
      return parts.matches() ? Optional.of(root(parts.group(1), parts.group(2))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private synchronized Path root(String scheme, String authority) throws IOException {
    if (scheme.toLowerCase(Locale.ROOT).equals("file")) {
      return Path.of("/");
    }
    String name = scheme + "://" + authority;
    Path known = roots.get(name);
    if (known == null) {
      try {
        FileSystem files = FileSystem.get(URI.create(name + "/"), configuration);
        known = new HadoopFileSystem(files, name).root();
      } catch (RuntimeException e) {
        throw new IOException(name + ": is no place for files: " + e.getMessage(), e);
      }
      roots.put(name, known);
    }
    return known;
  }
}
