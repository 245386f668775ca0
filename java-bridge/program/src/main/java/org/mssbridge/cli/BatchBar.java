package org.mssbridge.cli;

import java.util.concurrent.atomic.AtomicInteger;
import me.tongfei.progressbar.ProgressBar;
import org.mssbridge.batch.BatchProgress;

/**
 * Shows the progress of a batch on standard error, with the remaining time estimated from bytes.
 */
final class BatchBar implements BatchProgress, AutoCloseable {
  private final AtomicInteger done = new AtomicInteger();
  private int pairs;
  private ProgressBar bar;

  @Override
  public synchronized void begin(int toCompare, long bytes) {
    pairs = toCompare;
    bar =
        Terminal.progressBar("comparing")
            .setInitialMax(Math.max(1, bytes >> 10))
            .setUnit(" MiB", 1 << 10)
            .build();
    bar.setExtraMessage(" 0 of " + pairs + " pairs");
  }

  @Override
  public void done(long bytes) {
    bar.stepBy(bytes >> 10);
    bar.setExtraMessage(" " + done.incrementAndGet() + " of " + pairs + " pairs");
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
