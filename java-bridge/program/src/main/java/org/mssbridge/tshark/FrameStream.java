package org.mssbridge.tshark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/** Parses the output of one tshark, and remembers what went wrong. */
final class FrameStream {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final IntUnaryOperator numbers;
  private final Consumer<? super Observation> sink;
  private String luaError = "";
  private String failure = "";

  /**
   * @param numbers maps tshark's number of a frame to its number in the capture
   */
  FrameStream(IntUnaryOperator numbers, Consumer<? super Observation> sink) {
    this.numbers = numbers;
    this.sink = sink;
  }

  /**
   * Reads to the end. Output that breaks off or is not JSON is recorded but not thrown, because
   * only the exit status, which is known later, shows whether it matters.
   */
  void read(InputStream output, Runnable heartbeat) {
    try {
      new EkReader(numbers)
          .read(
              new BufferedInputStream(new UnhurriedInput(output), BUFFER_BYTES),
              frame -> {
                heartbeat.run();
                if (luaError.isEmpty()) {
                  luaError = frame.luaError();
                }
                sink.accept(frame);
              });
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }
  }

  String luaError() {
    return luaError;
  }

  String failure() {
    return failure;
  }
}
