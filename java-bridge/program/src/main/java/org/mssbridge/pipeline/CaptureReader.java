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
import java.util.concurrent.atomic.AtomicReference;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Frame;
import org.mssbridge.model.Printable;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads captures side by side, each with a tshark of its own. */
public final class CaptureReader {
  private final Tshark tshark;
  private final Frames frames;
  private final ReadProgress progress;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();

  public CaptureReader(Tshark tshark, Frames frames, ReadProgress progress) {
    this.tshark = tshark;
    this.frames = frames;
    this.progress = progress;
  }

  /**
   * What a file holds, in short.
   *
   * @param sha256 in hexadecimal digits
   * @param bytes its length
   */
  public record Digest(String sha256, long bytes) {}

  /** A capture, and the digest of its file where that was read on the way. */
  private record Reading(PointCapture capture, Optional<Digest> digest, List<String> command) {}

  /** What was read, all lists in the order of the inputs; a digest for each of their files. */
  public record Result(
      List<PointCapture> captures, List<List<Digest>> digests, List<List<String>> commands) {}

  /**
   * Reads all captures. If one fails, the others are ended and its failure is thrown.
   *
   * @throws TsharkException if a capture cannot be used, or was changed meanwhile
   */
  public Result readAll(List<Input> inputs)
      throws TsharkException, IOException, InterruptedException {
    List<FileStamp> stamps =
        inputs.stream().flatMap(input -> input.files().stream()).map(FileStamp::of).toList();
    Result result = readSideBySide(inputs);
    for (FileStamp stamp : stamps) {
      stamp.check();
    }
    return result;
  }

  private Result readSideBySide(List<Input> inputs)
      throws TsharkException, IOException, InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(2 * inputs.size(), CaptureReader::daemon);
    try (progress) {
      List<Future<Reading>> readings = new ArrayList<>();
      List<Future<List<Digest>>> digests = new ArrayList<>();
      for (Input input : inputs) {
        readings.add(threads.submit(() -> read(input)));
        boolean isDigested = frames.isSifted() && input.parts().isEmpty();
        List<Path> files = isDigested ? List.of() : input.files();
        digests.add(threads.submit(() -> digests(files)));
      }
      List<PointCapture> read = new ArrayList<>();
      List<List<Digest>> digested = new ArrayList<>();
      List<List<String>> commands = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        Reading reading = get(readings.get(i));
        List<Digest> apart = get(digests.get(i));
        read.add(reading.capture());
        commands.add(reading.command());
        if (!apart.isEmpty()) {
          digested.add(apart);
        } else if (reading.digest().isPresent()) {
          digested.add(List.of(reading.digest().get()));
        } else {
          digested.add(digests(inputs.get(i).files()));
        }
      }
      return new Result(read, digested, commands);
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

  private Reading read(Input input) throws TsharkException, IOException {
    try {
      return readToEnd(input);
    } catch (TsharkException | IOException | RuntimeException | Error e) {
      firstFailure.compareAndSet(null, e);
      cancellation.cancel();
      throw e;
    }
  }

  private Reading readToEnd(Input input) throws TsharkException, IOException {
    if (frames.isSifted()) {
      Tally tally = new Tally(input.point());
      Optional<SiftedRead.Result> result =
          SiftedRead.read(tshark, input.path(), tally::add, cancellation);
      if (result.isPresent()) {
        PointCapture capture = tally.finish(input, result.get().summary());
        return new Reading(
            capture, Optional.of(result.get().digest()), result.get().summary().command());
      }
    }
    Tally tally = new Tally(input.point());
    CaptureSummary summary =
        tshark.read(input.path(), frames.displayFilter(), tally::add, cancellation);
    return new Reading(tally.finish(input, summary), Optional.empty(), summary.command());
  }

  /** What is gathered of one capture while it is read. */
  private final class Tally {
    private final ConnectionTable table;
    private boolean hasIp;

    Tally(CapturePoint point) {
      table = new ConnectionTable(point);
    }

    void add(Frame frame) {
      table.add(frame);
      hasIp |= frame.ipBytes() > 0;
      progress.advance(frame.capturedBytes());
    }

    PointCapture finish(Input input, CaptureSummary summary) throws TsharkException, IOException {
      Path file = input.path();
      PointCapture capture = table.finish(summary.complete() && input.isWhole());
      if (capture.extent().packets() == 0) {
        throw new TsharkException(
            Printable.of(file)
                + ": holds no packets"
                + (frames.displayFilter().isPresent() ? " that match the filter" : "")
                + "; name another file");
      }
      // tshark reads pictures, films and texts too: as one frame, in which there is no packet.
      if (!hasIp && !CaptureFile.isPcapOrPcapng(file)) {
        throw new TsharkException(
            Printable.of(file)
                + ": is neither pcap nor pcapng, and tshark finds no IP packet in it; name a"
                + " capture file");
      }
      return capture;
    }
  }
}
