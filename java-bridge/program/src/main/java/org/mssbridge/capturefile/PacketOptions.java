package org.mssbridge.capturefile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the option list of a packet ends, and how many of its comments look like this program's.
 */
final class PacketOptions {
  private static final byte[] MARK = AnnotatedCapture.MARK.getBytes(StandardCharsets.US_ASCII);

  private int end;
  private boolean terminated;
  private int lookalikes;

  /** Reads a list to its end; false if an option reaches beyond the list's space. */
  boolean scan(OptionList options) {
    lookalikes = 0;
    while (options.next()) {
      if (options.code() == OptionCode.COMMENT && holdsMark(options)) {
        lookalikes++;
      }
    }
    end = options.end();
    terminated = options.isTerminated();
    return !options.isDamaged();
  }

  /** The index for another option: after all others, before the end mark. */
  int end() {
    return end;
  }

  /** Whether there is an end mark. */
  boolean isTerminated() {
    return terminated;
  }

  int lookalikes() {
    return lookalikes;
  }

  private static boolean holdsMark(OptionList comment) {
    byte[] bytes = comment.bytes();
    int end = comment.valueAt() + comment.length();
    for (int at = comment.valueAt(); at <= end - MARK.length; at++) {
      if (Arrays.equals(bytes, at, at + MARK.length, MARK, 0, MARK.length)) {
        return true;
      }
    }
    return false;
  }
}
