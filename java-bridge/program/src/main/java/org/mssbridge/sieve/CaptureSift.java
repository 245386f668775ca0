package org.mssbridge.sieve;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.OptionalInt;
import java.util.Set;
import org.mssbridge.capturefile.CaptureRecords;

/**
 * Removes the packets from a capture that tshark need not see; all other records are copied
 * unchanged.
 */
final class CaptureSift {
  private final CaptureRecords records;
  private final FrameSorter sorter;
  private final Referee referee;
  private final ShownOutput output;
  private final Set<Object> shown = Collections.newSetFromMap(new IdentityHashMap<>());
  private Object lastShown;

  /** Whether the current record was read, but not copied yet. */
  private boolean isCopyDue;

  CaptureSift(CaptureRecords records, FrameSorter sorter, Referee referee, ShownOutput output) {
    this.records = records;
    this.sorter = sorter;
    this.referee = referee;
    this.output = output;
  }

  /** How far {@link #runAlone} came. */
  enum Stop {
    BETWEEN_RECORDS,
    /** Before something that tshark must be given. */
    TSHARK_NEEDED,
    END_OF_CAPTURE
  }

  /**
   * Reads on as long as tshark need not be given anything, so that it need not be started.
   *
   * @param most so many records
   */
  Stop runAlone(int most) throws IOException {
    for (int i = 0; i < most; i++) {
      if (!records.next()) {
        return records.isAtEnd() ? Stop.END_OF_CAPTURE : Stop.TSHARK_NEEDED;
      }
      if (records.isFrame()) {
        isCopyDue = isShown();
      } else if (isUsual(records.shape()) && output.hasRoom(records.recordBytes())) {
        records.copyTo(output);
      } else {
        isCopyDue = true;
      }
      if (isCopyDue) {
        return Stop.TSHARK_NEEDED;
      }
    }
    return Stop.BETWEEN_RECORDS;
  }

  /** Whether tshark was given enough records of a form. */
  private boolean isUsual(OptionalInt shape) {
    return shape.isPresent() && !referee.isOfTheFirst(shape.getAsInt());
  }

  /** Reads to the end; a record that is cut off by the end of the file is copied. */
  void run() throws IOException {
    if (isCopyDue) {
      records.copyTo(output);
    }
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
    return shown.add(lastShown)
        && (!referee.mayGoAlone() || referee.isOfTheFirst(records.interfaceShape()));
  }
}
