package org.mssbridge.sieve;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.mssbridge.capturefile.CaptureRecords;

/**
 * Removes the plain packets from a capture; all other records are evidence and are copied
 * unchanged.
 */
final class CaptureSift {
  private final CaptureRecords records;
  private final FrameSorter sorter;
  private final EvidenceOutput evidence;
  private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());
  private Object lastShown;

  CaptureSift(CaptureRecords records, FrameSorter sorter, EvidenceOutput evidence) {
    this.records = records;
    this.sorter = sorter;
    this.evidence = evidence;
  }

  /** Reads to the end; a record that is cut off by the end of the file is evidence. */
  void run() throws IOException {
    while (records.next()) {
      if (!records.isFrame() || !isPlain()) {
        records.copyTo(evidence);
      }
    }
    records.copyRest(evidence);
  }

  private boolean isPlain() {
    if (!records.isPacket()) {
      sorter.addEvidence(Ledger.NO_TIME, 0, 0);
      return false;
    }
    int capturedBytes = records.capturedBytes();
    int frameBytes = records.frameBytes();
    long timeNanos = records.timeNanos();
    int linkType = records.linkType();
    if (timeNanos == Ledger.NO_TIME
        || !LinkLayer.knows(linkType)
        || records.mayHaveCheckSequence()) {
      sorter.addEvidence(timeNanos, capturedBytes, frameBytes);
      return false;
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
