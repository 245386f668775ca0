package org.mssbridge.sieve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.capturefile.Strictness;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.RecordedTime;

/**
 * Filters a capture for tshark: tshark is given only frames that may contain more than the headers
 * of a plain TCP segment. One thread {@link #sift sifts} and writes what tshark reads; another
 * {@link #accept passes in} the frames that tshark reports. The sink receives every frame of the
 * capture, in order, as if tshark had read all of them.
 */
public final class Sieve {
  /** Rejects a capture that deviates from the specification of its format. */
  public static final Strictness STRICTNESS =
      what -> {
        throw new NotSiftedException(what);
      };

  private final CaptureRecords records;
  private final Ledger ledger = new Ledger();
  private final FrameMerge merge;
  private volatile boolean isSifted;

  private Sieve(CaptureRecords records, FrameSink sink) {
    this.records = records;
    merge = new FrameMerge(ledger, sink);
  }

  /**
   * A sieve for a capture.
   *
   * @param capture the uncompressed capture from its first byte on; not closed here
   * @param sink called on the thread that calls {@link #accept} and {@link #finish}
   * @return empty if the sieve does not know the format
   * @throws IOException if the capture cannot be read
   * @throws NotSiftedException if the sieve does not know this variant of the format
   */
  public static Optional<Sieve> of(InputStream capture, FrameSink sink) throws IOException {
    return CaptureRecords.of(capture, STRICTNESS).map(records -> new Sieve(records, sink));
  }

  /**
   * Reads the capture to its end and writes the evidence, byte for byte, as a capture of the same
   * format.
   *
   * @throws IOException if the capture cannot be read or the evidence cannot be written
   * @throws NotSiftedException if the capture is not structured as the sieve expects
   */
  public void sift(OutputStream evidence) throws IOException {
    EvidenceOutput output = new EvidenceOutput(evidence, ledger);
    new CaptureSift(records, new FrameSorter(ledger), output).run();
    output.flush();
    isSifted = true;
  }

  /**
   * Receives the next frame that tshark reports.
   *
   * @throws NotSiftedException if its values differ from those that the sieve read
   */
  public void accept(Frame evidence) {
    merge.accept(evidence);
  }

  /** When the capture was taken, as far as it says so; call it once, after {@link #finish}. */
  public RecordedTime recordedTime() {
    return records.recordedTime();
  }

  /** How many frames tshark was given; valid after {@link #finish}. */
  public int evidenceFrames() {
    return merge.evidenceFrames();
  }

  /**
   * Gives the sink the frames after the last evidence frame; call it after tshark and the sifting
   * have ended.
   *
   * @throws NotSiftedException if either ended early
   */
  public void finish() {
    if (!isSifted) {
      throw new NotSiftedException("the capture was not read to its end");
    }
    merge.finish();
  }
}
