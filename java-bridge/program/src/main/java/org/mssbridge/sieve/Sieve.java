package org.mssbridge.sieve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.capturefile.Strictness;
import org.mssbridge.model.Frame;

/**
 * Stands before tshark, so that it is given only those frames of a capture that may tell more than
 * the headers of plain TCP segments do. One thread {@link #sift sifts} and writes what tshark
 * reads; another hands in what tshark {@link #accept says}. The sink is given every frame of the
 * capture, in order, as if tshark had read all of them.
 */
public final class Sieve {
  /** Refuses a capture that is not built as its format's description has it. */
  public static final Strictness STRICTNESS =
      what -> {
        throw new NotSiftedException(what);
      };

  private final CaptureRecords records;
  private final Ledger ledger = new Ledger();
  private final FrameMerge merge;
  private volatile boolean isSifted;

  private Sieve(CaptureRecords records, Consumer<? super Frame> sink) {
    this.records = records;
    merge = new FrameMerge(ledger, sink);
  }

  /**
   * A sieve for a capture.
   *
   * @param capture its bytes, not compressed, from the first on; not closed here
   * @param sink is called by the thread that calls {@link #accept} and {@link #finish}
   * @return empty where the sieve does not know the format
   * @throws IOException if it cannot be read
   * @throws NotSiftedException if it is of a variant that the sieve does not know
   */
  public static Optional<Sieve> of(InputStream capture, Consumer<? super Frame> sink)
      throws IOException {
    return CaptureRecords.of(capture, STRICTNESS).map(records -> new Sieve(records, sink));
  }

  /**
   * Reads the capture to its end, and writes what is evidence in it as a capture of the same
   * format, each byte of it as it is.
   *
   * @throws IOException if the capture cannot be read, or the evidence not be written
   * @throws NotSiftedException if the capture is not built as the sieve expects
   */
  public void sift(OutputStream evidence) throws IOException {
    EvidenceOutput output = new EvidenceOutput(evidence, ledger);
    new CaptureSift(records, new FrameSorter(ledger), output).run();
    output.flush();
    isSifted = true;
  }

  /**
   * Takes what tshark says of the next frame that it was given.
   *
   * @throws NotSiftedException if the sieve had read it otherwise
   */
  public void accept(Frame evidence) {
    merge.accept(evidence);
  }

  /** The number in the capture of the frame that was handed in last. */
  public int frameInCapture() {
    return merge.number();
  }

  /** How many frames tshark was given, when all is finished. */
  public int evidenceFrames() {
    return merge.evidenceFrames();
  }

  /**
   * Gives the sink the frames behind the last evidence, when tshark and the sifting have ended.
   *
   * @throws NotSiftedException if either did not come to its end
   */
  public void finish() {
    if (!isSifted) {
      throw new NotSiftedException("the capture was not read to its end");
    }
    merge.finish();
  }
}
