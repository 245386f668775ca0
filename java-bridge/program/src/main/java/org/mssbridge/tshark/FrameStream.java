package org.mssbridge.tshark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.mssbridge.model.FrameSink;

/** Parses the output of one tshark, and remembers what went wrong. */
final class FrameStream {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final FrameSink sink;
  private String luaError = "";
  private String failure = "";
  private int frames;

  /**
   * @param sink receives every frame with the number that tshark gives it
   */
  FrameStream(FrameSink sink) {
    this.sink = sink;
  }

  /**
   * Reads to the end. Output that breaks off or is not JSON is recorded but not thrown, because
   * only the exit status, which is known later, shows whether it matters.
   */
  void read(InputStream output, Runnable heartbeat) {
    try {
      new EkReader()
          .read(
              new BufferedInputStream(new UnhurriedInput(output), BUFFER_BYTES),
              frame -> {
                heartbeat.run();
                frames++;
                if (luaError.isEmpty()) {
                  luaError = frame.luaError();
                }
                sink.accept(frame.number(), frame);
              });
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
  }

  /** The number of frames so far. */
  int frames() {
    return frames;
  }

  String luaError() {
    return luaError;
  }

  String failure() {
    return failure;
  }
}
