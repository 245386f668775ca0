package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.exec.ExecuteStreamHandler;

/**
 * The streams of a child, each on its own thread: the writer fills standard input, the reader gets
 * standard output directly, and standard error is drained so that a child that prints much cannot
 * block. A child that is silent for too long is killed.
 */
final class ChildStreams implements ExecuteStreamHandler {
  private static final long LAST_WORDS_MILLIS = 2000;

  private final Child.InputWriter writer;
  private final Child.OutputReader reader;
  private final Duration patience;
  private final Runnable kill;
  private final Words words = new Words();
  private final AtomicLong lastHeartbeatNanos = new AtomicLong();
  private volatile boolean stalled;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private OutputStream input = OutputStream.nullOutputStream();
  private InputStream output = InputStream.nullInputStream();
  private InputStream error = InputStream.nullInputStream();
  private Thread writing;
  private Thread reading;
  private Thread draining;
  private Thread watching;

  ChildStreams(
      Child.InputWriter writer, Child.OutputReader reader, Duration patience, Runnable kill) {
    this.writer = writer;
    this.reader = reader;
    this.patience = patience;
    this.kill = kill;
  }

  boolean stalled() {
    return stalled;
  }

  Words words() {
    return words;
  }

  @Override
  public void setProcessInputStream(OutputStream stream) {
    input = stream;
  }

  @Override
  public void setProcessOutputStream(InputStream stream) {
    output = stream;
  }

  @Override
  public void setProcessErrorStream(InputStream stream) {
    error = stream;
  }

  @Override
  public void start() {
    lastHeartbeatNanos.set(System.nanoTime());
    writing = daemon("tshark input", this::writeInput);
    reading = daemon("tshark output", this::readOutput);
    draining = daemon("tshark complaints", this::drainError);
    watching = daemon("tshark silence", this::watchSilence);
  }

  @Override
  public void stop() {
    try {
      // Do not wait after a stall: a killed child may leave a grandchild that keeps the pipe open.
      while (reading.isAlive() && !stalled) {
        reading.join(LAST_WORDS_MILLIS);
      }
      reading.join(LAST_WORDS_MILLIS);
      watching.interrupt();
      writing.join(LAST_WORDS_MILLIS);
      draining.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill.run();
    }
  }

  /** Rethrows the first exception of the writer or the reader. */
  void throwFailure() throws IOException {
    Throwable thrown = failure.get();
    if (thrown instanceof IOException exception) {
      throw exception;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  private void writeInput() {
    try (OutputStream open = input) {
      writer.write(open, this::beat);
    } catch (IOException e) {
      // The child has ended or reads no more; its status and output show whether that is an error.
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      kill.run();
    }
  }

  private void beat() {
    lastHeartbeatNanos.lazySet(System.nanoTime());
  }

  private void readOutput() {
    try {
      reader.read(output, this::beat);
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
      kill.run(); // Its output is no longer read, so it would wait for ever.
    }
  }

  private void drainError() {
    try {
      words.readAll(error);
    } catch (IOException e) {
      // The process is gone; its output until then is kept.
    }
  }

  private void watchSilence() {
    try {
      long silentNanos = 0;
      while (silentNanos < patience.toNanos()) {
        Thread.sleep(1 + (patience.toNanos() - silentNanos) / 1_000_000);
        silentNanos = System.nanoTime() - lastHeartbeatNanos.get();
      }
      stalled = true;
      kill.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
