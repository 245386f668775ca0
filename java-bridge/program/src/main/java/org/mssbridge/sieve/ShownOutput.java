package org.mssbridge.sieve;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Buffers what is written to tshark, which may be started later than the first of it is written.
 */
final class ShownOutput extends OutputStream {
  private static final int BYTES = 1 << 16;

  private final Ledger ledger;
  private final byte[] buffer = new byte[BYTES];
  private OutputStream output = OutputStream.nullOutputStream();
  private int length;

  ShownOutput(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Sets where everything goes that was written. */
  void to(OutputStream standardInput) {
    output = standardInput;
  }

  /** Whether so much more can be written before tshark is started. */
  boolean hasRoom(int bytes) {
    return bytes <= BYTES - length;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int at, int count) throws IOException {
    if (count > BYTES - length) {
      flush();
    }
    if (count > BYTES) {
      output.write(bytes, at, count);
      return;
    }
    System.arraycopy(bytes, at, buffer, length, count);
    length += count;
  }

  /**
   * Hands the buffer over. Its ledger rows are published first, because tshark may answer at once.
   */
  @Override
  public void flush() throws IOException {
    ledger.publish();
    output.write(buffer, 0, length);
    output.flush();
    length = 0;
  }
}
