package org.mssbridge.alignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.mssbridge.flow.ConnectionTable;
import org.mssbridge.flow.PointCapture;
import org.mssbridge.model.CapturePoint;
import org.mssbridge.model.Direction;
import org.mssbridge.model.RecordedTime;

/**
 * A stream whose segments are cut differently, lost, duplicated and reordered on the path: the
 * aligner finds the fate of every byte of every transmission.
 */
class SegmentAlignerTest {
  @Property(tries = 200)
  void everyTransmissionIsFoundByItsIpId(@ForAll long seed, @ForAll int isn, @ForAll int delta) {
    check(new Journey(new Random(seed), isn, delta, true));
  }

  @Property(tries = 200)
  void everyTransmissionIsFoundByTimeWithoutIpIds(@ForAll long seed, @ForAll int isn) {
    check(new Journey(new Random(seed), isn, 0, false));
  }

  @Example
  void aSegmentSentAgainMeetsAnEmptyQueue() {
    for (boolean ids : new boolean[] {true, false}) {
      Alignment alignment = Journey.throughQueue(ids, 1, 1300).alignment();

      assertThat(alignment.lost().bytes()).as("lost bytes with IDs: %s", ids).isEqualTo(100);
      assertThat(alignment.lost().index()).as("the first transmission").containsExactly(700);
    }
  }

  @Example
  void whatWaitsInAQueueWhenTheCaptureEndsIsUnknown() {
    Alignment alignment = Journey.throughQueue(true, 400, 1000).alignment();

    assertThat(alignment.lost().bytes()).isZero();
    assertThat(alignment.unknown().segments()).isEqualTo(300);
  }

  private static void check(Journey journey) {
    Alignment alignment = journey.alignment();

    assertThat(alignment.lost().bytes()).as("lost bytes").isEqualTo(journey.lostBytes);
    assertThat(alignment.missed().bytes()).as("bytes that the capture missed").isZero();
    assertThat(alignment.duplicated()).as("second copies").hasSize(journey.duplicated);
    for (int i = 0; i < alignment.far().size(); i++) {
      assertThat(alignment.far().peers()[i]).as("origins of arrival %d", i).isLessThan(2);
    }
    assertThat(alignment.lengthChanges()).isEmpty();
  }

  private static PointCapture capture(String point, List<TestFrame> frames) {
    ConnectionTable table = new ConnectionTable(new CapturePoint(point));
    frames.sort(Comparator.comparingLong(TestFrame::timeNanos));
    int number = 0;
    for (TestFrame frame : frames) {
      table.add(++number, frame.asFrame());
    }
    return table.finish(true, RecordedTime.UNKNOWN);
  }

  /** The frames of one transfer that both points see, and the expected result. */
  private static final class Journey {
    private static final long MS = 1_000_000;
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long DELAY = 20 * MS;
    private static final int SERVER_ISN = 77;

    final List<TestFrame> near = new ArrayList<>();
    final List<TestFrame> far = new ArrayList<>();
    private final Random random;
    private final int isn;
    private final int delta;
    private final boolean ids;
    private final long clock;
    private int nextId = 1000;
    private long acknowledgedNanos;
    long lostBytes;
    int duplicated;

    Journey(Random random, int isn, int delta, boolean ids) {
      this.random = random;
      this.isn = isn;
      this.delta = delta;
      this.ids = ids;
      this.clock = random.nextInt(10_000) * MS;
      fromClient(START, START + DELAY, 0, 0, TestFrame.SYN);
      fromServer(START + DELAY, 0, TestFrame.SYN | TestFrame.ACK);
      int position = 1;
      int segments = 20 + random.nextInt(60);
      for (int i = 0; i < segments; i++) {
        int bytes = 2 + random.nextInt(1400);
        transmit(START + 100 * MS + i * MS, position, bytes);
        position += bytes;
      }
      fromServer(acknowledgedNanos + MS, position, TestFrame.ACK);
      fromClient(acknowledgedNanos + 100 * MS, acknowledgedNanos + 120 * MS, position, 0, 0x14);
    }

