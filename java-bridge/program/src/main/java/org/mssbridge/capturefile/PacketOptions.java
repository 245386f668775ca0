package org.mssbridge.capturefile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where the option list of a packet ends, and how many of its comments pretend to be this
 * program's.
 */
final class PacketOptions {
  private static final int OPT_ENDOFOPT = 0;
  private static final int OPT_COMMENT = 1;
  private static final int HEADER_BYTES = 4;
  private static final byte[] MARK = AnnotatedCapture.MARK.getBytes(StandardCharsets.US_ASCII);

  private int end;
  private boolean terminated;
  private int lookalikes;

  /**
   * Reads the list.
   *
   * @param from the first byte of the list
   * @param to the byte after the space for it
   * @return false if an option reaches beyond that space
   */
  boolean scan(ByteBuffer bytes, int from, int to) {
    end = from;
    terminated = false;
    lookalikes = 0;
    while (to - end >= HEADER_BYTES) {
      int code = bytes.getShort(end) & 0xFFFF;
      if (code == OPT_ENDOFOPT) {
        terminated = true;
        return true;
      }
      int length = bytes.getShort(end + 2) & 0xFFFF;
      int next = end + HEADER_BYTES + ((length + 3) & ~3);
      if (next > to) {
        return false;
      }
      if (code == OPT_COMMENT && holdsMark(bytes, end + HEADER_BYTES, length)) {
        lookalikes++;
      }
      end = next;
    }
    return end == to;
  }

  /** Where one more option goes: behind all others, before the end mark. */
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

  private static boolean holdsMark(ByteBuffer bytes, int from, int length) {
    for (int at = from; at <= from + length - MARK.length; at++) {
      int same = 0;
      while (same < MARK.length && bytes.get(at + same) == MARK[same]) {
        same++;
      }
      if (same == MARK.length) {
        return true;
      }
    }
    return false;
  }
}
