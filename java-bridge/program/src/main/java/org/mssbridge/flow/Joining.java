package org.mssbridge.flow;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.mssbridge.model.Segment;
import org.mssbridge.model.Unreachable;

/** Joins two sightings at one point into one connection, by copying their rows in capture order. */
final class Joining {
  private final FlowTable flows;
  private final int joined;

  /** The flows to join; those with an even index become the first of the joined connection. */
  private final int[] parts;

  /** The next row to copy, of each of them. */
  private final int[] rows;

  private Joining(FlowTable flows, int into, int stray, boolean firstIsSame) {
    this.flows = flows;
    joined = flows.addLike(into, Math.min(flows.firstFrame(into), flows.firstFrame(stray)));
    parts =
        new int[] {
          FlowTable.flow(into, true),
          FlowTable.flow(into, false),
          FlowTable.flow(stray, firstIsSame),
          FlowTable.flow(stray, !firstIsSame)
        };
    rows = new int[parts.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = flows.get(parts[i], FlowTable.FIRST_ROW);
    }
  }

  /**
   * Adds a connection with the segments of two and returns its number; the two remain.
   *
   * @param into whose stream and ends it has
   * @param firstIsSame whether the end that sent the first frame is the same in both
   */
  static int add(FlowTable flows, int into, int stray, boolean firstIsSame) {
    Joining joining = new Joining(flows, into, stray, firstIsSame);
    joining.copyKnown(true);
    joining.copyKnown(false);
    while (joining.copyNext()) {
      // Row by row.
    }
    flows.finish();
    return joining.joined;
  }

  /** Copies what two flows know of their handshakes and data. */
  private void copyKnown(boolean fromFirst) {
    int flow = FlowTable.flow(joined, fromFirst);
    int own = parts[fromFirst ? 0 : 1];
    int stray = parts[fromFirst ? 2 : 3];
    List<Segment> handshake =
        Stream.of(own, stray)
            .flatMap(part -> new Flow(flows, part).handshake().stream())
            .sorted(Comparator.comparingInt(Segment::frame))
            .toList();
    List<Unreachable> unreachables =
        Stream.of(own, stray)
            .flatMap(part -> flows.unreachables(part).stream())
            .sorted(Comparator.comparingInt(Unreachable::frame))
            .toList();
    flows.setHandshake(flow, handshake);
    flows.setUnreachables(flow, unreachables);
    flows.setCarried(flow, flows.carried(own).and(flows.carried(stray)));
    for (int part : new int[] {own, stray}) {
      flows.addVlanTags(flow, flows.rest(part, FlowTable.VLAN_TAGS));
      flows.firstData(
          flow,
          flows.restLong(part, FlowTable.PAYLOAD_DIGEST),
          flows.rest(part, FlowTable.HTTP) != 0);
      flows.tlsHello(flow, flows.restLong(part, FlowTable.TLS_RANDOM));
      if (flows.rest(part, FlowTable.HAS_LEARNED_ISN) != 0) {
        flows.learnIsn(flow, flows.rest(part, FlowTable.LEARNED_ISN));
      }
    }
  }

  private boolean copyNext() {
    SegmentTable table = flows.segments();
    int earliest = -1;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] >= 0 && (earliest < 0 || table.frame(rows[i]) < table.frame(rows[earliest]))) {
        earliest = i;
      }
    }
    if (earliest < 0) {
      return false;
    }
    int row = rows[earliest];
    rows[earliest] = table.next(row);
    flows.appendCopy(FlowTable.flow(joined, earliest % 2 == 0), row);
    return true;
  }
}
