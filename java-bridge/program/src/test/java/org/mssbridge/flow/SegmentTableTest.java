package org.mssbridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.HeaderSum;

/**
 * Each connection finds its own segments in order, however those of several connections alternate.
 */
class SegmentTableTest {
  private static final int CONNECTIONS = 5;

  @Property
  void appendedSegmentsAreFound(
      @ForAll @Size(max = 2000) List<@IntRange(max = CONNECTIONS - 1) Integer> turns) {
    SegmentTable table = new SegmentTable();
    List<Integer> blocks = new ArrayList<>();
    List<List<Integer>> rows = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      blocks.add(table.addBlock());
      rows.add(new ArrayList<>());
    }
    for (int frame = 1; frame <= turns.size(); frame++) {
      int turn = turns.get(frame - 1);
      int row = table.append(segment(frame), blocks.get(turn));
      for (int block = 0; block < sackBlocks(frame); block++) {
        table.appendSack(row, frame, frame + block);
      }
      List<Integer> own = rows.get(turn);
      if (!own.isEmpty()) {
        table.chain(own.get(own.size() - 1), row);
      }
      own.add(row);
    }
    table.finish();

    for (int turn = 0; turn < CONNECTIONS; turn++) {
      List<Integer> own = rows.get(turn);
      assertThat(own).doesNotHaveDuplicates().isSorted();
      int row = own.isEmpty() ? -1 : own.get(0);
      for (int frame = 1; frame <= turns.size(); frame++) {
        if (turns.get(frame - 1) == turn) {
          assertHolds(table, row, frame);
          row = table.next(row);
        }
      }
      assertThat(row).isEqualTo(-1);
    }
  }

  /** A segment whose numbers all follow from the frame number and use their whole range of bits. */
  private static SegmentTable.Row segment(int frame) {
    return new SegmentTable.Row(
        frame,
        -4_000_000_000_000_000_000L + 3_000_000_000L * frame,
        0x80000000 + frame,
        0xf0000000 + frame,
        frame * 31,
        frame & 0xfff,
        0xffff - frame,
        frame % 257 - 1,
        frame % 3 == 0 ? -1 : 0xffff - frame,
        frame % 2 == 0,
        frame % 5 == 0 ? -1 : 0xffffffffL - frame,
        255 - frame % 256,
        frame % 7 == 0 ? -1 : 65534 - frame,
        ChecksumState.of(frame % 4),
        frame % 11 * 4,
        HeaderSum.ofCode(frame % 4));
  }

  private static int sackBlocks(int frame) {
    return frame % 11 == 0 ? 1 + frame % 3 : 0;
  }

  private static void assertHolds(SegmentTable table, int row, int frame) {
    SegmentTable.Row given = segment(frame);
    assertThat(
            new SegmentTable.Row(
                table.frame(row),
                table.timeNanos(row),
                table.sequence(row),
                table.acknowledgment(row),
                table.payloadBytes(row),
                table.flags(row),
                table.window(row),
                table.ttl(row),
                table.ipId(row),
                table.dontFragment(row),
                table.hasTimestamp(row) ? Integer.toUnsignedLong(table.timestamp(row)) : -1,
                table.dsField(row),
                table.payloadSum(row),
                table.checksum(row),
                table.optionBytes(row),
                table.headerSum(row)))
        .isEqualTo(given);
    int entry = table.firstSack(row);
    for (int block = 0; block < sackBlocks(frame); block++, entry++) {
      assertThat(table.isSackOf(entry, row)).isTrue();
      assertThat(table.sackLeft(entry)).isEqualTo(frame);
      assertThat(table.sackRight(entry)).isEqualTo(frame + block);
    }
    assertThat(table.isSackOf(entry, row)).isFalse();
    assertThat(table.hasSack(row)).isEqualTo(sackBlocks(frame) > 0);
  }
}
