package org.mssbridge.sieve;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.mssbridge.capturefile.Bytes;

/**
 * What tshark says of the start of a segment's data: the post-dissector shows it one TLS record
 * with a hello, or one line of HTTP, and nothing else (see {@code lua/mss/payload.lua}). One object
 * is reused for all segments.
 */
final class Payload {
  /** TLS records (RFC 8446, section 5.1): type, version, length; then the handshake message. */
  private static final int RECORD_HEADER_BYTES = 5;

  private static final int HANDSHAKE = 22;
  private static final int MAJOR_VERSION = 3;
  private static final int LAST_MINOR_VERSION = 3;
  private static final int MOST_RECORD_BYTES = (1 << 14) + 2048;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;

  /** Type and length of a message, and its version (section 4). */
  private static final int MESSAGE_HEADER_BYTES = 4;

  private static final int VERSION_BYTES = 2;
  private static final int RANDOM_BYTES = 32;
  private static final int MOST_SESSION_ID_BYTES = 32;

  /** The start of a PROXY protocol header (HAProxy's proxy-protocol.txt, section 2). */
  private static final int PROXY = 'P' << 24 | 'R' << 16 | 'O' << 8 | 'X';

  private static final int PROXY_2 = 0x0d0a0d0a;

  private long tlsRandom;
  private boolean http;
  private boolean certain;

  /**
   * Looks at the data of a segment.
   *
   * @param start where the data begins
   * @param end where its captured part ends
   * @param isFirst whether it may be the first data of a direction; only then HTTP matters
   */
  void read(byte[] bytes, int start, int end, boolean isFirst) {
    tlsRandom = 0;
    http = false;
    certain = true;
    if (end - start < 4) {
      // Neither a hello nor a line of HTTP, and too short for either: tshark sees nothing in it.
      return;
    }
    if (bytes[start] == HANDSHAKE && bytes[start + 1] == MAJOR_VERSION) {
      readRecord(bytes, start, end);
      return;
    }
    int word = Bytes.int32(bytes, start);
    if (word == PROXY || word == PROXY_2) {
      certain = false;
    } else if (isFirst && isUpper(bytes[start])) {
      readLine(bytes, start, end);
    }
  }

  /** The first eight bytes of the random in a hello; 0 if tshark reports none. */
  long tlsRandom() {
    return tlsRandom;
  }

  /** Whether tshark recognises HTTP. */
  boolean isHttp() {
    return http;
  }

  /** Whether all versions of tshark say so; else tshark must be asked. */
  boolean isCertain() {
    return certain;
  }

  /** The record must be whole, and its messages; compare {@code hello} in the post-dissector. */
  private void readRecord(byte[] bytes, int start, int end) {
    int message = start + RECORD_HEADER_BYTES;
    if (message >= end
        || (bytes[message] != CLIENT_HELLO && bytes[message] != SERVER_HELLO)
        || bytes[start + 2] < 0
        || bytes[start + 2] > LAST_MINOR_VERSION) {
      return;
    }
    int recordBytes = Bytes.uint16(bytes, start + 3);
    int recordEnd = message + recordBytes;
    if (recordBytes <= MOST_RECORD_BYTES
        && recordEnd <= end
        && areMessages(bytes, message, recordEnd)
        && isHello(bytes, message, recordEnd)) {
      tlsRandom = Bytes.int64(bytes, message + MESSAGE_HEADER_BYTES + VERSION_BYTES);
    }
  }

  /** Whether the record ends where a message does. */
  private static boolean areMessages(byte[] bytes, int start, int end) {
    int at = start;
    while (at + MESSAGE_HEADER_BYTES <= end) {
      at += MESSAGE_HEADER_BYTES + (Bytes.int32(bytes, at) & 0xff_ffff);
    }
    return at == end;
  }

