package org.mssbridge.pipeline;

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
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureFile;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads captures side by side, each with a tshark of its own. */
public final class CaptureReader {
  private final Tshark tshark;
  private final Optional<String> displayFilter;
  private final ReadProgress progress;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();

  public CaptureReader(Tshark tshark, Optional<String> displayFilter, ReadProgress progress) {
    this.tshark = tshark;
    this.displayFilter = displayFilter;
    this.progress = progress;
  }

  /**
   * What a file holds, in short.
   *
   * @param sha256 in hexadecimal digits
   * @param bytes its length
   */
  public record Digest(String sha256, long bytes) {}

  /** What was read, all lists in the order of the inputs; a digest for each of their files. */
  public record Result(List<PointCapture> captures, List<List<Digest>> digests) {}

  /**
   * Reads all captures. If one fails, the others are ended and its failure is thrown.
   *
   * @throws TsharkException if a capture cannot be used
   */
  public Result readAll(List<Input> inputs)
      throws TsharkException, IOException, InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(2 * inputs.size(), CaptureReader::daemon);
    try (progress) {
      List<Future<PointCapture>> captures = new ArrayList<>();
      List<Future<List<Digest>>> digests = new ArrayList<>();
      for (Input input : inputs) {
        captures.add(threads.submit(() -> read(input)));
        digests.add(threads.submit(() -> digests(input.files())));
      }
      List<PointCapture> read = new ArrayList<>();
      List<List<Digest>> digested = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        read.add(get(captures.get(i)));
        digested.add(get(digests.get(i)));
      }
      return new Result(read, digested);
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Digest> digests(List<Path> files) throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (Path file : files) {
      digests.add(new Digest(CaptureFile.sha256(file), Files.size(file)));
    }
    return digests;
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

  private PointCapture read(Input input) throws TsharkException, IOException {
    try {
      return readToEnd(input);
    } catch (TsharkException | IOException | RuntimeException | Error e) {
      firstFailure.compareAndSet(null, e);
      cancellation.cancel();
      throw e;
    }
  }

  private PointCapture readToEnd(Input input) throws TsharkException, IOException {
    Path file = input.path();
    ConnectionTable table = new ConnectionTable(input.point());
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
    PointCapture capture = table.finish(summary.complete() && input.isWhole());
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
