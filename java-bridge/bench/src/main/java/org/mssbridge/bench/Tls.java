package org.mssbridge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** TLS records as browsers and servers send them (RFC 8446, RFC 5246). */
final class Tls {
  private static final int MAX_RECORD_BYTES = 16_384;

  /** A content type byte and an authentication tag of 16 bytes. */
  private static final int RECORD_OVERHEAD_BYTES = 17;

  private static final int X25519 = 0x001D;
  private static final int X25519_MLKEM768 = 0x11EC;
  private static final int MLKEM768_KEY_BYTES = 1184;
  private static final int MLKEM768_CIPHERTEXT_BYTES = 1088;
  private static final int X25519_BYTES = 32;
  private static final int RANDOM_BYTES = 32;

  private static final int SERVER_NAME = 0;
  private static final int STATUS_REQUEST = 5;
  private static final int SUPPORTED_GROUPS = 10;
  private static final int POINT_FORMATS = 11;
  private static final int SIGNATURE_ALGORITHMS = 13;
  private static final int ALPN = 16;
  private static final int CERTIFICATE_TIMESTAMPS = 18;
  private static final int PADDING = 21;
  private static final int EXTENDED_MASTER_SECRET = 23;
  private static final int SESSION_TICKET = 35;
  private static final int SUPPORTED_VERSIONS = 43;
  private static final int PSK_MODES = 45;
  private static final int KEY_SHARE = 51;
  private static final int RENEGOTIATION_INFO = 0xFF01;

  private static final int[] CIPHER_SUITES = {
    0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C,
    0x009D, 0x002F, 0x0035
  };
  private static final int[] SIGNATURES = {
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601
  };

  /** Padded to this many bytes if it has no post-quantum key share (RFC 7685). */
  private static final int PADDED_HELLO_BYTES = 512;

  private final SplittableRandom random;
  private final byte[] sessionId;
  private final boolean postQuantum;

  Tls(SplittableRandom random, boolean postQuantum) {
    this.random = random;
    this.postQuantum = postQuantum;
    sessionId = bytes(32);
  }

  byte[] clientHello(String serverName) {
    ByteBuffer out = handshake(1);
    out.putShort((short) 0x0303).put(bytes(RANDOM_BYTES));
    out.put((byte) sessionId.length).put(sessionId);
    out.putShort((short) (2 * CIPHER_SUITES.length));
    for (int suite : CIPHER_SUITES) {
      out.putShort((short) suite);
    }
    out.putShort((short) 0x0100); // One compression method: none.
    int extensions = open(out);
    byte[] name = serverName.getBytes(US_ASCII);
    extension(out, SERVER_NAME, 5 + name.length);
    out.putShort((short) (3 + name.length)).put((byte) 0);
    out.putShort((short) name.length).put(name);
    extension(out, EXTENDED_MASTER_SECRET, 0);
    extension(out, RENEGOTIATION_INFO, 1).put((byte) 0);
    extension(out, SUPPORTED_GROUPS, postQuantum ? 10 : 8);
    out.putShort((short) (postQuantum ? 8 : 6));
    if (postQuantum) {
      out.putShort((short) X25519_MLKEM768);
    }
    out.putShort((short) X25519).putShort((short) 0x0017).putShort((short) 0x0018);
    extension(out, POINT_FORMATS, 2).putShort((short) 0x0100);
    extension(out, SESSION_TICKET, 0);
    byte[] protocols = "\2h2\10http/1.1".getBytes(US_ASCII);
    extension(out, ALPN, 2 + protocols.length).putShort((short) protocols.length).put(protocols);
    extension(out, STATUS_REQUEST, 5).put((byte) 1).putInt(0);
    extension(out, SIGNATURE_ALGORITHMS, 2 + 2 * SIGNATURES.length);
    out.putShort((short) (2 * SIGNATURES.length));
    for (int signature : SIGNATURES) {
      out.putShort((short) signature);
    }
    extension(out, CERTIFICATE_TIMESTAMPS, 0);
    int key = MLKEM768_KEY_BYTES + X25519_BYTES;
    int shares = 4 + X25519_BYTES + (postQuantum ? 4 + key : 0);
    extension(out, KEY_SHARE, 2 + shares).putShort((short) shares);
    if (postQuantum) {
      share(out, X25519_MLKEM768, key);
    }
    share(out, X25519, X25519_BYTES);
    extension(out, PSK_MODES, 2).putShort((short) 0x0101);
    extension(out, SUPPORTED_VERSIONS, 5).put((byte) 4).putInt(0x0304_0303);
    if (!postQuantum) {
      int missing = PADDED_HELLO_BYTES - (out.position() - 5) - 4;
      extension(out, PADDING, missing).put(new byte[missing]);
    }
    close(out, extensions);
    return record(out, 0x0301);
  }

