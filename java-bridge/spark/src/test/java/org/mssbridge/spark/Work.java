package org.mssbridge.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mssbridge.cli.Environment;

/** What a command of either program printed, and its status. */
record Work(int status, String out, String err) {
  private static final Path ROOT = Path.of(System.getProperty("mssbridge.root"));

  /** A command of the program on Spark, with two tasks at a time. */
  static Work onSpark(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("--master", "local[2]"))
            .toArray(String[]::new);
    int status =
        Main.run(
            all, new Environment(Map.of()), new PrintWriter(out, true), new PrintWriter(err, true));
    return new Work(status, out.toString(), err.toString());
  }

  /** A command of the program. */
  static Work alone(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        org.mssbridge.cli.Main.run(
            arguments, new PrintWriter(out, true), new PrintWriter(err, true));
    return new Work(status, out.toString(), err.toString());
  }

  /** Copies the captures of an example to a folder, unpacked or not. */
  static Path example(String name, Path folder) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(name));
    try (Stream<Path> files = Files.list(ROOT.resolve("examples").resolve(name))) {
      for (Path file : files.filter(f -> f.toString().contains(".pcap")).toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  /** The bytes of each table of a case: the same rows are the same bytes. */
  static Map<String, byte[]> tables(Path from, Path folder) throws IOException {
    Work run = alone("case", from.toString(), "--parquet", folder.toString());
    if (run.status() != 0) {
      throw new IOException(run.err());
    }
    Map<String, byte[]> tables = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path table : all.toList()) {
        tables.put(
            table.getFileName().toString(), Files.readAllBytes(table.resolve("part-0.parquet")));
      }
    }
    return tables;
  }

  /** What a case says of its pairs, without its name and its runs. */
  static String said(Path from) {
    String text = alone("case", from.toString()).out();
    return text.substring(text.indexOf(": "), text.indexOf("Made by"));
  }
}
