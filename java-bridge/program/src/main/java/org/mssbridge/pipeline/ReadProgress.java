package org.mssbridge.pipeline;

/** Receives read progress, from several threads. */
public interface ReadProgress extends AutoCloseable {
  /** A packet of {@code packetBytes} bytes was read. */
  void advance(int packetBytes);

  /** Reading has ended. */
  @Override
  void close();

  /** Ignores all progress. */
  static ReadProgress none() {
    return new ReadProgress() {
      @Override
      public void advance(int packetBytes) {}

      @Override
      public void close() {}
    };
  }
}
