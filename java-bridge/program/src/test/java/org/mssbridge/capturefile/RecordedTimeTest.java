package org.mssbridge.capturefile;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mssbridge.model.RecordedTime;

/** What interface statistics say of the time of a capture. */
class RecordedTimeTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder;

  /** A pcapng file, block by block; times are in microseconds. */
  private final class Blocks {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteOrder order;

    Blocks(ByteOrder order) {
      this.order = order;
    }

    @SuppressWarnings("ByteBufferBackingArray") // They are wrapped arrays.
    private Blocks block(int type, ByteBuffer content) {
      return block(type, content.array());
    }

    private ByteBuffer buffer(int length) {
      return ByteBuffer.wrap(new byte[length]).order(order);
    }

    @SuppressWarnings("ByteBufferBackingArray") // As above.
    private Blocks block(int type, byte[] content) {
      int length = 12 + content.length;
      ByteBuffer block = buffer(length).putInt(type).putInt(length).put(content).putInt(length);
      bytes.writeBytes(block.array());
      return this;
    }

    Blocks section() {
      return block(
          0x0a0d0d0a,
          buffer(16).putInt(0x1a2b3c4d).putShort((short) 1).putShort((short) 0).putLong(-1));
    }

    Blocks face() {
      return block(1, buffer(8).putShort((short) 1));
    }

    Blocks statistics(int number, long fromS, long untilS, long drops) {
      ByteBuffer content = buffer(12 + 12 + 12 + 12).putInt(number).putLong(0);
      time(content.putShort((short) 2).putShort((short) 8), fromS);
      time(content.putShort((short) 3).putShort((short) 8), untilS);
      content.putShort((short) 5).putShort((short) 8).putLong(drops);
      return block(5, content);
    }

    private void time(ByteBuffer content, long seconds) {
      long micros = seconds * 1_000_000;
      content.putInt((int) (micros >>> 32)).putInt((int) micros);
    }

    RecordedTime read() throws IOException {
      return CaptureFile.recordedTime(Files.write(folder.resolve("c"), bytes.toByteArray()));
    }
  }

  private static RecordedTime time(long fromS, long untilS, long drops) {
    return new RecordedTime(
        OptionalLong.of(fromS * SECOND), OptionalLong.of(untilS * SECOND), OptionalLong.of(drops));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void timesOfOneInterface(boolean isBig) throws IOException {
    Blocks blocks = new Blocks(isBig ? BIG_ENDIAN : LITTLE_ENDIAN).section().face();
    assertThat(blocks.statistics(0, 1_700_000_000, 1_700_000_060, 7).read())
        .isEqualTo(time(1_700_000_000, 1_700_000_060, 7));
  }

  @Test
  void timeInWhichAllInterfacesRecorded() throws IOException {
    Blocks blocks = new Blocks(LITTLE_ENDIAN).section().face().face();
    blocks.statistics(0, 100, 200, 1).statistics(1, 110, 190, 2);
    assertThat(blocks.read()).isEqualTo(time(110, 190, 3));
  }

  @Test
  void interfaceWithoutStatisticsLeavesItUnknown() throws IOException {
    Blocks blocks = new Blocks(LITTLE_ENDIAN).section().face().face().statistics(0, 100, 200, 1);
    assertThat(blocks.read()).isEqualTo(RecordedTime.UNKNOWN);
  }

  @Test
  void lastStatisticsOfAnInterfaceCount() throws IOException {
    Blocks blocks = new Blocks(LITTLE_ENDIAN).section().face();
    assertThat(blocks.statistics(0, 100, 150, 1).statistics(0, 100, 200, 4).read())
        .isEqualTo(time(100, 200, 4));
  }

  @Test
  void sectionsFollowOneAnother() throws IOException {
    Blocks blocks = new Blocks(LITTLE_ENDIAN).section().face().statistics(0, 100, 150, 1);
    assertThat(blocks.section().face().statistics(0, 160, 200, 4).read())
        .isEqualTo(time(100, 200, 5));
    assertThat(blocks.section().face().read().endNanos()).isEmpty();
  }

  @Test
  void statisticsOfNoInterfaceAndNoPcapngSayNothing() throws IOException {
    assertThat(new Blocks(LITTLE_ENDIAN).section().statistics(3, 1, 2, 3).read())
        .isEqualTo(RecordedTime.UNKNOWN);
    assertThat(CaptureFile.recordedTime(Files.write(folder.resolve("t"), new byte[99])))
        .isEqualTo(RecordedTime.UNKNOWN);
  }
}
