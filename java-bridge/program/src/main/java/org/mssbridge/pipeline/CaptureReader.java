package org.mssbridge.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.mssbridge.capturefile.CaptureFile;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.flow.DatagramCollector;
import org.mssbridge.flow.DatagramTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.DatagramSink;
import org.mssbridge.model.FileState;
import org.mssbridge.model.Frame;
import org.mssbridge.model.Input;
import org.mssbridge.model.Printable;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.report.ReadCapture;
import org.mssbridge.timing.Reading;
import org.mssbridge.timing.Stopwatch;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.CaptureSummary;
import org.mssbridge.tshark.ReadCost;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** Reads captures in parallel, each with its own tshark. */
public final class CaptureReader {
  private final Tshark tshark;
  private final Frames frames;
  private final ReadProgress progress;
  private final Stopwatch stopwatch;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();

  /**
   * Prepares to read.
   *
   * @param stopwatch receives what each capture cost
   */
  public CaptureReader(Tshark tshark, Frames frames, ReadProgress progress, Stopwatch stopwatch) {
    this.tshark = tshark;
    this.frames = frames;
    this.progress = progress;
    this.stopwatch = stopwatch;
  }

  /**
   * A capture that is being read.
   *
   * @param capture its content, with the digest of its file if the sieve reads the file
   * @param digested the digests of its files, if the sieve does not read them
   */
  private record Running(Future<ReadCapture> capture, Optional<Future<Input>> digested) {}

  /**
   * Reads all captures. If one fails, the others are stopped and its failure is thrown.
   *
   * @return in the order of the inputs, with the digests of their files
   * @throws TsharkException if a capture cannot be used, or was changed since its input was created
   */
  public List<ReadCapture> readAll(List<Input> inputs)
      throws TsharkException, IOException, InterruptedException {
    List<ReadCapture> read = readSideBySide(inputs);
    checkUnchanged(inputs);
    return read;
  }

  /**
   * Checks that no file changed while it was read.
   *
   * @throws TsharkException if another program wrote to a file after its state was taken
   */
  public static void checkUnchanged(List<Input> inputs) throws TsharkException {
    for (Input input : inputs) {
      for (FileState file : input.files()) {
        if (!file.isUnchanged()) {
          throw new TsharkException(
              Printable.of(file.path())
                  + ": was changed while it was read; end what writes to it, or compare a copy");
        }
      }
    }
  }

