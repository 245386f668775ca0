package org.mssbridge.model;

/** Takes the frames of a capture, one after another. */
@FunctionalInterface
public interface FrameSink {
  /**
   * Takes a frame.
   *
   * @param number its number in the capture, from 1
   * @param frame valid until this returns, see {@link Frame}
   */
  void accept(int number, Frame frame);
}
