package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.mssbridge.model.Printable;

/**
 * The beginning and the end of a stream that may be long, such as the standard error of a process.
 */
final class Words {
  private static final int KEPT_BYTES = 2000;

  private final StringBuilder first = new StringBuilder();
  private final StringBuilder last = new StringBuilder();

  /** Reads the stream to its end. */
  synchronized void readAll(InputStream input) throws IOException {
    byte[] buffer = new byte[4096];
    int length;
    while ((length = input.read(buffer)) > 0) {
      append(new String(buffer, 0, length, StandardCharsets.UTF_8));
    }
  }

  private void append(String text) {
    int room = Math.min(text.length(), Math.max(0, KEPT_BYTES - first.length()));
    first.append(text, 0, room);
    last.append(text, room, text.length());
    if (last.length() > KEPT_BYTES) {
      last.delete(0, last.length() - KEPT_BYTES);
    }
  }

  synchronized String whole() {
    return first.toString() + last;
  }

  /** The text in one line, safe to print, without tshark's warning about root. */
  String inOneLine() {
    StringBuilder line = new StringBuilder();
    for (String part : whole().lines().toList()) {
      String words = part.strip();
      if (!words.isEmpty() && !words.startsWith("Running as user")) {
        line.append(line.isEmpty() ? "" : " / ").append(words);
      }
    }
    return Printable.of(line.toString());
  }
}
