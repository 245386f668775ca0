package org.mssbridge.bench;

import java.nio.ByteBuffer;

/** An operating system's TCP, by the order of its options and the numbers it starts with. */
enum Stack {
  LINUX(64, 64_240, 7, 502, 32_768),
  WINDOWS(128, 64_240, 8, 1026, 49_152),
  MACOS(64, 65_535, 6, 2058, 49_152);

  private static final byte NOP = 1;
  private static final short MSS = 0x0204;
  private static final short SACK_PERMITTED = 0x0402;
  private static final short TIMESTAMPS = 0x080A;

  private final int ttl;
  private final int synWindow;
  private final int windowScale;
  private final int window;
  private final int firstPort;

  Stack(int ttl, int synWindow, int windowScale, int window, int firstPort) {
    this.ttl = ttl;
    this.synWindow = synWindow;
    this.windowScale = windowScale;
    this.window = window;
    this.firstPort = firstPort;
  }

  int ttl() {
    return ttl;
  }

  int synWindow() {
    return synWindow;
  }

  /** The receive window after the handshake, not scaled. */
  int window() {
    return window;
  }

  /** The first of its ephemeral ports. */
  int firstPort() {
    return firstPort;
  }

  /** Whether a SYN of it has timestamps; Windows leaves them out. */
  boolean timestamps() {
    return this != WINDOWS;
  }

  /** Writes the options of a SYN or SYN/ACK. */
  void writeSyn(ByteBuffer out, int mssBytes, boolean timestamps, int value, int echo) {
    out.putShort(MSS).putShort((short) mssBytes);
    switch (this) {
      case LINUX -> {
        if (timestamps) {
          out.putShort(SACK_PERMITTED);
          out.putShort(TIMESTAMPS).putInt(value).putInt(echo);
        } else {
          out.put(NOP).put(NOP).putShort(SACK_PERMITTED);
        }
        scale(out.put(NOP));
      }
      case WINDOWS -> {
        scale(out.put(NOP));
        if (timestamps) {
          out.putShort(SACK_PERMITTED).putShort(TIMESTAMPS).putInt(value).putInt(echo);
        } else {
          out.put(NOP).put(NOP).putShort(SACK_PERMITTED);
        }
      }
      case MACOS -> {
        scale(out.put(NOP)).put(NOP).put(NOP);
        out.putShort(TIMESTAMPS).putInt(value).putInt(echo);
        out.putShort(SACK_PERMITTED).putShort((short) 0);
      }
    }
  }

  private ByteBuffer scale(ByteBuffer out) {
    return out.put((byte) 3).put((byte) 3).put((byte) windowScale);
  }
}