  private List<ReadCapture> readSideBySide(List<Input> inputs)
      throws TsharkException, IOException, InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(2 * inputs.size(), CaptureReader::daemon);
    try {
      List<Running> readings = new ArrayList<>();
      for (Input input : inputs) {
        boolean isDigestedBySieve =
            (frames.isSifted() && !input.isTemporary()) || input.part().isPresent();
        readings.add(
            new Running(
                threads.submit(() -> read(input)),
                isDigestedBySieve
                    ? Optional.empty()
                    : Optional.of(threads.submit(() -> digested(input)))));
      }
      List<ReadCapture> read = new ArrayList<>();
      for (Running reading : readings) {
        ReadCapture capture = get(reading.capture());
        if (reading.digested().isPresent()) {
          read.add(capture.with(get(reading.digested().get())));
        } else if (capture.input().sha256().isPresent()) {
          read.add(capture);
        } else {
          read.add(capture.with(digested(capture.input())));
        }
      }
      return read;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Input digested(Input input) throws IOException {
    List<String> digests = new ArrayList<>();
    for (FileState file : input.files()) {
      digests.add(CaptureFile.sha256(file.path()));
    }
    return input.withSha256(digests);
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

  private ReadCapture read(Input input) throws TsharkException, IOException {
    try {
      return stopwatch.isRunning() ? readMeasured(input) : readToEnd(input, tshark);
    } catch (TsharkException | IOException | RuntimeException | Error e) {
      firstFailure.compareAndSet(null, e);
      cancellation.cancel();
      throw e;
    }
  }

  private ReadCapture readMeasured(Input input) throws TsharkException, IOException {
    long startedNanos = System.nanoTime();
    List<ReadCost> costs = new ArrayList<>();
    ReadCapture read = readToEnd(input, tshark.reportingCosts(costs::add));
    int frames = 0;
    Duration feeding = Duration.ZERO;
    Duration reading = Duration.ZERO;
    Optional<Duration> child = Optional.of(Duration.ZERO);
    for (ReadCost cost : costs) {
      frames = cost.frames(); // If the sieve gave up, tshark read again, and that counts.
      feeding = feeding.plus(cost.feedingCpu());
      reading = reading.plus(cost.readingCpu());
      child = child.flatMap(sum -> cost.tsharkCpu().map(sum::plus));
    }
    stopwatch.add(
        new Reading(
            input.point().name(),
            read.content().extent().packets(),
            frames,
            read.notSifted().orElse("what else could differ, and a sample"),
            Duration.ofNanos(System.nanoTime() - startedNanos),
            feeding,
            reading,
            child));
    return read;
  }

  private ReadCapture readToEnd(Input input, Tshark reader) throws TsharkException, IOException {
    Optional<String> whyNotSifted = frames.whyNotSifted();
    if (whyNotSifted.isPresent()) {
      return readWhole(input, reader, whyNotSifted.get());
    }
    Tally tally = new Tally(input);
    SiftedRead.Result result =
        SiftedRead.read(
            reader,
            input.path(),
            frames.refereeing().orElseThrow(),
            tally::add,
            frames.onlyTcp() ? DatagramSink.NONE : tally.datagrams,
            cancellation);
    if (result instanceof SiftedRead.Sifted sifted) {
      CaptureSummary summary = sifted.summary();
      return new ReadCapture(
          tally.finish(
              summary, sifted.recorded(), frames.onlyTcp() ? DatagramTable.UNREAD : tally.table()),
          input.isTemporary() ? input : input.withSha256(List.of(sifted.sha256())),
          summary.command(),
          Optional.empty());
    }
    return readWhole(input, reader, ((SiftedRead.GaveUp) result).reason());
  }

  private ReadCapture readWhole(Input input, Tshark reader, String whyNotSifted)
      throws TsharkException, IOException {
    Tally tally = new Tally(input);
    CaptureSummary summary =
        reader.read(input.path(), frames.displayFilter(), tally::add, cancellation);
    RecordedTime recorded = CaptureFile.recordedTime(input.path());
    boolean hasOthers = !frames.onlyTcp() && DatagramRead.isDone(input.path(), tally.wanted());
    DatagramTable datagrams = hasOthers ? tally.table() : DatagramTable.UNREAD;
    return new ReadCapture(
        tally.finish(summary, recorded, datagrams),
        input,
        summary.command(),
        Optional.of(whyNotSifted));
  }

  /** Collects the content of one capture while it is read. */
  private final class Tally {
    private final ConnectionTable table;
    private final Input input;
    private final DatagramCollector datagrams;
    private final BitSet withTcp = new BitSet();

    /** The frames that match the display filter; stays empty if there is none. */
    private final BitSet matching = new BitSet();

    private boolean hasIp;

    Tally(Input input) {
      this.input = input;
      table = new ConnectionTable(input.point());
      datagrams = new DatagramCollector(input::frameNumber);
    }

    /** What the capture holds besides TCP. */
    DatagramTable table() {
      return datagrams.finish(withTcp);
    }

    /** Takes only what matches the display filter. */
    DatagramSink wanted() {
      return frames.displayFilter().isEmpty() ? datagrams : DatagramRead.only(matching, datagrams);
    }

    void add(int number, Frame frame) {
      if (frame.tunnelBytes() != 0 && frame.stream() >= 0) {
        withTcp.set(number);
      }
      if (frames.displayFilter().isPresent()) {
        matching.set(number);
      }
      table.add(input.frameNumber(number), frame);
      hasIp |= frame.ipBytes() > 0;
      progress.advance(frame.capturedBytes());
    }

    PointCapture finish(CaptureSummary summary, RecordedTime recorded, DatagramTable others)
        throws TsharkException, IOException {
      Path file = input.path();
      boolean complete = summary.complete() && input.complete();
      PointCapture read = table.finish(complete, recorded).with(others);
      PointCapture capture = input.part().map(read::asPart).orElse(read);
      if (capture.extent().packets() == 0) {
        OptionalLong damaged = CaptureFile.damagedAt(file);
        if (damaged.isPresent()) {
          throw new TsharkException(
              String.format(
                  "%s: is damaged at byte %d, before its first whole packet; copy it again (in"
                      + " binary mode), repair it (pcapfix FILE), or name another file",
                  Printable.of(file), damaged.getAsLong()));
        }
        throw new TsharkException(
            Printable.of(file)
                + ": holds no packets"
                + (frames.displayFilter().isPresent() ? " that match the filter" : "")
                + "; name another file");
      }
      // tshark also reads images, videos and texts, as one frame without a packet.
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
