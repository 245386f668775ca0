package org.mssbridge.sieve;

import static org.mssbridge.model.TcpOptions.END;
import static org.mssbridge.model.TcpOptions.MSS;
import static org.mssbridge.model.TcpOptions.NOP;
import static org.mssbridge.model.TcpOptions.SACK_PERMITTED;
import static org.mssbridge.model.TcpOptions.TIMESTAMPS;
import static org.mssbridge.model.TcpOptions.WINDOW_SCALE;

import java.util.ArrayList;
import java.util.List;
import org.mssbridge.capturefile.Bytes;

/**
 * The options of a TCP header (RFC 9293, section 3.2) where all versions of tshark report the same
 * of them: each has a length that fits its kind, and after the end of the list there are only
 * zeros.
 */
final class OptionList {
  private static final int SACK = 5;
  private static final int MD5_SIGNATURE = 19;
  private static final int USER_TIMEOUT = 28;
  private static final int AUTHENTICATION = 29;
  private static final int FAST_OPEN = 34;
  private static final int SACK_BLOCK_BYTES = 8;

  private OptionList() {}

  /** Whether tshark is proven to report each option as the methods here do. */
  static boolean isProven(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      int kind = bytes[at];
      if (kind == END) {
        return areZeros(bytes, at, end);
      }
      int length = kind == NOP ? 1 : at + 1 < end ? bytes[at + 1] & 0xff : 0;
      if (length == 0 || at + length > end || !isProven(kind, length)) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private static boolean isProven(int kind, int length) {
    return switch (kind) {
      case NOP -> true;
      case MSS, USER_TIMEOUT -> length == 4;
      case WINDOW_SCALE -> length == 3;
      case SACK_PERMITTED -> length == 2;
      case SACK -> length > 2 && (length - 2) % SACK_BLOCK_BYTES == 0;
      case TIMESTAMPS -> length == 10;
      case MD5_SIGNATURE -> length == 18;
      case AUTHENTICATION -> length >= 4;
      case FAST_OPEN -> length == 2 || (length >= 6 && length <= 18 && length % 2 == 0);
      default -> false;
    };
  }

  private static boolean areZeros(byte[] bytes, int start, int end) {
    for (int at = start; at < end; at++) {
      if (bytes[at] != 0) {
        return false;
      }
    }
    return true;
  }

  /** The length of the option at an index. */
  private static int length(byte[] bytes, int at) {
    return bytes[at] == NOP ? 1 : bytes[at + 1] & 0xff;
  }

  /** The kinds in order, the end of the list once. */
  static List<Integer> kinds(byte[] bytes, int start, int end) {
    List<Integer> kinds = new ArrayList<>();
    int at = start;
    while (at < end && bytes[at] != END) {
      kinds.add((int) bytes[at]);
      at += length(bytes, at);
    }
    if (at < end) {
      kinds.add(END);
    }
    return kinds;
  }

  /** A number that differs between lists of other kinds, for nearly all. */
  static int layout(byte[] bytes, int start, int end) {
    int layout = 1;
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      layout = 31 * layout + bytes[at];
    }
    return layout;
  }

  /** The values of the MSS options. */
  static List<Integer> mssValues(byte[] bytes, int start, int end) {
    List<Integer> values = new ArrayList<>();
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      if (bytes[at] == MSS) {
        values.add(Bytes.uint16(bytes, at + 2));
      }
    }
    return values;
  }

  /** The shift count of the last window scale option, -1 if there is none. */
  static int windowScale(byte[] bytes, int start, int end) {
    int at = last(WINDOW_SCALE, bytes, start, end);
    return at < 0 ? -1 : bytes[at + 2] & 0xff;
  }

  /** TSval of the last timestamps option, -1 if there is none. */
  static long timestamp(byte[] bytes, int start, int end) {
    int at = last(TIMESTAMPS, bytes, start, end);
    return at < 0 ? -1 : Integer.toUnsignedLong(Bytes.int32(bytes, at + 2));
  }

  /** The index of TSval and TSecr in the first timestamps option, -1 if there is none. */
  static int timestampsAt(byte[] bytes, int start, int end) {
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      if (bytes[at] == TIMESTAMPS) {
        return at + 2;
      }
    }
    return -1;
  }

  private static int last(int kind, byte[] bytes, int start, int end) {
    int last = -1;
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      last = bytes[at] == kind ? at : last;
    }
    return last;
  }

  /** Number of SACK blocks. */
  static int sackBlocks(byte[] bytes, int start, int end) {
    int blocks = 0;
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      blocks += bytes[at] == SACK ? (length(bytes, at) - 2) / SACK_BLOCK_BYTES : 0;
    }
    return blocks;
  }

  /** The index of a SACK block. */
  static int sackBlockAt(byte[] bytes, int start, int end, int block) {
    int before = 0;
    for (int at = start; at < end && bytes[at] != END; at += length(bytes, at)) {
      if (bytes[at] == SACK) {
        int blocks = (length(bytes, at) - 2) / SACK_BLOCK_BYTES;
        if (block < before + blocks) {
          return at + 2 + (block - before) * SACK_BLOCK_BYTES;
        }
        before += blocks;
      }
    }
    throw new IndexOutOfBoundsException(block);
  }
}
