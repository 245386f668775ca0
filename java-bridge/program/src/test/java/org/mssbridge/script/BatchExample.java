package org.mssbridge.script;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * Makes the captures of {@code examples/batch} of its stories: plain, in gzip, as rotated files,
 * and some that went wrong.
 */
public final class BatchExample {
  /** The client's capture of this day was rotated over several files. */
  private static final String ROTATED = "north-tue";

  private static final int ROTATED_FILES = 3;

  /** The server's capture of this day is missing. */
  private static final String ALONE = "east-tue";

  /** The client's capture of this day is the archive's error page, not a capture. */
  private static final String BROKEN = "east-mon";

  private static final String NOT_FOUND_PAGE =
      """
      <!DOCTYPE html>
      <title>404 Not Found</title>
      <p>client/east-mon.pcap was moved to the archive.
      """;

  private BatchExample() {}

  /**
   * Writes the captures.
   *
   * @param example the folder of the example, with its stories
   * @param target the folder in which {@code client} and {@code server} are created
   */
  public static void write(Path example, Path target) throws IOException {
    Path scratch = Files.createTempDirectory("stories");
    Files.createDirectories(target.resolve("client"));
    Files.createDirectories(target.resolve("server"));
    for (Map.Entry<String, Path> story : stories(example).entrySet()) {
      Map<String, Path> written = PacketScript.parse(story.getValue()).writeTo(scratch);
      for (Map.Entry<String, Path> capture : written.entrySet()) {
        write(story.getKey(), capture.getKey(), capture.getValue(), target);
        Files.delete(capture.getValue());
      }
    }
    Files.delete(scratch);
    // One day's captures were also copied under another office's name.
    for (String point : List.of("client", "server")) {
      Path folder = target.resolve(point);
      Files.write(
          folder.resolve("depot-mon.pcap.gz"),
          Files.readAllBytes(folder.resolve("south-mon.pcap.gz")));
    }
  }

  private static void write(String name, String point, Path capture, Path target)
      throws IOException {
    boolean client = point.equals("client");
    Path folder = target.resolve(point);
    String file = name + capture.getFileName().toString().replaceFirst(point, "");
    if (client && name.equals(ROTATED)) {
      rotate(capture, folder);
    } else if (client && name.equals(BROKEN)) {
      Files.writeString(folder.resolve(file), NOT_FOUND_PAGE);
    } else if (client || !name.equals(ALONE)) {
      byte[] content = Files.readAllBytes(capture);
      if (isPacked(name, client)) {
        pack(content, folder.resolve(file + ".gz"));
      } else {
        Files.write(folder.resolve(file), content);
      }
    }
  }

  private static Map<String, Path> stories(Path example) throws IOException {
    Map<String, Path> stories = new TreeMap<>();
    try (var files = Files.list(example.resolve("stories"))) {
      files.forEach(
          file -> stories.put(file.getFileName().toString().replaceFirst("\\.txt$", ""), file));
    }
    return stories;
  }

  /** Whether a capture is compressed: the newest ones are not yet. */
  private static boolean isPacked(String name, boolean client) {
    return name.endsWith("-mon") || (client == name.endsWith("-wed"));
  }

  private static void rotate(Path capture, Path folder) throws IOException {
    Path scratch = Files.createTempDirectory("parts");
    int number = 1;
    for (Path part : CaptureTransform.split(capture, scratch, ROTATED_FILES)) {
      Files.move(part, folder.resolve(ROTATED + "-" + number++ + ".pcap"), REPLACE_EXISTING);
    }
    Files.delete(scratch);
  }

  private static void pack(byte[] content, Path file) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  /** Writes the captures into the example's folder again. */
  public static void main(String[] args) throws IOException {
    Path example = Path.of(args[0]);
    write(example, example);
  }
}
