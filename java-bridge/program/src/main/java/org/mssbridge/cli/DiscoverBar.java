package org.mssbridge.cli;

import me.tongfei.progressbar.ProgressBar;
import org.mssbridge.discover.Discovery;

/** Shows the progress of a search on standard error. */
final class DiscoverBar implements Discovery.Progress, AutoCloseable {
  private final boolean isShown;
  private ProgressBar bar;

  DiscoverBar(boolean isShown) {
    this.isShown = isShown;
  }

  @Override
  public synchronized void begin(int files) {
    if (isShown) {
      bar = Terminal.progressBar("reading").setInitialMax(files).setUnit(" files", 1).build();
    }
  }

  @Override
  public synchronized void done() {
    if (bar != null) {
      bar.step();
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