    private Journey(boolean ids) {
      random = new Random(1);
      isn = 1000;
      delta = 0;
      this.ids = ids;
      clock = 0;
    }

    /**
     * Segments that wait for 300 ms in a queue, but for the first ones. Segment 700 is lost and, if
     * others are sent after it, sent again after a second, when the queue is empty.
     *
     * @param fast how many find no queue
     * @param sent how many are sent; of 1000 or fewer, those after 700 are on the way at the end
     */
    static Journey throughQueue(boolean ids, int fast, int sent) {
      Journey journey = new Journey(ids);
      journey.fromClient(START, START + DELAY, 0, 0, TestFrame.SYN);
      journey.fromServer(START + DELAY, 0, TestFrame.SYN | TestFrame.ACK);
      boolean ends = sent <= 1000;
      for (int i = 0; i < sent; i++) {
        long nanos = START + (100 + i) * MS;
        int position = 1 + 100 * i;
        int id = ids ? 1000 + i : 0;
        journey.near.add(data(nanos, journey.isn, position, 100, id));
        if (i != 700 && !(ends && i > 700)) {
          long taken = i < fast ? DELAY : DELAY + 300 * MS;
          journey.far.add(data(nanos + taken, journey.isn, position, 100, id));
        }
      }
      if (!ends) {
        long again = START + 2000 * MS;
        int id = ids ? 9000 : 0;
        journey.near.add(data(again, journey.isn, 1 + 100 * 700, 100, id));
        journey.far.add(data(again + DELAY, journey.isn, 1 + 100 * 700, 100, id));
      }
      return journey;
    }

    Alignment alignment() {
      return Comparison.of(List.of(capture("near", near), capture("far", far)))
          .pairs()
          .get(0)
          .alignment(Direction.C2S);
    }

    /** Retransmits until all of it has arrived. */
    private void transmit(long nanos, int position, int bytes) {
      int id = ids ? nextId++ : 0;
      near.add(data(nanos, isn, position, bytes, id));
      int cut = random.nextInt(4) == 0 ? 1 + random.nextInt(bytes - 1) : bytes;
      boolean arrived = arrive(nanos, position, cut, id);
      if (cut < bytes) {
        arrived &= arrive(nanos + 1_000, position + cut, bytes - cut, ids ? nextId++ : 0);
      }
      if (!arrived) {
        transmit(nanos + (250 + random.nextInt(100)) * MS, position, bytes);
      }
    }

    private boolean arrive(long nanos, int position, int bytes, int id) {
      if (random.nextInt(8) == 0) {
        lostBytes += bytes;
        return false;
      }
      long jitter = random.nextInt(10) == 0 ? random.nextInt(5_000_000) : random.nextInt(50_000);
      long time = nanos + DELAY + jitter;
      far.add(data(time + clock, isn + delta, position, bytes, id));
      acknowledgedNanos = Math.max(acknowledgedNanos, time);
      if (random.nextInt(20) == 0) {
        duplicated++;
        far.add(data(time + clock + 20_000, isn + delta, position, bytes, id));
      }
      return true;
    }

    private static TestFrame data(long nanos, int isn, int position, int bytes, int id) {
      return new TestFrame(nanos, true, isn + position, SERVER_ISN + 1, bytes, TestFrame.ACK, id);
    }

    private void fromClient(long nearNanos, long farNanos, int position, int bytes, int flags) {
      near.add(new TestFrame(nearNanos, true, isn + position, 0, bytes, flags, 1));
      far.add(new TestFrame(farNanos + clock, true, isn + delta + position, 0, bytes, flags, 1));
    }

    private void fromServer(long nanos, int acknowledged, int flags) {
      int sequence = flags == TestFrame.ACK ? SERVER_ISN + 1 : SERVER_ISN;
      int next = acknowledged == 0 ? 1 : acknowledged;
      far.add(new TestFrame(nanos + clock, false, sequence, isn + delta + next, 0, flags, 2));
      near.add(new TestFrame(nanos + DELAY, false, sequence, isn + next, 0, flags, 2));
    }
  }
}
