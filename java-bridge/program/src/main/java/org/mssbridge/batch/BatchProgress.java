package org.mssbridge.batch;

/** Is told how far a batch is. Called by several threads. */
public interface BatchProgress {
  /**
   * The work begins.
   *
   * @param pairs how many are to be compared
   * @param bytes of all their files
   */
  void begin(int pairs, long bytes);

  /** A pair is done, whatever came of it. */
  void done(long bytes);

  /** Nobody wants to know. */
  static BatchProgress none() {
    return new BatchProgress() {
      @Override
      public void begin(int pairs, long bytes) {}

      @Override
      public void done(long bytes) {}
    };
  }
}
