package org.mssbridge.sieve;

import java.io.IOException;
import java.io.OutputStream;

/** Collects what tshark is to read. */
final class EvidenceOutput {
  private static final int BYTES = 1 << 16;

  private final OutputStream output;
  private final Ledger ledger;
  private final byte[] buffer = new byte[BYTES];
  private int length;

  EvidenceOutput(OutputStream output, Ledger ledger) {
    this.output = output;
    this.ledger = ledger;
  }

  void write(byte[] bytes, int at, int count) throws IOException {
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

  /** Hands over what was collected; its rows are published first, for tshark may answer at once. */
  void flush() throws IOException {
    ledger.publish();
    output.write(buffer, 0, length);
    output.flush();
    length = 0;
  }
}