  /** A ServerHello of TLS 1.3 and the change of cipher that goes with it. */
  byte[] serverHello() {
    ByteBuffer out = serverHelloStart(0x1301);
    int extensions = open(out);
    extension(out, SUPPORTED_VERSIONS, 2).putShort((short) 0x0304);
    int key = postQuantum ? MLKEM768_CIPHERTEXT_BYTES + X25519_BYTES : X25519_BYTES;
    extension(out, KEY_SHARE, 4 + key);
    share(out, postQuantum ? X25519_MLKEM768 : X25519, key);
    close(out, extensions);
    return joined(record(out, 0x0303), changeCipherSpec());
  }

  /** What a server of TLS 1.2 sends to resume a session. */
  byte[] resumingServerHello() {
    ByteBuffer out = serverHelloStart(0xC02F);
    int extensions = open(out);
    extension(out, RENEGOTIATION_INFO, 1).put((byte) 0);
    extension(out, EXTENDED_MASTER_SECRET, 0);
    close(out, extensions);
    return joined(joined(record(out, 0x0303), changeCipherSpec()), encryptedFinished());
  }

  byte[] changeCipherSpec() {
    return new byte[] {20, 3, 3, 0, 1, 1};
  }

  /** The encrypted Finished of TLS 1.2. */
  byte[] encryptedFinished() {
    byte[] encrypted = bytes(45);
    encrypted[0] = 22;
    encrypted[1] = 3;
    encrypted[2] = 3;
    encrypted[3] = 0;
    encrypted[4] = 40;
    return encrypted;
  }

  /** Appends encrypted data, in as many records as it takes. */
  static void appendData(Content content, int bytes) {
    int rest = bytes;
    while (rest > 0) {
      int data = Math.min(rest, MAX_RECORD_BYTES);
      int encrypted = data + RECORD_OVERHEAD_BYTES;
      content.append(new byte[] {23, 3, 3, (byte) (encrypted >> 8), (byte) encrypted});
      content.appendRandom(encrypted);
      rest -= data;
    }
  }

  static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  private ByteBuffer serverHelloStart(int cipherSuite) {
    ByteBuffer out = handshake(2);
    out.putShort((short) 0x0303).put(bytes(RANDOM_BYTES));
    out.put((byte) sessionId.length).put(sessionId);
    return out.putShort((short) cipherSuite).put((byte) 0);
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Leaves room for the lengths of the record and the handshake message. */
  private static ByteBuffer handshake(int type) {
    return ByteBuffer.allocate(2048).put((byte) 22).putInt(0).putInt(type << 24);
  }

  private static byte[] record(ByteBuffer out, int version) {
    int bytes = out.position() - 5;
    out.putShort(1, (short) version).putShort(3, (short) bytes);
    out.putShort(7, (short) (bytes - 4));
    byte[] record = new byte[out.position()];
    out.get(0, record);
    return record;
  }

  private static int open(ByteBuffer out) {
    out.putShort((short) 0);
    return out.position();
  }

  private static void close(ByteBuffer out, int start) {
    out.putShort(start - 2, (short) (out.position() - start));
  }

  private static ByteBuffer extension(ByteBuffer out, int type, int bytes) {
    return out.putShort((short) type).putShort((short) bytes);
  }

  private void share(ByteBuffer out, int group, int keyBytes) {
    out.putShort((short) group).putShort((short) keyBytes).put(bytes(keyBytes));
  }
}
