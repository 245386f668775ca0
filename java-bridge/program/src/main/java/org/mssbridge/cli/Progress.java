package org.mssbridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import org.mssbridge.pipeline.ReadProgress;

/**
 * Shows on standard error what is read and which stage the run is in, if it takes more than a
 * second.
 */
final class Progress implements ReadProgress {
  /** Approximate size of a record header in a capture file. */
  private static final int RECORD_BYTES = 16;

  private static final long PATIENCE_MS = 1000;

  private final long totalBytes;
  private final Timer patience = new Timer("show progress", true);
  private final AtomicLong bytes = new AtomicLong();
  private Stage stage = Stage.SPLITTING;
  private ProgressBar bar;
  private boolean isClosed;

  private Progress(long totalBytes) {
    this.totalBytes = totalBytes;
    patience.schedule(
        new TimerTask() {
          @Override
          public void run() {
            show();
          }
        },
        PATIENCE_MS);
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
  public synchronized void enter(Stage entered) {
    stage = entered;
    update();
  }

  @Override
  public void advance(int packetBytes) {
    long before = bytes.getAndAdd(packetBytes + RECORD_BYTES);
    if (before >> 20 != (before + packetBytes + RECORD_BYTES) >> 20) {
      update();
    }
  }

  private synchronized void show() {
    if (isClosed) {
      return;
    }
    bar =
        Terminal.progressBar("mssbridge")
            .setInitialMax(Math.max(1, totalBytes >> 20))
            .setUnit(" MiB", 1)
            .build();
    update();
  }

  private synchronized void update() {
    if (bar != null) {
      long read = Math.min(bytes.get(), totalBytes);
      boolean isRead = stage.compareTo(Stage.READING) > 0;
      bar.stepTo(isRead ? bar.getMax() : read >> 20);
      bar.setExtraMessage(" " + stage.label());
    }
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    patience.cancel();
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
