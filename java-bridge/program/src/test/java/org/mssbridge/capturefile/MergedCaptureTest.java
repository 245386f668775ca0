package org.mssbridge.capturefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.output.OutputException;

/** Merges captures of several points into one file, which tshark reads back. */
class MergedCaptureTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder;

  /** A capture whose packets hold one byte each. */
  private Path capture(String name, ByteOrder order, int linkType, long... microseconds)
      throws Exception {
    ByteBuffer out = ByteBuffer.allocate(4096).order(order);
    out.putInt(0x0A0D0D0A).putInt(28).putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0);
    out.putLong(-1).putInt(28);
    out.putInt(1)
        .putInt(20)
        .putShort((short) linkType)
        .putShort((short) 0)
        .putInt(65535)
        .putInt(20);
    for (int i = 0; i < microseconds.length; i++) {
      out.putInt(6).putInt(48).putInt(0);
      out.putInt((int) (microseconds[i] >>> 32)).putInt((int) microseconds[i]);
      out.putInt(1).putInt(1 + i).putInt(0);
      out.putShort((short) 1).putShort((short) 2).put((byte) 'N').put((byte) ('0' + i));
      out.putShort((short) 0).putInt(0).putInt(48);
    }
    Path file = folder.resolve(name);
    Files.write(file, Arrays.copyOf(out.array(), out.position()));
    return file;
  }

  private static MergedCapture.Source source(String point, Path file, LongUnaryOperator clock) {
    return new MergedCapture.Source(
        new CapturePoint(point), file, String.valueOf(file.getFileName()), clock);
  }

  private List<String> merged(MergedCapture.Source... sources) throws Exception {
    Path output = folder.resolve("merged.pcapng");
    MergedCapture.write(List.of(sources), output, List.of());
    return WiresharkTools.run(
            Stream.concat(
                    Stream.of("tshark", "-n", "-r", output.toString(), "-T", "fields"),
                    Stream.of("frame.time_epoch", "frame.interface_name", "frame.len")
                        .flatMap(field -> Stream.of("-e", field)))
                .toList())
        .lines();
  }

  @Test
  void packetsHaveTimesOfTheReferenceClockAndItsOrder() throws Exception {
    Path client = capture("c.pcapng", ByteOrder.LITTLE_ENDIAN, 1, 100_000_000, 300_000_000);
    // The clock is 1000 s ahead, and the packets are not in time order.
    Path server =
        capture(
            "s.pcapng", ByteOrder.BIG_ENDIAN, 1, 1_200_000_001L, 1_400_000_000L, 1_300_000_000L);
    assertThat(
            merged(
                source("client", client, t -> t), source("server", server, t -> t - 1000 * SECOND)))
        .containsExactly(
            "100.000000000\tclient\t1",
            "200.000001000\tserver\t1",
            "300.000000000\tclient\t2",
            "300.000000000\tserver\t3",
            "400.000000000\tserver\t2");
  }

  @Test
  void commentsSurviveTheOtherByteOrder() throws Exception {
    Path server = capture("s.pcapng", ByteOrder.BIG_ENDIAN, 1, 1_000_000, 2_000_000);
    merged(source("server", server, t -> t));
    assertThat(WiresharkTools.frames(folder.resolve("merged.pcapng")).lines())
        .containsExactly("1\t1.000000000\t1\tN0", "2\t2.000000000\t2\tN1");
  }

  /** One capture starts after 1970-01-01, the other before it. */
  @Test
  void timesBefore1970AreKept() throws Exception {
    Path client = capture("c.pcapng", ByteOrder.LITTLE_ENDIAN, 1, 1_000_000);
    Path server = capture("s.pcapng", ByteOrder.LITTLE_ENDIAN, 1, 5_000_000);
    assertThat(
            merged(source("client", client, t -> t), source("server", server, t -> t - 7 * SECOND)))
        .containsExactly("-2.000000000\tserver\t1", "1.000000000\tclient\t1");
  }

  @Test
  void aCaptureWithoutPacketsCanBeMerged() throws Exception {
    Path client = capture("c.pcapng", ByteOrder.LITTLE_ENDIAN, 1, 1_000_000);
    Path server = capture("s.pcapng", ByteOrder.LITTLE_ENDIAN, 113);
    assertThat(merged(source("client", client, t -> t), source("server", server, t -> t)))
        .containsExactly("1.000000000\tclient\t1");
  }

  /** A Simple Packet Block has no time, so it cannot be put in time order. */
  @Test
  void aPacketWithoutTimeIsRejectedAndNothingIsWritten() throws Exception {
    Path client = capture("c.pcapng", ByteOrder.LITTLE_ENDIAN, 1, 1_000_000);
    ByteBuffer simple = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    simple.putInt(3).putInt(20).putInt(1).putInt(0).putInt(20);
    Files.write(client, simple.array(), StandardOpenOption.APPEND);
    Path output = folder.resolve("merged.pcapng");
    assertThatThrownBy(
            () -> MergedCapture.write(List.of(source("client", client, t -> t)), output, List.of()))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("cannot merge c.pcapng: a packet has no time");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("c.pcapng");
    }
  }
}
