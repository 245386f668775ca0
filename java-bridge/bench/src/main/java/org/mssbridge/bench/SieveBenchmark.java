package org.mssbridge.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.mssbridge.sieve.Refereeing;
import org.mssbridge.sieve.Sieve;
import org.mssbridge.sieve.StreamRule;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures how long the sieve alone takes for the frames of a capture in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SieveBenchmark {
  private static final int MAX_BYTES = 256 << 20;

  /** The capture file; at most its first 256 MiB are read. */
  @Param({"client.pcap"})
  private String capture;

  private byte[] bytes;

  @Setup
  public void read() throws IOException {
    try (InputStream input = Files.newInputStream(Path.of(capture))) {
      bytes = input.readNBytes(MAX_BYTES);
    }
    System.out.printf("%n# %d bytes an operation%n", bytes.length);
  }

  @Benchmark
  public void sift() throws IOException {
    Sieve sieve =
        Sieve.of(
                new ByteArrayInputStream(bytes),
                StreamRule.BY_NUMBER,
                Refereeing.ofEachCapture(),
                (number, frame) -> {})
            .orElseThrow();
    sieve.sift(OutputStream.nullOutputStream());
  }
}
