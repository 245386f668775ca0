package org.mssbridge.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.sieve.Refereeing;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** The captures of a run share what tshark was given to compare. */
class RunRefereeingTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("mssbridge.root"), "examples");

  /** Of the usual kinds of segments, and not in the sample. */
  private static final Path CAPTURE = EXAMPLES.resolve("batch/client/south-tue.pcapng");

  private static final Path OTHER = EXAMPLES.resolve("seed-20633/client.pcap");

  /** More than are compared of a kind. */
  private static final int MANY = 36;

  @TempDir private Path folder;

  @Test
  void tsharkIsStartedForWhatTheRunHasNotCompared() throws Exception {
    SieveLaw law = new SieveLaw();
    Refereeing run = Refereeing.ofRun();
    int alone = law.holdsWithReferee(CAPTURE).shown();
    assertThat(law.holds(CAPTURE, run).shown()).as("of the first capture").isEqualTo(alone);
    for (int i = 0; i < MANY; i++) {
      read("tshark", CAPTURE, run);
    }
    assertThat(law.holds(CAPTURE, run).shown()).as("after many alike").isZero();

    byte[] bytes = Files.readAllBytes(CAPTURE);
    Path cut = folder.resolve("cut.pcapng");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(read("tshark", cut, run))
        .as("a capture that is cut off")
        .isInstanceOfSatisfying(
            SiftedRead.Sifted.class, sifted -> assertThat(sifted.summary().complete()).isFalse());

    assertThat(read(tsharkThatReadsWindowsWrongly().toString(), OTHER, run))
        .as("a difference")
        .isInstanceOfSatisfying(
            SiftedRead.GaveUp.class,
            gaveUp -> assertThat(gaveUp.reason()).contains("tshark's window"));
    assertThat(law.holds(CAPTURE, run).shown()).as("after a difference").isEqualTo(alone);
  }

  private Path tsharkThatReadsWindowsWrongly() throws IOException {
    Path script = folder.resolve("tshark");
    Files.writeString(script, "#!/bin/sh\ntshark \"$@\" | sed 's/window_size_value\":\\[\"/&9/'\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static SiftedRead.Result read(String program, Path capture, Refereeing refereeing)
      throws TsharkException {
    Path script = Path.of(System.getProperty("mssbridge.lua"), "mss.lua");
    Tshark tshark = Tshark.find(program, script, Duration.ofMinutes(2));
    return SiftedRead.read(tshark, capture, refereeing, (number, frame) -> {}, new Cancellation());
  }
}
