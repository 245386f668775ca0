package org.mssbridge.capturefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDigestTest {
  private static final int BLOCK_BYTES = 1 << 18;

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        BLOCK_BYTES - 1,
        BLOCK_BYTES,
        BLOCK_BYTES + 1,
        2 * BLOCK_BYTES,
        40 * BLOCK_BYTES + 7
      })
  void bytesThatComeInPiecesHaveTheDigestOfTheWhole(int length) throws Exception {
    Random random = new Random(length);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    try (BlockDigest digest = new BlockDigest()) {
      int added = 0;
      while (added < length) {
        int piece = Math.min(length - added, 1 + random.nextInt(100_000));
        byte[] passed = new byte[piece + 3]; // Used again by who passes it in.
        System.arraycopy(bytes, added, passed, 3, piece);
        digest.add(passed, 3, piece);
        random.nextBytes(passed);
        added += piece;
      }
      byte[] expected = MessageDigest.getInstance("SHA-256").digest(bytes);
      assertEquals(HexFormat.of().formatHex(expected), digest.hex());
    }
  }

  @Test
  void whoIsInterruptedDoesNotWait() {
    try (BlockDigest digest = new BlockDigest()) {
      byte[] blocks = new byte[3 * BLOCK_BYTES];
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, () -> digest.add(blocks, 0, blocks.length));
    } finally {
      Thread.interrupted();
    }
  }
}
