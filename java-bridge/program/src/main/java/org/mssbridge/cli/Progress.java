package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.mssbridge.pipeline.ReadProgress;

/** Shows read progress on standard error, if reading takes more than a second. */
final class Progress implements ReadProgress {
  /** Approximate size of a record header in a capture file. */
  private static final int RECORD_BYTES = 16;

  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private final long totalBytes;
  private final long startedNanos = System.nanoTime();
  private final AtomicLong bytes = new AtomicLong();
  private ProgressBar bar;

  private Progress(long totalBytes) {
    this.totalBytes = totalBytes;
  }

  static ReadProgress onTerminal(List<Path> captures) {
    long total = 0;
    for (Path capture : captures) {
      try {
        total += Files.size(capture);
      } catch (IOException e) {
        return ReadProgress.none();
      }
    }
    return new Progress(total);
  }

  @Override
  public void advance(int packetBytes) {
    long before = bytes.getAndAdd(packetBytes + RECORD_BYTES);
    long after = before + packetBytes + RECORD_BYTES;
    if (before >> 20 != after >> 20 && System.nanoTime() - startedNanos > PATIENCE_NANOS) {
      show(after);
    }
  }

  private synchronized void show(long readBytes) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("reading")
              .setInitialMax(totalBytes >> 20)
              .setUnit(" MiB", 1)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }
    bar.stepTo(Math.min(readBytes, totalBytes) >> 20);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
