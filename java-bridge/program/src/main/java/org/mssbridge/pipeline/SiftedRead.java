package org.mssbridge.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.mssbridge.capturefile.DigestedCapture;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.FrameSink;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.sieve.NotSiftedException;
import org.mssbridge.sieve.Refereeing;
import org.mssbridge.sieve.Sieve;
import org.mssbridge.sieve.StreamRule;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.Feed;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads a capture with the sieve before tshark. */
final class SiftedRead implements Feed {
  private final DigestedCapture file;
  private final Sieve sieve;

  /** Why the capture could not be read to its end; null if it could. */
  private volatile IOException failure;

  /** How the reading ended. */
  sealed interface Result {}

  /**
   * The sieve read what it can prove to read like tshark, and tshark the rest and a sample.
   *
   * @param summary how tshark's reading ended
   * @param sha256 digest of the file, hexadecimal
   * @param shownFrames number of frames passed to tshark
   * @param recorded when the capture was taken, as far as it says so
   */
  record Sifted(CaptureSummary summary, String sha256, int shownFrames, RecordedTime recorded)
      implements Result {}

  /**
   * The sieve cannot be used: tshark has to read the file itself.
   *
   * @param reason why, in a few words
   */
  record GaveUp(String reason) implements Result {}

  private SiftedRead(DigestedCapture file, Sieve sieve) {
    this.file = file;
    this.sieve = sieve;
  }

  /**
   * Reads a capture.
   *
   * @param refereeing how much of what the sieve reads tshark is given too
   * @param sink receives every frame; these are valid only if the result is {@link Sifted}
   * @throws TsharkException if tshark hangs or is killed
   */
  static Result read(
      Tshark tshark, Path capture, Refereeing refereeing, FrameSink sink, Cancellation cancellation)
      throws TsharkException {
    return read(tshark, capture, refereeing, sink, DatagramSink.NONE, cancellation);
  }

  /**
   * The same, which also reads what the capture holds besides TCP.
   *
   * @param datagrams receives that on another thread
   */
  static Result read(
      Tshark tshark,
      Path capture,
      Refereeing refereeing,
      FrameSink sink,
      DatagramSink datagrams,
      Cancellation cancellation)
      throws TsharkException {
    try (DigestedCapture file = DigestedCapture.open(capture, Sieve.STRICTNESS)) {
      StreamRule rule = StreamRule.of(tshark.version().major(), tshark.version().minor());
      Optional<Sieve> sieve = Sieve.of(file.content(), rule, refereeing, sink, datagrams);
      if (sieve.isEmpty()) {
        return new GaveUp("the sieve does not know the file's format");
      }
      SiftedRead read = new SiftedRead(file, sieve.get());
      CaptureSummary summary =
          sieve.get().siftAlone()
              ? tshark.unasked()
              : tshark.read(capture, read, sieve.get()::accept, cancellation);
      if (read.failure != null) {
        return new GaveUp(FileTrouble.reason(read.failure));
      }
      sieve.get().finish();
      return new Sifted(
          summary, file.sha256(), sieve.get().shownFrames(), sieve.get().recordedTime());
    } catch (TsharkException e) {
      if (e.isEnded()) {
        throw e;
      }
      return new GaveUp(
          e.getMessage()); // If tshark cannot read the file itself either, that error is reported.
    } catch (IOException e) {
      return new GaveUp(FileTrouble.reason(e));
    } catch (NotSiftedException e) {
      return new GaveUp(e.getMessage());
    }
  }

  @Override
  public void writeTo(OutputStream standardInput, Runnable beat) throws IOException {
    file.whenRead(beat);
    try {
      sieve.sift(standardInput);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
