package org.mssbridge.batch;

/** Receives the progress of a batch, from several threads. */
public interface BatchProgress {
  /**
   * The comparisons begin.
   *
   * @param pairs number of pairs to compare
   * @param bytes length of all their files
   */
  void begin(int pairs, long bytes);

  /** A pair is done, compared or not; {@code bytes} is the length of its files. */
  void done(long bytes);

  /** Ignores all progress. */
  static BatchProgress none() {
    return new BatchProgress() {
      @Override
      public void begin(int pairs, long bytes) {}

      @Override
      public void done(long bytes) {}
    };
  }
}
