package org.mssbridge.sieve;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.mssbridge.capturefile.CaptureRecords;
import org.mssbridge.capturefile.Strictness;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.Frame;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.RecordedTime;

/**
 * Reads the TCP segments of a capture, and filters the capture for tshark: it is given the frames
 * that the sieve cannot prove to read as tshark does, and a share of the others, to compare. One
 * thread {@link #sift sifts} and writes what tshark reads; another {@link #accept passes in} the
 * frames that tshark reports. The sink receives every frame of the capture, in order, as if tshark
 * had read all of them.
 */
public final class Sieve {
  /** Rejects a capture that deviates from the specification of its format. */
  public static final Strictness STRICTNESS =
      what -> {
        throw new NotSiftedException(what);
      };

  /** After so many records that tshark need not see, the sink is given what was read. */
  private static final int RECORDS_AT_ONCE = 1 << 12;

  private final CaptureRecords records;
  private final Referee referee;
  private final Ledger ledger = new Ledger();
  private final ShownOutput output = new ShownOutput(ledger);
  private final CaptureSift sift;

  /** Of the hashes of conversations, so that nobody can make captures in which all are equal. */
  private final long secret = ThreadLocalRandom.current().nextLong();

  private final DatagramScan datagrams;
  private final FrameMerge merge;
  private volatile boolean isSifted;

  private Sieve(
      CaptureRecords records,
      StreamRule rule,
      Referee referee,
      FrameSink sink,
      DatagramSink besides) {
    this.records = records;
    this.referee = referee;
    datagrams = new DatagramScan(besides, ledger, referee);
    FrameSorter sorter = new FrameSorter(ledger, secret, referee, datagrams);
    sift = new CaptureSift(records, sorter, referee, output);
    merge = new FrameMerge(ledger, secret, rule, datagrams, sink);
  }

  /**
   * A sieve for a capture.
   *
   * @param capture the uncompressed capture from its first byte on; not closed here
   * @param rule how this version of tshark numbers connections
   * @param refereeing how much of what the sieve reads tshark is given too, to compare
   * @param sink called on the thread that calls {@link #siftAlone}, {@link #accept} and {@link
   *     #finish}
   * @return empty if the sieve does not know the format
   * @throws IOException if the capture cannot be read
   * @throws NotSiftedException if the sieve does not know this variant of the format
   */
  public static Optional<Sieve> of(
      InputStream capture, StreamRule rule, Refereeing refereeing, FrameSink sink)
      throws IOException {
    return of(capture, rule, refereeing, sink, DatagramSink.NONE);
  }

  /**
   * The same, which also reads what the capture holds besides TCP.
   *
   * @param datagrams called on the thread that sifts; what it was given counts only if the capture
   *     was read to its end
   */
  public static Optional<Sieve> of(
      InputStream capture,
      StreamRule rule,
      Refereeing refereeing,
      FrameSink sink,
      DatagramSink datagrams)
      throws IOException {
    return CaptureRecords.of(capture, STRICTNESS)
        .map(records -> new Sieve(records, rule, refereeing.next(), sink, datagrams));
  }

  /**
   * Reads only what a capture holds besides TCP, as a sieve does.
   *
   * @param capture the uncompressed capture from its first byte on; not closed here
   * @return false if the format is not known
   * @throws IOException if the capture cannot be read
   * @throws NotSiftedException if the capture is not structured as the sieve expects
   */
  public static boolean readDatagrams(InputStream capture, DatagramSink datagrams)
      throws IOException {
    Optional<CaptureRecords> records = CaptureRecords.of(capture, STRICTNESS);
    if (records.isPresent()) {
      DatagramScan.readAll(records.get(), datagrams);
    }
    return records.isPresent();
  }

  /**
   * Reads the capture up to the first thing that tshark must be given; true if there is none, so
   * that tshark need not be started. Does nothing unless {@link Refereeing} allows that.
   *
   * @throws IOException if the capture cannot be read
   * @throws NotSiftedException if the capture is not structured as the sieve expects
   */
  public boolean siftAlone() throws IOException {
    if (!referee.mayGoAlone()) {
      return false;
    }
    CaptureSift.Stop stop = CaptureSift.Stop.BETWEEN_RECORDS;
    while (stop == CaptureSift.Stop.BETWEEN_RECORDS) {
      stop = sift.runAlone(RECORDS_AT_ONCE);
      ledger.publish();
      merge.passPlain();
    }
    isSifted = stop == CaptureSift.Stop.END_OF_CAPTURE;
    if (isSifted) {
      datagrams.finish();
    }
    return isSifted;
  }

  /**
   * Reads the capture, or what {@link #siftAlone} has left of it, to its end and writes what tshark
   * must read, byte for byte, as a capture of the same format.
   *
   * @throws IOException if the capture cannot be read or the rest cannot be written
   * @throws NotSiftedException if the capture is not structured as the sieve expects
   */
  public void sift(OutputStream shown) throws IOException {
    output.to(shown);
    sift.run();
    output.flush();
    datagrams.finish();
    isSifted = true;
  }

  /**
   * Receives the next frame that tshark reports.
   *
   * @throws NotSiftedException if its values differ from those that the sieve read
   */
  public void accept(Frame frame) {
    try {
      merge.accept(frame);
    } catch (NotSiftedException e) {
      throw noted(e);
    }
  }

  private NotSiftedException noted(NotSiftedException failure) {
    if (failure.isDifference()) {
      referee.distrust();
    }
    return failure;
  }

  /** When the capture was taken, as far as it says so; call it once, after {@link #finish}. */
  public RecordedTime recordedTime() {
    return records.recordedTime();
  }

  /** How many frames tshark was given; valid after {@link #finish}. */
  public int shownFrames() {
    return merge.shownFrames();
  }

  /**
   * Gives the sink the frames after the last that tshark reported; call it after tshark and the
   * sifting have ended.
   *
   * @throws NotSiftedException if either ended early
   */
  public void finish() {
    if (!isSifted) {
      throw new NotSiftedException("the capture was not read to its end");
    }
    try {
      merge.finish();
    } catch (NotSiftedException e) {
      throw noted(e);
    }
    referee.confirm();
  }
}
