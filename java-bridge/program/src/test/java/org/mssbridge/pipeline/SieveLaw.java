package org.mssbridge.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.sieve.Refereeing;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Checks that every frame has the same values with and without the sieve. */
final class SieveLaw {
  private final Tshark tshark;

  SieveLaw() throws TsharkException {
    this("tshark");
  }

  /**
   * @param program the tshark to compare with
   */
  SieveLaw(String program) throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    tshark = Tshark.find(program, script, Duration.ofMinutes(2));
  }

  /**
   * The result for a capture.
   *
   * @param whyNot why the sieve could not be used; empty if it could
   * @param frames number of frames
   * @param shown number of frames that tshark was given
   */
  record Outcome(String whyNot, FrameLines frames, int shown) {
    boolean isSifted() {
      return whyNot.isEmpty();
    }

    int plain() {
      return frames.lines().size() - shown;
    }
  }

  private SiftedRead.Result sifted(Path capture, Refereeing refereeing, FrameLines sink) {
    try {
      return SiftedRead.read(tshark, capture, refereeing, sink, new Cancellation());
    } catch (TsharkException e) {
      throw new AssertionError("tshark should end on its own", e);
    }
  }

  /**
   * Reads a capture with and without the sieve, and compares; without the referee, which could hide
   * a mistake of the sieve.
   */
  Outcome holds(Path capture) throws IOException {
    return holds(capture, Refereeing.none());
  }

  /** The same with the referee: it must not find differences where there are none. */
  Outcome holdsWithReferee(Path capture) throws IOException {
    return holds(capture, Refereeing.ofEachCapture());
  }

  /** The same for a capture among others. */
  Outcome holds(Path capture, Refereeing refereeing) throws IOException {
    FrameLines all = new FrameLines();
    FrameLines sifted = new FrameLines();
    SiftedRead.Result result = sifted(capture, refereeing, sifted);
    boolean complete;
    try {
      complete = tshark.read(capture, Optional.empty(), all, new Cancellation()).complete();
    } catch (TsharkException e) {
      assertThat(result)
          .as("the sieve's result on what tshark cannot read")
          .isInstanceOf(SiftedRead.GaveUp.class);
      return new Outcome("tshark cannot read it", all, 0);
    }
    if (result instanceof SiftedRead.GaveUp gaveUp) {
      assertThat(gaveUp.reason()).as("why the sieve gave up").isNotBlank();
      return new Outcome(gaveUp.reason(), all, all.lines().size());
    }
    SiftedRead.Sifted read = (SiftedRead.Sifted) result;
    assertThat(sifted.lines()).hasSameSizeAs(all.lines());
    for (int i = 0; i < all.lines().size(); i++) {
      assertThat(sifted.lines().get(i))
          .as("a frame as the sieve reads it")
          .isEqualTo(all.lines().get(i));
    }
    assertThat(read.summary().complete()).isEqualTo(complete);
    assertThat(read.sha256()).isEqualTo(CaptureFile.sha256(capture));
    return new Outcome("", all, read.shownFrames());
  }

  @Override
  public String toString() {
    return "tshark " + tshark.version().text();
  }
}
