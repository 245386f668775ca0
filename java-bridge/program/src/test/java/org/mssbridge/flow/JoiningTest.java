package org.mssbridge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.mssbridge.model.ChecksumState;
import org.mssbridge.model.Direction;
import org.mssbridge.model.Endpoint;
import org.mssbridge.model.HeaderSum;
import org.mssbridge.model.TcpFlags;

/** Two sightings that are joined are as one in which all segments were from the start. */
class JoiningTest {
  private static final Endpoint CLIENT = new Endpoint("192.0.2.1", 50001);
  private static final Endpoint TRANSLATED = new Endpoint("198.51.100.1", 1025);
  private static final Endpoint SERVER = new Endpoint("192.0.2.2", 443);

  @Property
  void joinedIsAsNeverApart(
      @ForAll @Size(max = 300) List<Integer> segments, @ForAll boolean serverIsFirst) {
    // Not fields: all tries have one instance of this class.
    FlowTable apart = new FlowTable();
    FlowTable together = new FlowTable();
    int own = apart.add(0, 1, CLIENT, SERVER);
    int stray =
        serverIsFirst ? apart.add(1, 2, SERVER, TRANSLATED) : apart.add(1, 2, TRANSLATED, SERVER);
    int all = together.add(0, 1, CLIENT, SERVER);
    int frame = 0;
    for (int segment : segments) {
      frame++;
      boolean isStray = (segment & 1) != 0;
      boolean fromClient = (segment & 2) != 0;
      boolean fromFirst = fromClient != (isStray && serverIsFirst);
      append(apart, FlowTable.flow(isStray ? stray : own, fromFirst), frame, segment);
      append(together, FlowTable.flow(all, fromClient), frame, segment);
    }
    apart.finish();
    together.finish();

    Connection joined =
        new Connection(apart, own, true).joined(new Connection(apart, stray, !serverIsFirst));

    assertThat(joined.stream()).isZero();
    assertThat(joined.firstFrame()).isEqualTo(1);
    Connection whole = new Connection(together, all, true);
    for (Direction direction : Direction.values()) {
      assertThat(known(joined.flow(direction))).isEqualTo(known(whole.flow(direction)));
    }
  }

  private static void append(FlowTable flows, int flow, int frame, int segment) {
    int sequence = (segment >>> 8) & 0xff;
    int flags = TcpFlags.ACK | ((segment & 12) == 0 ? TcpFlags.FIN : 0);
    flags |= (segment & 0xf0) == 0 ? TcpFlags.RST : 0;
    int row =
        flows.append(
            flow,
            new SegmentTable.Row(
                frame,
                frame,
                sequence,
                segment >>> 16,
                (segment >>> 4) & 7,
                flags,
                segment & 0x30,
                64,
                frame & 0xffff,
                true,
                -1,
                0,
                0,
                ChecksumState.of((segment >>> 3) & 3),
                0,
                HeaderSum.ofCode((segment >>> 5) & 3)));
    if ((segment & 0x300) == 0) {
      flows.addSack(flow, row, sequence, sequence + 1);
    }
    flows.firstData(flow, segment & 0x10, false);
    flows.tlsHello(flow, segment & 0x40);
    flows.addVlanTags(flow, (segment >>> 7) & 1);
  }

  /** All that follows from the segments; rows by their frames. */
  private static List<Object> known(Flow flow) {
    List<Object> known = new ArrayList<>(flow.frames());
    SegmentTable table = flow.table();
    for (int row :
        new int[] {
          flow.lastRow(),
          flow.firstClosingRow(),
          flow.firstDataRow(),
          flow.lastDataRow(),
          flow.firstSackRow()
        }) {
      known.add(row < 0 ? -1 : table.frame(row));
    }
    known.add(flow.sender());
    known.add(flow.segments());
    known.add(flow.dataSegments());
    known.add(flow.largestPayloadBytes());
    known.add(flow.resets());
    known.add(flow.repeatedSegments());
    known.add(flow.wrongHeaderSums());
    known.add(flow.wrongChecksums());
    known.add(flow.closedWindows());
    known.add(flow.next());
    known.add(flow.acknowledged());
    known.add(flow.endsWithProbe());
    known.add(flow.vlanTags());
    known.add(flow.payloadDigest());
    known.add(flow.tlsRandom());
    return known;
  }
}
