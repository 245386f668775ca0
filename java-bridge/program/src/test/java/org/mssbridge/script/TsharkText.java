package org.mssbridge.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of the installed tshark for a generated capture, with absolute sequence numbers. These
 * tests compare with it.
 */
public final class TsharkText {
  private TsharkText() {}

  /** Fields of the frames that match a display filter: one line per frame, separated by tabs. */
  public static List<String> fields(Path capture, String filter, String... fields) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "tshark",
                "-n",
                "-r",
                capture.toString(),
                "-Y",
                filter,
                "-T",
                "fields",
                "-o",
                "tcp.relative_sequence_numbers:FALSE",
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "ip.check_checksum:TRUE"));
    for (String field : fields) {
      command.addAll(List.of("-e", field));
    }
    try {
      Process tshark = new ProcessBuilder(command).start();
      String output = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String errors = new String(tshark.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (tshark.waitFor() != 0 && !errors.contains("cut short")) {
        throw new IllegalStateException(command + ": " + errors);
      }
      return output.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** One field of one frame. */
  static String field(Path capture, int frame, String field) {
    return String.join("\n", fields(capture, "frame.number == " + frame, field));
  }
}
