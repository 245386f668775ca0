package org.mssbridge.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mssbridge.cli.TsharkOptions;
import org.mssbridge.model.Leftover;
import org.mssbridge.model.Printable;
import org.mssbridge.pipeline.Frames;
import org.mssbridge.tshark.Probe;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/**
 * What an executor works with, checked once for each.
 *
 * @param tshark a usable tshark with the post-dissector
 * @param evidence how frames are read, which the captures of this executor share
 * @param versions for the driver
 */
record ExecutorTools(Tshark tshark, Frames evidence, Versions versions) {
  /**
   * What the driver records of an executor.
   *
   * @param host its name
   */
  record Versions(String host, String tshark, String java) implements Serializable {}

  /** By the tshark's name. A JVM is the only thing that the tasks of an executor share. */
  private static final Map<String, ExecutorTools> CHECKED = new HashMap<>();

  /**
   * The tools of this executor.
   *
   * @throws UnusableExecutorException if tshark or its Lua is missing; the message names the host
   */
  static ExecutorTools of(TaskOptions options) throws UnusableExecutorException {
    synchronized (CHECKED) {
      ExecutorTools known = CHECKED.get(options.tshark());
      if (known == null) {
        known = checked(options);
        CHECKED.put(options.tshark(), known);
      }
      return known;
    }
  }

  private static ExecutorTools checked(TaskOptions options) throws UnusableExecutorException {
    String host = host();
    try {
      Tshark tshark = TsharkOptions.find(options.tshark(), script());
      if (!new Probe(tshark).hasLua()) {
        throw new UnusableExecutorException(
            host,
            Printable.of(options.tshark())
                + ": was built without Lua; install another, or name it with --tshark PATH");
      }
      Optional<String> complaint =
          options.displayFilter() == null
              ? Optional.empty()
              : tshark.complaintAbout(options.displayFilter());
      if (complaint.isPresent()) {
        throw new UnusableExecutorException(
            host,
            "--filter: tshark rejects '"
                + Printable.of(options.displayFilter())
                + "': "
                + complaint.get());
      }
      return new ExecutorTools(
          tshark,
          Frames.evidenceOfRun(),
          new Versions(host, tshark.version().text(), Runtime.version().toString()));
    } catch (TsharkException e) {
      throw new UnusableExecutorException(host, e.getMessage());
    } catch (IOException e) {
      throw new UnusableExecutorException(
          host, "the post-dissector cannot be unpacked: " + e.getMessage());
    }
  }

  static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "an executor without a name";
    }
  }

  /** The post-dissector: that of the installation, or the one in the jar, unpacked. */
  private static Path script() throws IOException {
    String installed = System.getProperty("mssbridge.lua");
    return (installed == null ? unpacked() : Path.of(installed)).resolve("mss.lua");
  }

  private static Path unpacked() throws IOException {
    URL folder =
        Optional.ofNullable(ExecutorTools.class.getResource("lua"))
            .orElseThrow(() -> new IOException("it is not in the jar"));
    Path target = Leftover.temporary().path();
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        copy(Path.of(uri), target);
        return target;
      }
      String[] parts = uri.toString().split("!", 2);
      try (FileSystem jar =
          FileSystems.newFileSystem(Path.of(URI.create(parts[0].substring("jar:".length()))))) {
        copy(jar.getPath(parts[1]), target);
      }
      return target;
    } catch (URISyntaxException e) {
      throw new IOException(folder + " is no place for files", e);
    }
  }

  private static void copy(Path from, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          try (InputStream content = Files.newInputStream(file)) {
            Files.copy(content, copy);
          }
        }
      }
    }
  }
}
