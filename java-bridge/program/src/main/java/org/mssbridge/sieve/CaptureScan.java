package org.mssbridge.sieve;

import java.io.IOException;

/** Walks a capture's records from its start to its end, each as it stands in the file. */
interface CaptureScan {
  /** The most bytes of a packet that a reader of captures takes (WTAP_MAX_PACKET_SIZE_STANDARD). */
  int MOST_CAPTURED_BYTES = 262_144;

  /**
   * Reads to the end.
   *
   * @throws NotSiftedException if something is not as the format's description has it; a record
   *     that the file does not hold to its end is evidence
   */
  void run(FrameSorter sorter, EvidenceOutput evidence) throws IOException;

  /** All that is left, as evidence. */
  static void copyRest(Window window, EvidenceOutput evidence) throws IOException {
    while (window.remaining() > 0) {
      evidence.write(window.bytes(), window.position(), window.remaining());
      window.skip(window.remaining());
      window.has(1);
    }
  }
}
