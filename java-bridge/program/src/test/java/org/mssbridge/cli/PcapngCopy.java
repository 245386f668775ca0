package org.mssbridge.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/** Copies classic captures, of little-endian microseconds, to pcapng. */
final class PcapngCopy {
  private static final long MICROS = 1_000_000;

  private PcapngCopy() {}

  /**
   * Copies a capture.
   *
   * @param nth each of how many packets keeps its time, from the first on; the others become simple
   *     packet blocks, which have none
   * @param endS when the capture ended, as the interface's statistics say; empty for no statistics
   */
  static Path of(Path capture, Path copy, int nth, OptionalLong endS) throws IOException {
    ByteBuffer from = ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(2 * from.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(0x0a0d0d0a).putInt(28).putInt(0x1a2b3c4d).putInt(1).putLong(-1).putInt(28);
    to.putInt(1).putInt(20).putInt(from.getInt(20)).putInt(0).putInt(20);
    from.position(24);
    for (int packet = 0; from.hasRemaining(); packet++) {
      long micros = from.getInt() * MICROS + from.getInt();
      byte[] bytes = new byte[from.getInt()];
      int onTheWire = from.getInt();
      from.get(bytes);
      int padded = (bytes.length + 3) & ~3;
      if (packet % nth == 0) {
        to.putInt(6).putInt(32 + padded).putInt(0).putInt((int) (micros >>> 32));
        to.putInt((int) micros).putInt(bytes.length).putInt(onTheWire);
      } else {
        to.putInt(3).putInt(16 + padded).putInt(onTheWire);
      }
      int blockBytes = (packet % nth == 0 ? 32 : 16) + padded;
      to.put(bytes).position(to.position() + padded - bytes.length).putInt(blockBytes);
    }
    if (endS.isPresent()) {
      long end = endS.getAsLong() * MICROS;
      to.putInt(5).putInt(36).putInt(0).putLong(0).putShort((short) 3).putShort((short) 8);
      to.putInt((int) (end >>> 32)).putInt((int) end).putInt(36);
    }
    return Files.write(copy, Arrays.copyOf(to.array(), to.position()));
  }
}
