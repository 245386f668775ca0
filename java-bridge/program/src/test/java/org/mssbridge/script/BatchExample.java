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
  /** The client's tap of this day was told to begin a new file again and again. */
  private static final String ROTATED = "north-tue";

  private static final int ROTATED_FILES = 3;

  /** Of this day the server's capture was never made. */
  private static final String ALONE = "east-tue";

  /** Of this day the client's capture was not fetched, but what the archive said instead. */
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
   * @param example its folder, which holds the stories
   * @param target gets the folders {@code client} and {@code server}
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
    // Somebody copied a day under another office's name.
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

  /** The newest files are still as they were written. */
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

  /** Writes the captures anew, into the example's folder. */
  public static void main(String[] args) throws IOException {
    Path example = Path.of(args[0]);
    write(example, example);
  }
}
