package org.mssbridge.capturefile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the real programs; {@code -Dmssbridge.tshark=PATH} selects a tshark instead of the one in
 * the search path.
 */
final class WiresharkTools {
  private WiresharkTools() {}

  /** What a program printed to standard output, and how it ended. */
  record Run(int status, List<String> lines) {}

  /** One line per frame: number, time, length and comments, separated by tabs. */
  static Run frames(Path capture) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(tshark());
    command.addAll(List.of("-n", "-r", capture.toString(), "-T", "fields", "-e", "frame.number"));
    command.addAll(List.of("-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.comment"));
    return run(command);
  }

  /** Queried only once, because a capture has thousands of packets. */
  private static final class Version {
    static final boolean IS_3 = firstLine().contains("TShark (Wireshark) 3.");

    private static String firstLine() {
      try {
        return run(List.of(tshark(), "--version")).lines().get(0);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException("tshark does not tell its version", e);
      }
    }
  }

  /** The comments of one packet as {@link #frames} shows them; 3.4 shows only the last one. */
  static String shown(List<String> comments) {
    return Version.IS_3 ? comments.get(comments.size() - 1) : String.join(",", comments);
  }

  private static String tshark() {
    return System.getProperty("mssbridge.tshark", "tshark");
  }

  static Run run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), text.lines().toList());
  }
}
