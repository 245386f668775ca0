package org.mssbridge.sieve;

import org.mssbridge.capturefile.Bytes;

/**
 * Detects the segments in which tshark may see more than TCP: the post-dissector shows it the TLS
 * hello that a segment starts with. A false positive only costs time, so in doubt the answer is
 * yes.
 */
final class Payload {
  /** TLS records (RFC 8446, section 5.1) start with their type and version. */
  private static final int HANDSHAKE = 22;

  private static final int MAJOR_VERSION = 3;

  /** The start of a PROXY protocol header (HAProxy's proxy-protocol.txt, section 2). */
  private static final int PROXY = 'P' << 24 | 'R' << 16 | 'O' << 8 | 'X';

  private static final int PROXY_2 = 0x0d0a0d0a;

  private Payload() {}

  /** Whether a TLS hello may start the payload, or follow a PROXY protocol header there. */
  static boolean mayHoldTlsHello(byte[] bytes, int start, int end) {
    return isHandshake(bytes, start, end) || mayBeProxied(bytes, start, end);
  }

  private static boolean isHandshake(byte[] bytes, int start, int end) {
    return end - start >= 2 && bytes[start] == HANDSHAKE && bytes[start + 1] == MAJOR_VERSION;
  }

  private static boolean mayBeProxied(byte[] bytes, int start, int end) {
    if (end - start < 4) {
      return false;
    }
    int first = Bytes.int32(bytes, start);
    return first == PROXY || first == PROXY_2;
  }
}
