package org.mssbridge.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.api.java.function.Function;
import org.mssbridge.casefile.CaseFile;
import org.mssbridge.casefile.CaseFileException;
import org.mssbridge.casefile.FingerprintedCaptures;
import org.mssbridge.casefile.FingerprintedCaptures.Capture;
import org.mssbridge.cli.Version;
import org.mssbridge.discover.CaptureLoader;
import org.mssbridge.discover.LeftOver;
import org.mssbridge.discover.SeenCapture;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Leftover;
import org.mssbridge.spark.files.Places;
import org.mssbridge.tshark.TsharkException;

/** Makes the fingerprints of one file, unless they are kept already. */
final class FingerprintTask implements Function<String, FingerprintTask.Result> {
  private static final long serialVersionUID = 1L;

  private final TaskOptions options;

  /**
   * What is known of a file.
   *
   * @param file as it was given
   * @param kept null if it is left over
   * @param reason why it is left over; null if it is not
   * @param isBroken whether it is a capture that could not be read
   * @param isRead whether it was read now
   * @param unusable why the executor cannot be used; null if it can
   */
  record Result(
      String file,
      KeptCapture kept,
      String reason,
      boolean isBroken,
      boolean isRead,
      String unusable)
      implements Serializable {
    private static Result of(String file, KeptCapture kept, boolean isRead) {
      return kept.reason() == null
          ? new Result(file, kept, null, false, isRead, null)
          : new Result(file, null, kept.reason(), false, isRead, null);
    }

    CaptureLoader.Loaded loaded(Places places) throws IOException {
      Path path = places.path(file);
      return new CaptureLoader.Loaded(
          Optional.ofNullable(kept).map(capture -> new SeenCapture(path, capture.capture())),
          Optional.ofNullable(reason).map(why -> new LeftOver(path, why, isBroken)),
          isRead);
    }
  }

  FingerprintTask(TaskOptions options) {
    this.options = options;
  }

  @Override
  public Result call(String file) throws IOException, CaseFileException, InterruptedException {
    Path path = new Places(options.configuration()).path(file);
    FileState state = FileState.of(path);
    Store store = OutputFolder.ofTask(options.out(), options.configuration()).fingerprints();
    String name = name(file, state);
    if (store.exists(name)) {
      return Result.of(file, KeptCapture.get(store, name), false);
    }
    try (Leftover scratch = Leftover.temporary();
        CaseFile own = CaseFile.forScratch(scratch.path().resolve("case.db"))) {
      ExecutorTools tools = ExecutorTools.of(options);
      FingerprintedCaptures made = FingerprintedCaptures.of(own, Version.text());
      CaptureLoader.Loaded loaded =
          new CaptureLoader(options.pipeline(tools.tshark(), tools.evidence()), made).load(path);
      Optional<Capture> capture = made.sha256(state).flatMap(made::capture);
      if (capture.isEmpty()) { // It could not be read, or is no capture: it is looked at again.
        LeftOver left = loaded.leftOver().orElseThrow();
        return new Result(file, null, left.reason(), left.isBroken(), loaded.isRead(), null);
      }
      KeptCapture kept = KeptCapture.of(name, capture.get());
      boolean isUsable = capture.get().reason().isEmpty();
      kept.put(store, isUsable ? made.fingerprints(capture.get().sha256()) : null, scratch.path());
      return Result.of(file, kept, true);
    } catch (UnusableExecutorException e) {
      return new Result(file, null, null, false, false, e.getMessage());
    } catch (TsharkException e) {
      throw new IOException(e.getMessage(), e); // It was interrupted, with the task.
    }
  }

  /** What a file is kept under: another file, or one that has changed, has another name. */
  private static String name(String file, FileState state) {
    String text =
        String.join("\0", Version.text(), file, state.bytes() + "", state.modified() + "");
    return Commit.digest(text) + ".fingerprints";
  }
}