  /** Whether a hello is whole and its lengths are consistent; other messages may follow it. */
  private static boolean isHello(byte[] bytes, int start, int end) {
    int at = start + MESSAGE_HEADER_BYTES + VERSION_BYTES + RANDOM_BYTES;
    if (at >= end) {
      return false;
    }
    int messageEnd = start + MESSAGE_HEADER_BYTES + (Bytes.int32(bytes, start) & 0xff_ffff);
    int sessionIdBytes = bytes[at] & 0xff;
    at += 1 + sessionIdBytes;
    if (messageEnd > end || sessionIdBytes > MOST_SESSION_ID_BYTES || at + 3 > messageEnd) {
      return false;
    }
    if (bytes[start] == CLIENT_HELLO) {
      int suiteBytes = Bytes.uint16(bytes, at);
      at += 2 + suiteBytes;
      if (suiteBytes == 0 || suiteBytes % 2 != 0 || at >= messageEnd) {
        return false;
      }
      at += 1 + (bytes[at] & 0xff);
    } else {
      at += 3; // the suite and the compression method
    }
    return at == messageEnd
        || (at + 2 <= messageEnd && at + 2 + Bytes.uint16(bytes, at) == messageEnd);
  }

  /** The start is an upper-case letter. Compare {@code http_line} in the post-dissector. */
  private void readLine(byte[] bytes, int start, int end) {
    int lineEnd = start;
    while (lineEnd < end && bytes[lineEnd] != '\n') {
      lineEnd++;
    }
    boolean isWhole = lineEnd < end;
    if (startsWith(bytes, start, lineEnd, "HTTP/")) {
      http = isStatus(bytes, start, lineEnd);
      return;
    }
    int word = start;
    while (word < lineEnd && (isUpper(bytes[word]) || bytes[word] == '-')) {
      word++;
    }
    if (word == lineEnd || bytes[word] != ' ') {
      return;
    }
    int target = word + 1;
    if (isWhole) {
      http = isRequest(bytes, target, lineEnd);
    } else {
      http =
          startsWith(bytes, target, lineEnd, "/")
              || startsWith(bytes, target, lineEnd, "http://")
              || startsWith(bytes, target, lineEnd, "https://");
    }
    http &= !startsWith(bytes, start, lineEnd, "PRI "); // HTTP/2 (RFC 9113, section 3.4)
    // Of other methods some are known to some versions only.
    certain = !http || isMethod(bytes, start, word);
    http &= certain;
  }

  private static boolean isMethod(byte[] bytes, int start, int end) {
    return switch (new String(bytes, start, end - start, US_ASCII)) {
      case "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT" -> true;
      default -> false;
    };
  }

  /** {@code ^HTTP/%d%.%d %d%d%d} */
  private static boolean isStatus(byte[] bytes, int start, int end) {
    return end - start >= 12
        && isDigit(bytes[start + 5])
        && bytes[start + 6] == '.'
        && isDigit(bytes[start + 7])
        && bytes[start + 8] == ' '
        && isDigit(bytes[start + 9])
        && isDigit(bytes[start + 10])
        && isDigit(bytes[start + 11]);
  }

  /** {@code %S+ HTTP/%d%.%d\r?\n} to the end of the line. */
  private static boolean isRequest(byte[] bytes, int start, int lineEnd) {
    int end = lineEnd > start && bytes[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    int version = end - 9;
    if (version <= start
        || !startsWith(bytes, version, end, " HTTP/")
        || !isDigit(bytes[version + 6])
        || bytes[version + 7] != '.'
        || !isDigit(bytes[version + 8])) {
      return false;
    }
    for (int at = start; at < version; at++) {
      if (isSpace(bytes[at])) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] bytes, int start, int end, String text) {
    if (end - start < text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[start + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUpper(byte value) {
    return value >= 'A' && value <= 'Z';
  }

  private static boolean isDigit(byte value) {
    return value >= '0' && value <= '9';
  }

  private static boolean isSpace(byte value) {
    return value == ' ' || (value >= '\t' && value <= '\r');
  }
}
