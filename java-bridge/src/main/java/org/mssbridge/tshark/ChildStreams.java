package org.mssbridge.tshark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.exec.ExecuteStreamHandler;

/**
 * Hands a child's standard output straight to its reader, drains standard error beside it so that a
 * talkative child cannot block, and has the child killed when it is silent for too long.
 */
final class ChildStreams implements ExecuteStreamHandler {
  private static final long LAST_WORDS_MILLIS = 2000;

  private final Child.OutputReader reader;
  private final Duration patience;
  private final Runnable kill;
  private final Words words = new Words();
  private final AtomicLong lastHeartbeatNanos = new AtomicLong();
  private volatile boolean stalled;
  private volatile Throwable readFailure;
  private InputStream output = InputStream.nullInputStream();
  private InputStream error = InputStream.nullInputStream();
  private Thread reading;
  private Thread draining;
  private Thread watching;

  ChildStreams(Child.OutputReader reader, Duration patience, Runnable kill) {
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
  public void setProcessInputStream(OutputStream input) throws IOException {
    input.close();
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
    reading = daemon("tshark output", this::readOutput);
    draining = daemon("tshark complaints", this::drainError);
    watching = daemon("tshark silence", this::watchSilence);
  }

  @Override
  public void stop() {
    try {
      // A killed child may leave a grandchild that keeps the pipe open: then nobody waits for it.
      while (reading.isAlive() && !stalled) {
        reading.join(LAST_WORDS_MILLIS);
      }
      reading.join(LAST_WORDS_MILLIS);
      watching.interrupt();
      draining.join(LAST_WORDS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill.run();
    }
  }

  /** Throws again what the reader threw. */
  void throwReaderFailure() throws IOException {
    if (readFailure instanceof IOException failure) {
      throw failure;
    }
    if (readFailure instanceof RuntimeException failure) {
      throw failure;
    }
    if (readFailure instanceof Error failure) {
      throw failure;
    }
  }

  private void readOutput() {
    try {
      reader.read(output, () -> lastHeartbeatNanos.lazySet(System.nanoTime()));
    } catch (IOException | RuntimeException | Error e) {
      readFailure = e;
      kill.run(); // Nobody reads on, so that it would wait for ever.
    }
  }

  private void drainError() {
    try {
      words.readAll(error);
    } catch (IOException e) {
      // The process is gone; what it said until then is kept.
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
