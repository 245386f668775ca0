package org.mssbridge.pipeline;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.mssbridge.capturefile.DigestedCapture;
import org.mssbridge.model.Frame;
import org.mssbridge.sieve.NotSiftedException;
import org.mssbridge.sieve.Sieve;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.Feed;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads a capture with the sieve before tshark. */
final class SiftedRead implements Feed {
  private final DigestedCapture file;
  private final Sieve sieve;

  /** How the reading ended, what the file's bytes come to, and how many frames tshark was given. */
  record Result(CaptureSummary summary, CaptureReader.Digest digest, int evidenceFrames) {}

  private SiftedRead(DigestedCapture file, Sieve sieve) {
    this.file = file;
    this.sieve = sieve;
  }

  /**
   * Reads a capture.
   *
   * @param sink is given every frame; what it was given counts only if there is a result
   * @throws TsharkException if tshark hangs or is killed
   * @return empty where the sieve cannot be used and tshark is to read the file itself, whatever
   *     the reason is
   */
  static Optional<Result> read(
      Tshark tshark, Path capture, Consumer<Frame> sink, Cancellation cancellation)
      throws TsharkException {
    try (DigestedCapture file = DigestedCapture.open(capture, Sieve.STRICTNESS)) {
      Optional<Sieve> sieve = Sieve.of(file.content(), sink);
      if (sieve.isEmpty()) {
        return Optional.empty();
      }
      SiftedRead read = new SiftedRead(file, sieve.get());
      CaptureSummary summary = tshark.read(capture, read, sieve.get()::accept, cancellation);
      sieve.get().finish();
      CaptureReader.Digest digest = new CaptureReader.Digest(file.sha256(), file.bytes());
      return Optional.of(new Result(summary, digest, sieve.get().evidenceFrames()));
    } catch (TsharkException e) {
      if (e.isEnded()) {
        throw e;
      }
      return Optional.empty(); // Reading all of it will tell the reason.
    } catch (IOException | NotSiftedException e) {
      return Optional.empty(); // If there is a reason to complain, reading all of it will tell.
    }
  }

  @Override
  public void writeTo(OutputStream standardInput, Runnable beat) throws IOException {
    file.whenRead(beat);
    sieve.sift(standardInput);
  }

  @Override
  public int frameInCapture() {
    return sieve.frameInCapture();
  }
}
