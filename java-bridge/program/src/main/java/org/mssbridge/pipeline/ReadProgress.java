package org.mssbridge.pipeline;

/** Is told how far the reading of captures is. */
public interface ReadProgress extends AutoCloseable {
  /** A packet was read, of so many bytes. May be called by several threads. */
  void advance(int packetBytes);

  /** The reading has ended. */
  @Override
  void close();

  /** Nobody wants to know. */
  static ReadProgress none() {
    return new ReadProgress() {
      @Override
      public void advance(int packetBytes) {}

      @Override
      public void close() {}
    };
  }
}
