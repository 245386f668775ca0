package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureFile;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads captures side by side, each with a tshark of its own. */
final class CaptureReader {
  private final Tshark tshark;
  private final Optional<String> displayFilter;
  private final Progress progress;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();

  CaptureReader(Tshark tshark, Optional<String> displayFilter, Progress progress) {
    this.tshark = tshark;
    this.displayFilter = displayFilter;
    this.progress = progress;
  }

  /** What was read, all lists in the order of the files. */
  record Result(List<PointCapture> captures, List<String> sha256, List<Long> bytes) {}

  /**
   * Reads all files. If one fails, the others are ended and its failure is thrown.
   *
   * @throws TsharkException if a capture cannot be used
   */
  Result readAll(List<Path> files, List<CapturePoint> points)
      throws TsharkException, IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(2 * files.size(), CaptureReader::daemon);
    try (progress) {
      List<Future<PointCapture>> captures = new ArrayList<>();
      List<Future<String>> digests = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        Path file = files.get(i);
        CapturePoint point = points.get(i);
        captures.add(threads.submit(() -> read(file, point)));
        digests.add(threads.submit(() -> CaptureFile.sha256(file)));
      }
      List<PointCapture> read = new ArrayList<>();
      List<String> sha256 = new ArrayList<>();
      List<Long> bytes = new ArrayList<>();
      for (int i = 0; i < files.size(); i++) {
        read.add(get(captures.get(i)));
        sha256.add(get(digests.get(i)));
        bytes.add(Files.size(files.get(i)));
      }
      return new Result(read, sha256, bytes);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "capture");
    thread.setDaemon(true);
    return thread;
  }

  private <T> T get(Future<T> future) throws TsharkException, IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = firstFailure.get() == null ? e.getCause() : firstFailure.get();
      if (cause instanceof TsharkException failure) {
        throw failure;
      }
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(cause);
    }
  }

  private PointCapture read(Path file, CapturePoint point) throws TsharkException, IOException {
    try {
      return readToEnd(file, point);
    } catch (TsharkException | IOException | RuntimeException | Error e) {
      firstFailure.compareAndSet(null, e);
      cancellation.cancel();
      throw e;
    }
  }

  private PointCapture readToEnd(Path file, CapturePoint point)
      throws TsharkException, IOException {
    ConnectionTable table = new ConnectionTable(point);
    AtomicBoolean ip = new AtomicBoolean();
    CaptureSummary summary =
        tshark.read(
            file,
            displayFilter,
            frame -> {
              table.add(frame);
              if (frame.ipBytes() > 0) {
                ip.setPlain(true);
              }
              progress.advance(frame.capturedBytes());
            },
            cancellation);
    PointCapture capture = table.finish(summary.complete());
    if (capture.extent().packets() == 0) {
      throw new TsharkException(
          Printable.of(file)
              + ": holds no packets"
              + (displayFilter.isPresent() ? " that match the filter" : "")
              + "; name another file");
    }
    // tshark reads pictures, films and texts too: as one frame, in which there is no packet.
    if (!ip.get() && !CaptureFile.isPcapOrPcapng(file)) {
      throw new TsharkException(
          Printable.of(file)
              + ": is neither pcap nor pcapng, and tshark finds no IP packet in it; name a capture"
              + " file");
    }
    return capture;
  }
}
