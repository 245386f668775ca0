package org.mssbridge.sieve;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.mssbridge.capturefile.CaptureRecords;

/**
 * Removes the packets from a capture that tshark need not see; all other records are copied
 * unchanged.
 */
final class CaptureSift {
  private final CaptureRecords records;
  private final FrameSorter sorter;
  private final ShownOutput output;
  private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());
  private Object lastShown;

  CaptureSift(CaptureRecords records, FrameSorter sorter, ShownOutput output) {
    this.records = records;
    this.sorter = sorter;
    this.output = output;
  }

  /** Reads to the end; a record that is cut off by the end of the file is copied. */
  void run() throws IOException {
    while (records.next()) {
      if (!records.isFrame() || isShown()) {
        records.copyTo(output);
      }
    }
    records.copyRest(output);
  }

  private boolean isShown() {
    if (!records.isPacket()) {
      sorter.addUnread(Ledger.NO_TIME, 0, 0);
      return true;
    }
    int capturedBytes = records.capturedBytes();
    int frameBytes = records.frameBytes();
    long timeNanos = records.timeNanos();
    int linkType = records.linkType();
    if (timeNanos == Ledger.NO_TIME
        || !LinkLayer.knows(linkType)
        || records.mayHaveCheckSequence()) {
      sorter.addUnread(timeNanos, capturedBytes, frameBytes);
      return true;
    }
    return sorter.add(
        linkType,
        records.bytes(),
        records.dataAt(),
        capturedBytes,
        frameBytes,
        timeNanos,
        isNewInterface());
  }

  /** Whether no packet of its interface was shown to tshark, which must confirm its times. */
  private boolean isNewInterface() {
    if (records.seenOn() == lastShown) {
      return false;
    }
    lastShown = records.seenOn();
    return shown.add(lastShown);
  }
}
