package org.mssbridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.RecordedTime;
import org.mssbridge.tshark.Cancellation;
import org.mssbridge.tshark.Tshark;
import org.mssbridge.tshark.TsharkException;

/** The payload's sum from the checksum, on captures of real stacks with correct checksums. */
class PayloadSumTest {
  private static final Path LAB =
      Path.of(System.getProperty("mssbridge.root"), "java-bridge/program/src/test/resources/lab");

  private static PointCapture read(String file) throws TsharkException {
    Tshark tshark =
        Tshark.find(
            "tshark",
            Path.of(System.getProperty("mssbridge.lua"), "mss.lua"),
            Duration.ofMinutes(1));
    ConnectionTable table = new ConnectionTable(new CapturePoint("here"));
    tshark.read(LAB.resolve(file), Optional.empty(), table::add, new Cancellation());
    return table.finish(true, RecordedTime.UNKNOWN);
  }

  @Test
  void isZeroWithoutPayloadAndUsuallyNotWithPayload() throws TsharkException {
    int empty = 0;
    Map<Integer, Integer> sums = new HashMap<>();
    for (Connection connection : read("lab-02-clamp-both/client.pcap.gz").connections()) {
      for (Direction direction : Direction.values()) {
        Flow flow = connection.flow(direction);
        SegmentTable table = flow.table();
        for (int row = flow.firstRow(); row >= 0; row = table.next(row)) {
          if (table.payloadBytes(row) == 0) {
            assertThat(table.payloadSum(row)).as("frame %d", table.frame(row)).isZero();
            empty++;
          } else {
            sums.merge(table.payloadSum(row), 1, Integer::sum);
          }
        }
      }
    }
    assertThat(empty).isGreaterThan(100);
    assertThat(sums).hasSizeGreaterThan(100).doesNotContainKey(-1);
  }

  @Test
  void isUnchangedWhereNumbersAreRewritten() throws TsharkException {
    Connection near = read("lab-06-isn-sack-translated/client.pcapng.gz").connections().get(0);
    Connection far = read("lab-06-isn-sack-translated/server.pcapng.gz").connections().get(0);
    Flow sent = near.clientToServer();
    Flow arrived = far.clientToServer();
    int base = sent.isn().getAsInt();
    Map<Long, Integer> sums = new HashMap<>();
    for (int row = sent.firstRow(); row >= 0; row = sent.table().next(row)) {
      sums.put(key(sent.table(), row, base), sent.table().payloadSum(row));
    }
    int compared = 0;
    int otherBase = arrived.isn().getAsInt();
    assertThat(otherBase).isNotEqualTo(base);
    for (int row = arrived.firstRow(); row >= 0; row = arrived.table().next(row)) {
      Integer sum = sums.get(key(arrived.table(), row, otherBase));
      if (sum != null && arrived.table().payloadBytes(row) > 0) {
        assertThat(arrived.table().payloadSum(row)).isEqualTo(sum);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  private static long key(SegmentTable table, int row, int base) {
    return (table.position(row, base, 0) << 20) + table.payloadBytes(row);
  }
}
