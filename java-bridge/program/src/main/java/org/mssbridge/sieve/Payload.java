package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;

/**
 * Detects what a payload may start with, to find the segments in which tshark may see more than
 * TCP. A false positive only costs time, so in doubt the answer is yes.
 */
final class Payload {
  /** TLS records (RFC 8446, section 5.1): type, version, length. */
  private static final int RECORD_HEADER_BYTES = 5;

  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int HANDSHAKE = 22;
  private static final int HEARTBEAT = 24;
  private static final int MAJOR_VERSION = 3;
  private static final int CLIENT_HELLO = 1;
  private static final int SERVER_HELLO = 2;

  /** The record header, the message type and length, and the version. */
  private static final int HELLO_BYTES = 11;

  /** A hello may follow a short header of another protocol, such as TDS. */
  private static final int SEARCHED_BYTES = 16;

  private static final int HTTP = 'H' << 24 | 'T' << 16 | 'T' << 8 | 'P';
  private static final int SLASH_1_DOT = '/' << 16 | '1' << 8 | '.';
  private static final int PROXY = 'P' << 24 | 'R' << 16 | 'O' << 8 | 'X';
  private static final int PROXY_2 = 0x0d0a0d0a;

  private Payload() {}

  /** Whether a TLS handshake record may start in the payload. */
  static boolean mayHoldTlsHandshake(byte[] bytes, int start, int end) {
    for (int at = start; at + 1 < Math.min(end, start + SEARCHED_BYTES); at++) {
      if (isRecord(bytes, at) && bytes[at] == HANDSHAKE) {
        return true;
      }
    }
    int at = start;
    while (at + RECORD_HEADER_BYTES <= end && isRecord(bytes, at)) {
      if (bytes[at] == HANDSHAKE) {
        return true;
      }
      at = afterRecord(bytes, at);
    }
    return at + 1 < end && isRecord(bytes, at) && bytes[at] == HANDSHAKE;
  }

  /**
   * Whether a ClientHello or ServerHello (RFC 8446, section 4.1) is near the payload's start or
   * follows whole records.
   */
  static boolean isTlsHello(byte[] bytes, int start, int end) {
    int lastNear = Math.min(end, start + SEARCHED_BYTES + HELLO_BYTES) - HELLO_BYTES;
    for (int at = start; at <= lastNear; at++) {
      if (isHello(bytes, at)) {
        return true;
      }
    }
    int at = start;
    while (at + HELLO_BYTES <= end && isRecord(bytes, at)) {
      if (isHello(bytes, at)) {
        return true;
      }
      at = afterRecord(bytes, at);
    }
    return false;
  }

  private static boolean isHello(byte[] bytes, int at) {
    return isRecord(bytes, at)
        && bytes[at] == HANDSHAKE
        && (bytes[at + 5] == CLIENT_HELLO || bytes[at + 5] == SERVER_HELLO)
        && bytes[at + 6] == 0 // the highest byte of the length
        && bytes[at + 9] == MAJOR_VERSION;
  }

  private static int afterRecord(byte[] bytes, int at) {
    return at + RECORD_HEADER_BYTES + Bytes.uint16(bytes, at + 3);
  }

  /**
   * Whether the payload may start with a PROXY protocol header, "PROXY " or the signature of
   * version 2 (HAProxy's proxy-protocol.txt, section 2). Any data that starts a connection may
   * follow it.
   */
  static boolean mayBeProxied(byte[] bytes, int start, int end) {
    if (end - start < 8) {
      return false;
    }
    int first = Bytes.int32(bytes, start);
    return first == PROXY || first == PROXY_2;
  }

  private static boolean isRecord(byte[] bytes, int at) {
    return bytes[at] >= CHANGE_CIPHER_SPEC
        && bytes[at] <= HEARTBEAT
        && bytes[at + 1] == MAJOR_VERSION;
  }

  /** Whether a direction's data starts with an HTTP message, by which tshark recognises HTTP. */
  enum Opening {
    /** A request line or status line with the HTTP version in it (RFC 9112, section 2.1). */
    HTTP,
    /**
     * No HTTP version in the first line, or the line is incomplete, but it may start with a method.
     */
    MAY_BE_HTTP,
    OTHER
  }

  static Opening opening(byte[] bytes, int start, int end) {
    boolean mayBeHttp =
        end - start >= 3
            && isUpper(bytes[start])
            && (isUpper(bytes[start + 1]) || bytes[start + 1] == '-') // M-SEARCH
            && isUpper(bytes[start + 2]);
    if (!mayBeHttp) {
      return Opening.OTHER;
    }
    for (int at = start; at + 8 <= end && bytes[at] != '\r' && bytes[at] != '\n'; at++) {
      if (Bytes.int32(bytes, at) == HTTP && Bytes.int32(bytes, at + 4) >>> 8 == SLASH_1_DOT) {
        return Opening.HTTP;
      }
    }
    return Opening.MAY_BE_HTTP;
  }

  private static boolean isUpper(byte letter) {
    return letter >= 'A' && letter <= 'Z';
  }
}
