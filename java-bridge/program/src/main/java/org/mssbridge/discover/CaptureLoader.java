package org.mssbridge.discover;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.casefile.FingerprintedCaptures.Capture;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.FileState;
import org.mssbridge.model.FileTrouble;
import org.mssbridge.model.Input;
import org.mssbridge.model.Printable;
import org.mssbridge.pairing.CaptureFingerprints;
import org.mssbridge.pipeline.CaptureReader;
import org.mssbridge.pipeline.Pipeline;
import org.mssbridge.pipeline.ReadProgress;
import org.mssbridge.pipeline.SplitInputs;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.tshark.CaptureCheck;
import org.mssbridge.tshark.TsharkException;

/** Makes the fingerprints of captures, and keeps them in the case. */
public final class CaptureLoader {
  private static final CapturePoint POINT = new CapturePoint("capture");

  private final Pipeline pipeline;
  private final FingerprintedCaptures kept;

  /**
   * @param pipeline reads a capture
   * @param kept takes what was read
   */
  public CaptureLoader(Pipeline pipeline, FingerprintedCaptures kept) {
    this.pipeline = pipeline;
    this.kept = kept;
  }

  /**
   * What is known of a file.
   *
   * @param capture empty if it is left over
   * @param leftOver why it is; empty if it is a capture that can be used
   * @param isRead whether it was read now
   */
  public record Loaded(
      Optional<SeenCapture> capture, Optional<LeftOver> leftOver, boolean isRead) {}

  /** Thrown for a file that has no use here; the message begins without its name. */
  private static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableException(String reason) {
      super(reason);
    }
  }

  /**
   * Makes the fingerprints of a file, or finds them in the case.
   *
   * @throws TsharkException if the run is interrupted
   */
  public Loaded load(Path file) throws CaseFileException, TsharkException, InterruptedException {
    FileState state = FileState.of(file);
    try {
      CaptureCheck.check(file);
      if (!CaptureFile.isPcapOrPcapng(file)) {
        return leftOver(file, NO_CAPTURE, false);
      }
      Optional<String> known = kept.sha256(state);
      Optional<Capture> content = Optional.empty();
      if (known.isPresent() || !kept.isNew()) {
        String sha256 = known.isPresent() ? known.get() : CaptureFile.sha256(file);
        content = kept.capture(sha256);
        if (content.isPresent() && known.isEmpty()) {
          kept.keep(state, sha256);
        }
      }
      boolean isRead = content.isEmpty();
      if (isRead) {
        content = Optional.of(read(state));
      }
      return content.get().reason().isPresent()
          ? leftOver(file, content.get().reason().get(), false)
          : new Loaded(Optional.of(new SeenCapture(file, content.get())), Optional.empty(), isRead);
    } catch (TsharkException e) {
      if (e.isInterrupted()) {
        throw e;
      }
      return leftOver(file, withoutName(e.getMessage(), file), true);
    } catch (IOException e) {
      return leftOver(file, FileTrouble.reason(e), true);
    } catch (OutOfMemoryError e) {
      return leftOver(file, "needs more memory: give it some, as in MSSBRIDGE_OPTS=-Xmx4g", true);
    }
  }

  /** The reason of files that are no captures, of which there may be many. */
  static final String NO_CAPTURE = "is neither pcap nor pcapng";

  private static Loaded leftOver(Path file, String reason, boolean isBroken) {
    return new Loaded(
        Optional.empty(), Optional.of(new LeftOver(file, reason, isBroken)), isBroken);
  }

  private static String withoutName(String message, Path file) {
    String name = Printable.of(file) + ": ";
    return message.startsWith(name) ? message.substring(name.length()) : message;
  }

  private Capture read(FileState state)
      throws CaseFileException, TsharkException, IOException, InterruptedException {
    Input input = Input.of(POINT, state);
    try {
      ReadCapture read = read(input);
      CaptureReader.checkUnchanged(List.of(input));
      PointCapture content = read.content();
      CaptureFingerprints fingerprints = CaptureFingerprints.of(content.connections());
      Capture capture =
          new Capture(
              read.input().sha256().orElseThrow(),
              Optional.empty(),
              content.extent().packets(),
              content.extent().firstNanos(),
              content.extent().lastNanos(),
              fingerprints.size());
      kept.keep(state, capture, fingerprints.toBytes());
      return capture;
    } catch (UnusableException e) {
      Capture unusable = Capture.unusable(CaptureFile.sha256(state.path()), e.getMessage());
      CaptureReader.checkUnchanged(List.of(input));
      kept.keep(state, unusable, null);
      return unusable;
    }
  }

  private ReadCapture read(Input input)
      throws TsharkException, IOException, InterruptedException, UnusableException {
    try (SplitInputs split = pipeline.split(List.of(input))) {
      if (split.inputs().size() > 1) {
        throw new UnusableException(
            "holds " + split.inputs().size() + " points itself; compare it alone");
      }
      ReadCapture read =
          new CaptureReader(
                  pipeline.tshark(), pipeline.frames(), ReadProgress.none(), pipeline.stopwatch())
              .readAll(split.inputs())
              .get(0);
      PointCapture content = read.content();
      if (!content.extent().hasTime()) {
        throw new UnusableException("its packets have no time");
      }
      if (content.connections().isEmpty()) {
        throw new UnusableException("holds no TCP connection");
      }
      return read;
    }
  }
}
